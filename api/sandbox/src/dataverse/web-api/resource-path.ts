/** Reads the path of an address: segments, each with the row that it names in parentheses. */
import { parseGuid } from '../store/values.ts';
import { badQuery, dangerousPath } from './errors.ts';

/** A value in parentheses, as it was written. */
export type KeyLiteral = { readonly type: 'text' | 'bare'; readonly value: string };

export type RowPredicate =
  | { readonly kind: 'id'; readonly id: string }
  | { readonly kind: 'key'; readonly values: ReadonlyMap<string, KeyLiteral> };

export interface PathSegment {
  readonly name: string;
  /** null: no parentheses, or empty ones. */
  readonly predicate: RowPredicate | null;
}

/** Characters that make GET and PATCH by alternate key fail, although a key may hold them (define-alternate-keys-entity.md). */
const forbiddenInKeyAddress = /[/<>*%&:\\?+]/;

/** `path` is percent-encoded and has no query. Throws 400 for what is no address. */
export function parsePath(path: string, options: { readonly isFromUrl: boolean }): readonly PathSegment[] {
  return splitOutsideQuotes(decode(path), '/')
    .filter((segment) => segment !== '')
    .map((segment) => parseSegment(segment, options.isFromUrl));
}

export function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw badQuery('The request URI is not valid: it holds a malformed percent-encoding.');
  }
}

function parseSegment(segment: string, isFromUrl: boolean): PathSegment {
  const open = segment.indexOf('(');
  if (open < 0) return { name: segment, predicate: null };
  if (!segment.endsWith(')')) throw badQuery('The request URI is not valid: unbalanced parentheses.');
  const name = segment.slice(0, open);
  const inside = segment.slice(open + 1, -1).trim();
  return { name, predicate: inside === '' ? null : parsePredicate(inside, isFromUrl) };
}

function parsePredicate(inside: string, isFromUrl: boolean): RowPredicate {
  const id = parseGuid(inside);
  if (id !== null) return { kind: 'id', id };
  const values = new Map<string, KeyLiteral>();
  for (const part of splitOutsideQuotes(inside, ',')) {
    const match = /^\s*([A-Za-z_]\w*)\s*=\s*(.*?)\s*$/s.exec(part);
    if (match === null) throw badQuery('Bad Request - Error in query syntax.');
    const [, column = '', literal = ''] = match;
    if (values.has(column)) throw badQuery(`The key '${column}' is given twice.`);
    values.set(column, parseLiteral(literal, isFromUrl));
  }
  return { kind: 'key', values };
}

function parseLiteral(literal: string, isFromUrl: boolean): KeyLiteral {
  if (!literal.startsWith("'")) {
    if (literal === '' || /[\s']/.test(literal)) throw badQuery('Bad Request - Error in query syntax.');
    return { type: 'bare', value: literal };
  }
  const inner = literal.slice(1, -1);
  if (!literal.endsWith("'") || literal.length < 2 || inner.replaceAll("''", '').includes("'")) {
    throw badQuery('There is an unterminated literal in the key of the request URI.');
  }
  const value = inner.replaceAll("''", "'");
  const dangerous = isFromUrl ? forbiddenInKeyAddress.exec(value) : null;
  if (dangerous !== null) throw dangerousPath(dangerous[0]);
  return { type: 'text', value };
}

/** A quote inside a literal is doubled, so it closes and opens again: counting quotes is enough. */
function splitOutsideQuotes(text: string, separator: string): readonly string[] {
  if (!text.includes("'")) return text.split(separator);
  const parts: string[] = [];
  let start = 0;
  let isQuoted = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index];
    if (character === "'") isQuoted = !isQuoted;
    else if (character === separator && !isQuoted) {
      parts.push(text.slice(start, index));
      start = index + 1;
    }
  }
  if (isQuoted) throw badQuery('There is an unterminated literal in the request URI.');
  parts.push(text.slice(start));
  return parts;
}

/** Only the address as a whole: `$batch` is no segment of anything. */
export const isBatch = (path: string): boolean => /^(\$|%24)batch$/i.test(path);
