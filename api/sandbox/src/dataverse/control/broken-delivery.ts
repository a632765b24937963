/** Answers that do not arrive, or not whole: the connection breaks instead. */
import { type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { ApiResponse } from '../web-api/messages.ts';

/** As when the other side's process dies: the client sees a reset and not a byte of an answer. */
export function resetConnection({ socket }: ServerResponse): void {
  socket?.resetAndDestroy();
}

/** The whole length is promised and half of the message is sent, as when a proxy dies in the middle; half of the head, if there is no body. */
export function sendHalf({ socket }: ServerResponse, { status, headers, body }: ApiResponse): void {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const length = status === 204 ? '' : `Content-Length: ${Buffer.byteLength(body)}\r\n`;
  const head = Buffer.from(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}${length}\r\n`);
  const content = Buffer.from(body);
  const half =
    content.length === 0 ? head.subarray(0, head.length >>> 1) : Buffer.concat([head, content.subarray(0, content.length >>> 1)]);
  socket?.end(half);
}

/** Resolves when the client has given up, whether it said good-bye or broke off. */
export function untilGone(socket: Socket): Promise<void> {
  return socket.destroyed ? Promise.resolve() : new Promise((resolve) => socket.once('close', () => resolve()));
}
