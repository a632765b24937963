/** Writes the body of a $batch and reads the answer's parts, as text, so that the wire format itself is under test. */
import type { Answer, TestDataverse } from './dataverse-client.ts';

export interface Part {
  readonly method: string;
  readonly url: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly contentId?: string;
}

export interface PartAnswer {
  readonly status: number;
  readonly contentId: string | null;
  readonly text: string;
  readonly entityId: string | null;
  readonly error: { readonly code: string; readonly message: string } | null;
}

const crlf = '\r\n';

export function partText({ method, url, body, headers = {}, contentId }: Part): string {
  const lines = ['Content-Type: application/http', 'Content-Transfer-Encoding: binary'];
  if (contentId !== undefined) lines.push(`Content-ID: ${contentId}`);
  lines.push('', `${method} ${url} HTTP/1.1`, 'Content-Type: application/json; type=entry');
  for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`);
  lines.push('', body === undefined ? '' : JSON.stringify(body));
  return lines.join(crlf);
}

export const changeSetText = (parts: readonly Part[]): string =>
  [
    'Content-Type: multipart/mixed; boundary="changeset_1"',
    '',
    ...parts.flatMap((part) => ['--changeset_1', partText(part)]),
    '--changeset_1--',
  ].join(crlf);

export const batchText = (parts: readonly string[]): string =>
  [...parts.flatMap((part) => ['--batch_1', part]), '--batch_1--', ''].join(crlf);

export const batchHeaders = { 'content-type': 'multipart/mixed; boundary="batch_1"' };

export async function sendBatch(
  dataverse: TestDataverse,
  parts: readonly (Part | readonly Part[])[],
  headers: Readonly<Record<string, string>> = {},
): Promise<{ readonly answer: Answer; readonly parts: readonly PartAnswer[] }> {
  const texts = parts.map((part) => ('method' in part ? partText(part) : changeSetText(part)));
  const answer = await dataverse.post('$batch', batchText(texts), { ...batchHeaders, ...headers });
  return { answer, parts: readParts(answer.text) };
}

/** The responses in their order, those of change sets in line. */
export function readParts(text: string): readonly PartAnswer[] {
  return text
    .split(/--(?:batchresponse|changesetresponse)_[0-9a-f-]{36}(?:--)?\r\n/)
    .filter((part) => part.includes('HTTP/1.1 '))
    .map((part) => {
      const body = part.slice(part.indexOf('\r\n\r\n', part.indexOf('HTTP/1.1')) + 4).trim();
      const isError = body.startsWith('{"error"');
      return {
        status: Number(/HTTP\/1\.1 (\d{3})/.exec(part)?.[1]),
        contentId: /Content-ID: (\S+)/.exec(part)?.[1] ?? null,
        entityId: /OData-EntityId: (\S+)/.exec(part)?.[1] ?? null,
        text: body,
        error: isError ? (JSON.parse(body) as { error: { code: string; message: string } }).error : null,
      };
    });
}
