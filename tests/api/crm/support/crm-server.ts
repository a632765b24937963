import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface CrmRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface CrmReply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON; a Buffer or text as it is. */
  readonly body?: unknown;
  /** Cut the connection instead of answering. */
  readonly isCut?: boolean;
  /** Begin to answer and never end. */
  readonly isStalled?: boolean;
}

export interface CrmServer {
  readonly url: string;
  readonly requests: readonly CrmRequest[];
  stop(): Promise<void>;
}

const readAll = async (request: IncomingMessage): Promise<string> => {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
};

const asBytes = (body: unknown): Buffer | string =>
  Buffer.isBuffer(body) || typeof body === 'string' ? body : JSON.stringify(body ?? null);

/** A CRM that answers as the test says, over real HTTP on a free port. */
export const startCrm = async (answer: (request: CrmRequest, count: number) => CrmReply | Promise<CrmReply>): Promise<CrmServer> => {
  const requests: CrmRequest[] = [];
  const server = createServer((incoming, outgoing) => {
    void (async () => {
      const { pathname, searchParams } = new URL(incoming.url ?? '/', 'http://crm');
      const request = {
        method: incoming.method ?? '',
        path: pathname,
        query: searchParams,
        headers: incoming.headers,
        body: await readAll(incoming),
      };
      requests.push(request);
      const reply = await answer(request, requests.length);
      if (reply.isCut === true) {
        incoming.socket.destroy();
        return;
      }
      outgoing.writeHead(reply.status ?? 200, { 'content-type': 'application/json', ...reply.headers });
      if (reply.isStalled === true) outgoing.write('[');
      else outgoing.end(asBytes(reply.body));
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    stop: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error === undefined ? resolve() : reject(error)));
        server.closeAllConnections();
      }),
  };
};
