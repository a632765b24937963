/** multipart/mixed as $batch uses it: reads the parts of a body, writes the parts of an answer. */

export interface MimePart {
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

/** The boundary of a Content-Type header; null when it is no multipart/mixed. */
export function boundaryOf(contentType: string): string | null {
  const match = /^\s*multipart\/mixed\s*;.*?boundary\s*=\s*(?:"([^"]+)"|([^\s;"]+))/i.exec(contentType);
  return match === null ? null : (match[1] ?? match[2] ?? null);
}

/** null when the body does not end with the closing boundary. Takes CRLF as well as bare LF between lines. */
export function parseMultipart(body: string, boundary: string): readonly MimePart[] | null {
  const delimiter = `--${boundary}`;
  const parts: MimePart[] = [];
  let partStart = -1;
  let at = body.indexOf(delimiter);
  while (at >= 0) {
    const end = at + delimiter.length;
    const isLineStart = at === 0 || body[at - 1] === '\n';
    const isClosing = body.startsWith('--', end);
    const isWhole = isClosing || body[end] === '\r' || body[end] === '\n' || body[end] === ' ';
    if (isLineStart && isWhole) {
      if (partStart >= 0) parts.push(parseMimePart(body.slice(partStart, withoutLineEnd(body, at))));
      if (isClosing) return parts;
      const lineEnd = body.indexOf('\n', end);
      if (lineEnd < 0) return null;
      partStart = lineEnd + 1;
    }
    at = body.indexOf(delimiter, end);
  }
  return null;
}

/** Reads header lines up to the first empty one; the rest is the body. */
export function parseMimePart(text: string): MimePart {
  const headers: Record<string, string> = {};
  let position = 0;
  while (position < text.length) {
    const lineEnd = text.indexOf('\n', position);
    const line = (lineEnd < 0 ? text.slice(position) : text.slice(position, lineEnd)).replace(/\r$/, '');
    position = lineEnd < 0 ? text.length : lineEnd + 1;
    if (line === '') break;
    const colon = line.indexOf(':');
    if (colon > 0) headers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim();
  }
  return { headers, body: text.slice(position) };
}

/** The line end before a boundary belongs to the boundary. */
function withoutLineEnd(body: string, boundaryAt: number): number {
  return body[boundaryAt - 2] === '\r' ? boundaryAt - 2 : Math.max(boundaryAt - 1, 0);
}

/** Each part is its own header lines, an empty line and its content, without a line end after it. */
export function serializeMultipart(parts: readonly string[], boundary: string): string {
  const opened = parts.map((part) => `--${boundary}\r\n${part}\r\n`).join('');
  return `${opened}--${boundary}--\r\n`;
}
