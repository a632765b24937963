import { type IncomingHttpHeaders, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Message {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A status alone, or with headers. */
export type ScriptedReply = number | { readonly status: number; readonly headers: Readonly<Record<string, string>> };

/** A receiver that answers by a script (202 when it is at its end), and can be waited for. */
export const openReceiver = async (replies: readonly ScriptedReply[] = []) => {
  const messages: Message[] = [];
  const waiting: (() => void)[] = [];
  let isSilent = false;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      messages.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
      const reply = replies[messages.length - 1] ?? 202;
      if (!isSilent)
        response.writeHead(typeof reply === 'number' ? reply : reply.status, typeof reply === 'number' ? {} : reply.headers).end();
      waiting.splice(0).forEach((tell) => tell());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/hook`,
    messages,
    beSilent: (): void => {
      isSilent = true;
    },
    untilReceived: async (count: number): Promise<readonly Message[]> => {
      while (messages.length < count) await new Promise<void>((resolve) => waiting.push(resolve));
      return messages;
    },
    close: (): Promise<void> =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
};

export type OpenReceiver = Awaited<ReturnType<typeof openReceiver>>;
