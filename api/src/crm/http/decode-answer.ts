import { isUtf8 } from 'node:buffer';
import type { JsonValue } from '../types.ts';
import { decodeJson } from './decode-json.ts';
import { decodeXml } from './decode-xml.ts';

export type AnswerFormat = 'json' | 'xml';

/** By what the manifest says, else by the content type; JSON in case of doubt. */
export const formatOf = (contentType: string | undefined, declared: AnswerFormat | null): AnswerFormat =>
  declared ?? (/[/+]xml\b/i.test(contentType ?? '') ? 'xml' : 'json');

/** What a request may be answered with that is neither JSON nor XML, such as the CSV of an export. */
export const readAsText = (contentType: string | undefined): boolean => !/json|[/+]xml\b/i.test(contentType ?? 'json');

/** undefined when it is not UTF-8. */
export const decodeText = (body: Buffer): string | undefined => (isUtf8(body) ? body.toString('utf8') : undefined);

/** null when the body is empty, undefined when it is not what it should be. */
export const decodeAnswer = (body: Buffer, format: AnswerFormat): JsonValue | undefined => {
  if (body.length === 0) return null;
  return format === 'xml' ? decodeXml(body) : decodeJson(body);
};
