/**
 * The $skiptoken: the page's number and the order values of the last row on the page before, so that a page goes on where the last
 * one ended, whatever was added or removed in between. Shaped like Dataverse's (page-results.md), and as opaque to clients.
 */
import { badQuery } from '../web-api/errors.ts';
import type { Primitive } from './property-access.ts';

export interface PagingCookie {
  readonly page: number;
  readonly after: readonly Primitive[];
}

const outerPattern = /^<cookie pagenumber="(\d+)" pagingcookie="([^"]*)" istracking="False" \/>$/;
const innerPattern = /^<cookie page="\d+"><order last="([^"]*)" \/><\/cookie>$/;

/** For a URL's query: percent-encoded. */
export function encodeCookie({ page, after }: PagingCookie): string {
  const last = Buffer.from(JSON.stringify(after), 'utf8').toString('base64url');
  const inner = encodeURIComponent(encodeURIComponent(`<cookie page="${page - 1}"><order last="${last}" /></cookie>`));
  return encodeURIComponent(`<cookie pagenumber="${page}" pagingcookie="${inner}" istracking="False" />`);
}

/** Throws 400 for a token that was changed, or that belongs to another order. */
export function decodeCookie(token: string, keyLength: number): PagingCookie {
  const outer = outerPattern.exec(token);
  const inner = outer === null ? null : innerPattern.exec(decodeURIComponent(decodeURIComponent(outer[2] ?? '')));
  const after = inner === null ? null : readKey(inner[1] ?? '');
  if (outer === null || after?.length !== keyLength) throw badQuery('Malformed XML in the Paging Cookie');
  return { page: Number(outer[1]), after };
}

function readKey(text: string): readonly Primitive[] | null {
  try {
    const key: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    return Array.isArray(key) && key.every(isPrimitive) ? key : null;
  } catch {
    return null;
  }
}

const isPrimitive = (value: unknown): value is Primitive => value === null || ['string', 'number', 'boolean'].includes(typeof value);
