import { isUtf8 } from 'node:buffer';
import { decodeJson } from '../http/decode-json.ts';
import { decodeXml } from '../http/decode-xml.ts';
import type { WebhooksBody } from '../manifest/schema/webhook.ts';
import type { JsonValue } from '../types.ts';
import { readForm } from './form-body.ts';

export type BodyFormat = NonNullable<WebhooksBody['format']>;

const decodeForm = (rawBody: Buffer): JsonValue | undefined => {
  const pairs = readForm(rawBody);
  if (pairs === null) return undefined;
  const values = new Map<string, string[]>();
  for (const [name, value] of pairs) {
    const known = values.get(name);
    if (known === undefined) values.set(name, [value]);
    else known.push(value);
  }
  return Object.fromEntries([...values].map(([name, [first = null, ...more]]) => [name, more.length === 0 ? first : [first, ...more]]));
};

/** A delivery's body as the manifest says it is written, whatever its content type says; undefined when it is not. */
export const decodeBody = (rawBody: Buffer, format: BodyFormat): JsonValue | undefined => {
  if (format === 'json') return decodeJson(rawBody);
  if (!isUtf8(rawBody)) return undefined;
  return format === 'xml' ? decodeXml(rawBody) : decodeForm(rawBody);
};
