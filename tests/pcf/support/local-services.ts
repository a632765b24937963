import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Answer {
  readonly status?: number;
  readonly body: object;
}

export interface LocalServices {
  /** The API, and the sandbox's sign-in below /tenant. */
  readonly url: string;
  readonly authority: string;
  /** `GET /api/records/…` and so on, in the order in which they came. */
  readonly requests: string[];
  /** What was sent with each of them, parsed; undefined where nothing was. */
  readonly bodies: unknown[];
  /** The `user` of each sign-in. */
  readonly signIns: string[];
  /** Requests that the control gave up. */
  readonly abandoned: string[];
  /** What the API answers next to this request; a promise holds the answer back. */
  answer(request: string, answer: Answer | Promise<Answer>): void;
  close(): Promise<void>;
}

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  let text = '';
  for await (const piece of request) text += String(piece);
  return text;
};

const send = (response: ServerResponse, { status = 200, body }: Answer): void => {
  response.writeHead(status, { 'content-type': status < 400 ? 'application/json' : 'application/problem+json' });
  response.end(JSON.stringify(body));
};

/** A real HTTP server that stands where the API and the sign-in stand, and says what the test tells it to. */
export const startLocalServices = async (): Promise<LocalServices> => {
  const answers = new Map<string, Answer | Promise<Answer>>();
  const requests: string[] = [];
  const bodies: unknown[] = [];
  const signIns: string[] = [];
  const abandoned: string[] = [];

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const name = `${request.method ?? ''} ${request.url ?? ''}`;
    const body = await bodyOf(request);
    if (name === 'POST /tenant/sandbox/sign-in') {
      const { user } = JSON.parse(body) as { user: string };
      signIns.push(user);
      return send(response, { body: { access_token: `token-${signIns.length}-of-${user}`, expires_in: 3600, token_type: 'Bearer' } });
    }
    bodies.push(body === '' ? undefined : JSON.parse(body));
    requests.push(`${name} ${request.headers.authorization ?? ''}`);
    response.on('close', () => {
      if (!response.writableFinished) abandoned.push(name);
    });
    const answer = answers.get(name);
    if (answer === undefined) return send(response, { status: 500, body: {} });
    const settled = await answer;
    if (!response.destroyed) send(response, settled);
  };

  const server = createServer((request, response) => void handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    authority: `${url}/tenant`,
    requests,
    bodies,
    signIns,
    abandoned,
    answer: (request, answer) => void answers.set(request, answer),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
