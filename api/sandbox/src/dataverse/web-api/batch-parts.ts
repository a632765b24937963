/** The HTTP messages inside of a $batch, as text. */
import { STATUS_CODES } from 'node:http';
import { badQuery } from './errors.ts';
import type { ApiRequest, ApiResponse } from './messages.ts';
import { type MimePart, parseMimePart } from './multipart.ts';

const requestLinePattern = /^([A-Z]+)\s+(\S+)(?:\s+HTTP\/\d(?:\.\d)?)?\s*$/;

/** Reads `PATCH /api/data/v9.2/contacts(…) HTTP/1.1` with its headers and body. Addresses may be absolute, rooted or relative. */
export function parsePartRequest(part: MimePart): ApiRequest {
  if (!/^application\/http\b/i.test(part.headers['content-type'] ?? '')) {
    throw badQuery("A batch part must have the Content-Type 'application/http' and the Content-Transfer-Encoding 'binary'.");
  }
  const text = part.body.replace(/^[\r\n]+/, '');
  const lineEnd = text.indexOf('\n');
  const line = (lineEnd < 0 ? text : text.slice(0, lineEnd)).trim();
  const match = requestLinePattern.exec(line);
  if (match === null) throw badQuery(`The request line '${line.slice(0, 200)}' is invalid in a batch.`);
  const [, method = '', address = ''] = match;
  const message = parseMimePart(lineEnd < 0 ? '' : text.slice(lineEnd + 1));
  const { path, query } = splitAddress(address);
  return { method, path, query, headers: message.headers, body: message.body };
}

export function splitAddress(address: string): { readonly path: string; readonly query: string } {
  const local = address.replace(/^https?:\/\/[^/]+/i, '').replace(/^\/?api\/data\/v9\.[0-2]\//i, '');
  const mark = local.indexOf('?');
  const path = (mark < 0 ? local : local.slice(0, mark)).replace(/^\//, '');
  return { path, query: mark < 0 ? '' : local.slice(mark + 1) };
}

export interface PartResponse {
  readonly response: ApiResponse;
  readonly contentId: string | null;
  readonly requestId: string;
}

/** A whole part: its MIME headers, then the response with its status line. */
export function serializePart({ response, contentId, requestId }: PartResponse): string {
  const lines = ['Content-Type: application/http', 'Content-Transfer-Encoding: binary'];
  if (contentId !== null) lines.push(`Content-ID: ${contentId}`);
  lines.push('', `HTTP/1.1 ${response.status} ${STATUS_CODES[response.status] ?? ''}`);
  if (response.status >= 400) lines.push(`REQ_ID: ${requestId}`);
  const entityId = response.headers['OData-EntityId'];
  const headers = { 'OData-Version': '4.0', ...(entityId === undefined ? {} : { Location: entityId }), ...response.headers };
  for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`);
  lines.push('', response.body);
  return lines.join('\r\n');
}
