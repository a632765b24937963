import type { JsonObject, JsonValue } from '../types.ts';
import { rememberLast } from '../value/remember-last.ts';
import { ExpressionError } from './expression-error.ts';
import { asText, TemplateRefusal } from './filters.ts';
import { type Escape, literalEscaper } from './literals.ts';
import { parseTemplate, type TemplatePart } from './template.ts';
import type { TemplateScope } from './template-variables.ts';

/** Where a template stands decides how values are escaped in it; no manifest can ask for less. */
export type TextTemplate = (scope: TemplateScope) => string;
export type ValueTemplate = (scope: TemplateScope) => JsonValue | undefined;

const renderer = (parts: readonly TemplatePart[], escape: (text: string) => string): TextTemplate => {
  const [only] = parts;
  if (parts.length === 1 && typeof only === 'string') return () => only;
  return (scope) => {
    let text = '';
    for (const part of parts) text += typeof part === 'string' ? part : escape(asText(part.evaluate(scope)));
    return text;
  };
};

const isDotSegment = (segment: string): boolean => /^(\.|%2e){1,2}$/i.test(segment);

// Ids look like this as a rule, and `encodeURIComponent` would take 0.2 µs to give them back as they are.
const needsNoEscape = /^[\w-]+$/;

/**
 * One segment of a path, or part of one. An empty value would turn “get one” into “list all”.
 * URL parsers resolve “..” even when its dots are percent-encoded, so it cannot be escaped, only refused.
 */
const escapeSegment = (text: string): string => {
  if (needsNoEscape.test(text)) return text;
  if (text === '') throw new TemplateRefusal('a part of the address is empty');
  if (isDotSegment(text)) throw new TemplateRefusal('“.” and “..” cannot stand in an address');
  return escapeComponent(text);
};

const escapeComponent = (text: string): string => {
  if (needsNoEscape.test(text)) return text;
  if (!text.isWellFormed()) throw new TemplateRefusal('the value is broken Unicode');
  return encodeURIComponent(text);
};

/** The path of a request, from its first slash: `/people/{{id}}`. */
export const compilePathTemplate = (text: string): TextTemplate => {
  const parts = parseTemplate(text);
  const literal = parts.map((part) => (typeof part === 'string' ? part : 'x')).join('');
  if (!literal.startsWith('/')) throw new ExpressionError(text, 0, 'a path begins with /');
  if (/[?#\\]/.test(literal)) throw new ExpressionError(text, 0, 'only a path stands here; parameters go under `query`');
  if (literal.split('/').some(isDotSegment)) throw new ExpressionError(text, 0, '“.” and “..” cannot stand in a path');
  const render = renderer(parts, escapeSegment);
  return (scope) => {
    const path = render(scope);
    // Each value is harmless alone, but two of them, or one beside a dot of the manifest, could still make “..” together.
    if (path.split('/').some(isDotSegment)) throw new TemplateRefusal('“.” and “..” cannot stand in an address');
    return path;
  };
};

/** Visible ASCII and space, as RFC 9110 wants a field value: a line break would begin another header. */
const escapeHeader = (text: string): string => {
  if (!/^[\x20-\x7e]*$/.test(text)) throw new TemplateRefusal('a header takes only plain ASCII text');
  return text;
};

export const compileHeaderTemplate = (text: string): TextTemplate => {
  const parts = parseTemplate(text);
  for (const part of parts) if (typeof part === 'string') escapeHeader(part);
  return renderer(parts, escapeHeader);
};

/** Text that is escaped as a whole afterwards, or needs no escaping. */
export const compileTextTemplate = (text: string): TextTemplate => renderer(parseTemplate(text), (value) => value);

/**
 * A value of a query or a body. An expression that stands alone keeps its type, so that `{{ids}}` is a list; it is escaped as a whole
 * afterwards. Inside of a text it could end a literal of the CRM’s query language, so there it is escaped for that language, or refused.
 */
export const compileValueTemplate = (text: string, escape: Escape | null = null): ValueTemplate => {
  const parts = parseTemplate(text);
  const [only] = parts;
  if (parts.length === 1 && typeof only === 'object') return only.evaluate;
  let before = '';
  const pieces = parts.map((part): TextTemplate => {
    if (typeof part === 'string') {
      before += part;
      return () => part;
    }
    const write = part.gives === 'literals' ? (value: string) => value : literalEscaper(escape, before);
    return (scope) => write(asText(part.evaluate(scope)));
  });
  return (scope) => pieces.map((piece) => piece(scope)).join('');
};

/** An absolute http or https address without sign-in, query or fragment, and without a slash at its end. */
export const readBaseAddress = (text: string): string => {
  const url = URL.parse(text);
  const isPlain =
    url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '' && url.search === '' && url.hash === '';
  if (!isPlain) throw new TemplateRefusal('an address like https://crm.example.com is expected');
  return url.href.replace(/\/+$/, '');
};

const readHost = (text: string): string => {
  if (!/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?$/i.test(text)) throw new TemplateRefusal('a host name is expected');
  return text;
};

/** What an expression may bring, by what stands before it. */
const escapeAfter = (before: string): ((text: string) => string) => {
  // Nearly every link of a source begins with the same address; parsing it again takes a microsecond per record.
  if (before === '') return rememberLast(readBaseAddress);
  if (/^https?:\/\/[^/?#]*$/i.test(before)) return readHost;
  return /[?#]/.test(before) ? escapeComponent : escapeSegment;
};

/** What settings alone decide is written once, not for every record; a setting that cannot stand there refuses each time, as elsewhere. */
const fixPiece = (render: TextTemplate, settings: JsonObject): TextTemplate => {
  try {
    const text = render({ settings });
    return () => text;
  } catch (error) {
    if (error instanceof TemplateRefusal) return render;
    throw error;
  }
};

/**
 * A whole address: `{{settings.address}}/people/{{id}}`, `https://{{settings.host}}/#Contacts/{{id}}`.
 * With `settings` given, they need not be in the scope.
 */
export const compileUrlTemplate = (text: string, settings?: JsonObject): TextTemplate => {
  const parts = parseTemplate(text);
  const [first] = parts;
  if (typeof first !== 'object' && !/^https?:\/\//i.test(first ?? '')) {
    throw new ExpressionError(text, 0, 'an address begins with https:// or with a setting that holds one');
  }
  let before = '';
  const pieces = parts.map((part): TextTemplate => {
    if (typeof part === 'string') {
      before += part;
      return () => part;
    }
    const escape = escapeAfter(before);
    before += before === '' ? 'https://x' : 'x';
    const piece: TextTemplate = (scope) => escape(asText(part.evaluate(scope)));
    return part.variable === 'settings' && settings !== undefined ? fixPiece((scope) => piece({ settings, ...scope }), settings) : piece;
  });
  return (scope) => {
    let url = '';
    for (const piece of pieces) url += piece(scope);
    return url;
  };
};
