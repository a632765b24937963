import type * as FastXmlParser from 'fast-xml-parser';
import { loadWhenNeeded } from '../../../load-when-needed.ts';
import { isObject } from '../../expression/json.ts';
import { compileUrlTemplate } from '../../expression/slots.ts';
import { type AnswerFormat, decodeAnswer, formatOf } from '../../http/decode-answer.ts';
import type { AuthBody } from '../../manifest/schema/auth.ts';
import type { Manifest } from '../../manifest/schema/manifest.ts';
import { chooseSignIn } from '../../settings.ts';
import { secretParameterOf } from '../../sign-in/secret-parameter.ts';
import type { JsonValue } from '../../types.ts';
import type { Exchange } from './capture.ts';
import { createFaker } from './fake-values.ts';
import type { RecordedExchange } from './recording-file.ts';
import { createAddressScrubber } from './scrub-address.ts';
import { scrubValue, type ScrubTools } from './scrub-body.ts';
import { structuralPathsOf } from './structural-paths.ts';
import { createTokens, recordedOrigin, standInsFor } from './tokens.ts';

const library = loadWhenNeeded<typeof FastXmlParser>('fast-xml-parser');

/** As the reader of XML takes them apart. */
const writeXml = (value: JsonValue): string =>
  new (library().XMLBuilder)({ ignoreAttributes: false, attributeNamePrefix: '@', textNodeName: '#text' }).build(value);

const isSignInOf = (auth: AuthBody, settings: Readonly<Record<string, string>>): ((url: string) => boolean) => {
  const pathOf = (url: string): string => URL.parse(url)?.pathname ?? url;
  if (auth.kind === 'oauth2') {
    const tokenPath = pathOf(compileUrlTemplate(auth.tokenUrl)({ settings }));
    return (url) => pathOf(url) === tokenPath;
  }
  if (auth.kind !== 'session') return () => false;
  const loginPath = auth.login.path;
  return (url) => pathOf(url).endsWith(loginPath.split('?')[0] ?? loginPath);
};

/** Headers of answers that say how the list goes on or how the CRM is used; all others go. */
const headersKept = ({ http, page, total, errors = [], tables }: Manifest): ReadonlySet<string> => {
  const named = [JSON.stringify([http, page, total, errors, tables]).matchAll(/"(?:header|limit)":\s*"([^"]+)"/g)].flatMap((found) =>
    [...found].map(([, name = '']) => name.toLowerCase()),
  );
  return new Set(['content-type', 'date', 'age', 'retry-after', 'link', ...named]);
};

const cookieName = (cookie: string): string => cookie.split('=')[0] ?? '';

/**
 * Exchanges without secrets and without customer data: what the manifest names as structure stays, all other values become others of the
 * same shape. Sign-ins keep nothing but their shape. In order, as later requests are made of earlier answers.
 */
export const scrubRecording = (options: {
  readonly manifest: Manifest;
  readonly settings: Readonly<Record<string, string>>;
  readonly exchanges: readonly Exchange[];
  /** New for each recording, and never kept: who had it could find out by trying. */
  readonly key: Buffer;
}): { readonly settings: Readonly<Record<string, string>>; readonly exchanges: readonly RecordedExchange[] } => {
  const { manifest, settings, exchanges, key } = options;
  const auth = chooseSignIn(manifest, { id: 'recording', settings });
  const faker = createFaker(key);
  const standIns = standInsFor(manifest, settings, faker);
  const tokens = createTokens(faker, new Map(Object.entries(settings).map(([name, real]) => [real, standIns[name] ?? ''])));
  const origins = new Set(exchanges.flatMap(({ url }) => URL.parse(url)?.origin ?? []));
  const addresses = createAddressScrubber({ tokens, origins, origin: recordedOrigin, secretParameter: secretParameterOf(auth) });
  const paths = structuralPathsOf(manifest);
  const tools: ScrubTools = { faker, tokens, paths, addresses };
  const isSignIn = isSignInOf(auth, settings);
  const kept = headersKept(manifest);
  // Nothing of a sign-in's answer is structure but numbers, such as how long a token lives.
  const nothingKept: ScrubTools = {
    ...tools,
    paths: { isKept: () => false, isBusinessKey: () => false, isWayOn: () => false, isLiteral: () => false, needleIn: () => null },
  };

  const scrubSignIn = (value: JsonValue): JsonValue => {
    if (typeof value === 'number') return value;
    if (typeof value === 'string') {
      const origin = URL.parse(value)?.origin;
      return origin !== undefined && origins.has(origin) ? value.replace(origin, recordedOrigin) : scrubValue(value, nothingKept);
    }
    if (Array.isArray(value)) return value.map(scrubSignIn);
    return isObject(value) ? Object.fromEntries(Object.entries(value).map(([name, member]) => [name, scrubSignIn(member ?? null)])) : value;
  };

  const scrubBody = (body: Buffer, format: AnswerFormat, isOfSignIn: boolean): string => {
    if (body.length === 0) return '';
    const value = decodeAnswer(body, format);
    // What cannot be read cannot be scrubbed; that it was a web page is worth knowing.
    if (value === undefined) return body.includes('<html') ? '<html></html>' : `(${body.length} bytes that are not ${format})`;
    const scrubbed = isOfSignIn ? scrubSignIn(value) : scrubValue(value, tools);
    return format === 'xml' ? writeXml(scrubbed) : JSON.stringify(scrubbed);
  };

  const scrubHeader = (name: string, value: string): string =>
    name === 'link'
      ? value.replaceAll(/<([^>]*)>/g, (_whole, address: string) => `<${addresses.pageAddress(address)}>`)
      : tokens.replaceIn(value);

  const scrubOne = ({ method, url, requestBody, status, headers, cookies, body }: Exchange): RecordedExchange => {
    const isOfSignIn = isSignIn(url);
    // The request first: what it asked for is known when its answer is looked at.
    const target = addresses.request(url);
    return {
      method,
      target: isOfSignIn ? (target.split('?')[0] ?? target) : target,
      requestBody: isOfSignIn || requestBody === null ? null : tokens.replaceIn(requestBody),
      isSignIn: isOfSignIn,
      status,
      headers: Object.fromEntries(
        Object.entries(headers).flatMap(([name, value]) => {
          if (isOfSignIn && name !== 'content-type' && name !== 'date') return kept.has(name) ? [[name, faker.text(value)]] : [];
          return kept.has(name) ? [[name, scrubHeader(name, value)]] : [];
        }),
      ),
      cookies: isOfSignIn ? cookies.map((cookie) => `${cookieName(cookie)}=recorded`) : [],
      body: scrubBody(body, formatOf(headers['content-type'], manifest.http?.answers ?? null), isOfSignIn),
    };
  };
  return { settings: standIns, exchanges: exchanges.map(scrubOne) };
};
