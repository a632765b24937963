import type { AnswerHead } from './error-answer.ts';

/** One request inside a `$batch`. */
export interface BatchPart {
  readonly method: 'GET' | 'PATCH' | 'DELETE';
  /** Absolute path with query, percent-encoded: it must hold no space or line break. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface BatchPartAnswer extends AnswerHead {
  readonly body: string;
}

/**
 * `multipart/mixed` as Dataverse wants it: CRLF everywhere, each part an HTTP request. `boundary` must not occur in a body; a random one
 * does not.
 * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/execute-batch-operations-using-web-api
 */
export const writeBatch = (parts: readonly BatchPart[], boundary: string): string => {
  const lines: string[] = [];
  for (const part of parts) {
    lines.push(`--${boundary}`, 'Content-Type: application/http', 'Content-Transfer-Encoding: binary', '');
    lines.push(`${part.method} ${part.path} HTTP/1.1`);
    if (part.body !== undefined) lines.push('Content-Type: application/json; type=entry');
    for (const [name, value] of Object.entries(part.headers ?? {})) lines.push(`${name}: ${value}`);
    lines.push('', part.body ?? '');
  }
  lines.push(`--${boundary}--`, '');
  return lines.join('\r\n');
};

export const batchContentType = (boundary: string): string => `multipart/mixed; boundary=${boundary}`;

const readBoundary = (contentType: string | undefined): string | null =>
  /^multipart\/mixed\b.*?;\s*boundary=(?:"([^"]+)"|([^\s;]+))/i
    .exec(contentType ?? '')
    ?.slice(1)
    .find((found) => found !== undefined) ?? null;

const splitHead = (text: string): [head: string, body: string] => {
  const at = text.indexOf('\r\n\r\n');
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 4)];
};

const readPart = (part: string): BatchPartAnswer | null => {
  const [, message] = splitHead(part);
  const [head, body] = splitHead(message.replace(/^(\r\n)+/, ''));
  const [statusLine = '', ...headerLines] = head.split('\r\n');
  const status = /^HTTP\/\d(?:\.\d)? (\d{3})\b/.exec(statusLine)?.[1];
  if (status === undefined) return null;
  return {
    status: Number(status),
    header: (name) => {
      const line = headerLines.find((candidate) => candidate.slice(0, candidate.indexOf(':')).trim().toLowerCase() === name);
      return line?.slice(line.indexOf(':') + 1).trim();
    },
    body,
  };
};

/** The answers in the order of the requests; null when this is no whole multipart answer (cut off, or no multipart at all). */
export const readBatch = (contentType: string | undefined, body: string): readonly BatchPartAnswer[] | null => {
  const boundary = readBoundary(contentType);
  if (boundary === null) return null;
  // The CRLF before a delimiter belongs to it (RFC 2046, 5.1.1); the first may stand at the very start.
  const pieces = `\r\n${body}`.split(`\r\n--${boundary}`);
  if (!pieces.at(-1)?.startsWith('--')) return null;
  const parts = pieces.slice(1, -1).map((piece) => readPart(piece.replace(/^[ \t]*\r\n/, '')));
  return parts.every((part) => part !== null) ? parts : null;
};
