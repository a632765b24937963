import { request as httpRequest } from 'node:http';
import { AppError } from '../../../api/src/errors/app-error.ts';
import { hmacVectors } from '../../unit/crm/webhook/hmac-vectors.ts';
import { publicKeyVectors, weakVectors } from '../../unit/crm/webhook/other-vectors.ts';
import { openDoor, type Vector } from '../../unit/crm/webhook/vector.ts';
import { startServer, type TestServer } from './support/server.ts';

const tenMegabytes = new Uint8Array(10 * 1024 * 1024).fill(0x20);
const badText = Buffer.from([0xc3, 0x28, 0xff]);

const swapCase = (text: string): string =>
  text.replaceAll(/[a-z]/gi, (letter) => (letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase()));

/** The same JSON in other bytes; null where the body is none. */
const serialisedAgain = (text: string): string | null => {
  try {
    return JSON.stringify(JSON.parse(text), null, 3);
  } catch {
    return null;
  }
};

const shown = (status: number, type: string | null, text: string) => {
  const { reference: _reference, ...problem }: { readonly reference?: string } = status < 300 ? {} : JSON.parse(text);
  return { status, type, problem };
};

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

describe.each([...hmacVectors, ...publicKeyVectors, ...weakVectors])('the door for $sender', (vector) => {
  let nowMs: number;
  let settings: Vector['settings'];
  const stored = new Set<string>();

  beforeEach(() => {
    stored.clear();
    nowMs = vector.sentAtMs;
    ({ settings } = vector);
    // The true door behind the true route, at the address and at the time that the vendor has signed.
    server.services.webhooks = {
      noteRefusal: () => undefined,
      receive: async (sourceId, { query: _query, ...request }) => {
        if (sourceId !== 'crm') throw new AppError('webhook.unauthorised', { reason: 'address' });
        const url = vector.url ?? 'https://sync.example.com/webhooks/crm';
        const { deliveryId, answer } = openDoor(vector.webhooks, settings).verify({ ...request, url }, nowMs);
        stored.add(deliveryId);
        return answer;
      },
    };
  });

  const pathOf = (segments: readonly string[], source = 'crm'): string =>
    ['', 'webhooks', source, ...segments.map(encodeURIComponent)].join('/');
  const send = async (
    body: Uint8Array<ArrayBuffer>,
    headers: Readonly<Record<string, string>> = vector.headers,
    segments: readonly string[] = vector.segments ?? [],
    source = 'crm',
  ) => {
    const response = await server.as(null, pathOf(segments, source), {
      method: 'POST',
      headers: { 'content-type': 'text/plain', ...headers },
      body,
    });
    return shown(response.status, response.headers.get('content-type'), await response.text());
  };
  /** With headers exactly as they are given, in their writing and as often as they are there: no client of today sends that by itself. */
  const sendOnTheWire = (headers: readonly (readonly [string, string])[]) =>
    new Promise<ReturnType<typeof shown>>((resolve, reject) => {
      const sent = httpRequest(
        new URL(pathOf(vector.segments ?? []), server.url),
        { method: 'POST', headers: ['host', 'localhost', 'content-length', String(body.length), ...headers.flat()] },
        (response) => {
          const { statusCode = 0, headers: answered } = response;
          const reading = Array.fromAsync<Buffer>(response);
          reading.then((parts) => resolve(shown(statusCode, answered['content-type'] ?? null, parts.join(''))), reject);
        },
      );
      sent.once('error', reject).end(body);
    });
  const bytes = (text: string) => new Uint8Array(Buffer.from(text));
  const body = bytes(vector.body);
  const isReadable = () => stored.size > 0;

  it('lets in what is true, and keeps one of two that are the same', async () => {
    const first = await send(body);
    const again = await send(body);
    expect(again).toEqual(first);
    expect([202, 400]).toContain(first.status);
    expect(first.status === 202).toBe(isReadable());
    expect(stored.size).toBeLessThanOrEqual(1);
  });

  it('takes its headers in whatever letters they are written', async () => {
    const { status } = await send(body);
    stored.clear();
    const swapped = Object.entries(vector.headers).map(([name, value]) => [swapCase(name), value] as const);
    expect((await sendOnTheWire(swapped)).status).toBe(status);
    expect(isReadable()).toBe(status === 202);
  });

  it('takes no bytes that are no text', async () => {
    const { status } = await send(new Uint8Array(Buffer.concat([body, badText])));
    expect([400, 401]).toContain(status);
    expect(stored.size).toBe(0);
  });

  it('gives everything else one and the same answer, and lives', async () => {
    const names = Object.keys(vector.headers);
    const isSigned = vector.trust === 'full';
    const spoilt = Object.fromEntries(Object.entries(vector.headers).map(([name, value]) => [name, `${value.slice(0, -6)}AAAAAA`]));
    const secrets = vector.body.replaceAll(settings.s ?? 'none', 'guess');
    const answers = [
      await send(bytes(secrets), spoilt, vector.segments === undefined ? [] : ['guess']), // forged
      await send(tenMegabytes),
      await send(body, vector.headers, [...(vector.segments ?? []), 'more']),
      await send(body, vector.headers, vector.segments, 'another-source'),
      await send(body, vector.headers, vector.segments, 'x'.repeat(50)),
    ];
    if (names.length > 0) answers.push(await send(body, {}));
    const proving = Object.entries(vector.headers).filter(([name]) => vector.freeHeaders?.includes(name) !== true);
    for (const twice of proving) answers.push(await sendOnTheWire([...Object.entries(vector.headers), twice]));
    if (isSigned) {
      answers.push(await send(body.slice(0, -1)), await send(new Uint8Array()), await send(new Uint8Array(Buffer.concat([body, badText]))));
      const again = serialisedAgain(vector.body);
      if (again !== null) answers.push(await send(bytes(again)));
    }
    if (vector.toleranceMs !== null) {
      nowMs = vector.sentAtMs + vector.toleranceMs + 1000; // stale
      answers.push(await send(body));
      nowMs = vector.sentAtMs - vector.toleranceMs - 1000; // from the future
      answers.push(await send(body));
      nowMs = vector.sentAtMs;
    }
    settings = {};
    answers.push(await send(body));
    settings = vector.otherSettings;
    answers.push(await send(body));
    expect(new Set(answers.map((answer) => JSON.stringify(answer)))).toEqual(
      new Set([
        JSON.stringify({
          status: 401,
          type: 'application/problem+json',
          problem: {
            type: '/docs/errors#webhook.unauthorised',
            title: 'The delivery is not signed as this source requires',
            status: 401,
            code: 'webhook.unauthorised',
            help: 'Check the signing secret on both sides.',
            isRetryable: false,
          },
        }),
      ]),
    );
    expect(stored.size).toBe(0);
    settings = vector.settings;
    expect([202, 400]).toContain((await send(body)).status);
  });
});
