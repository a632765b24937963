import { AppError } from '../../../api/src/errors/app-error.ts';
import { hmacVectors } from '../../unit/crm/webhook/hmac-vectors.ts';
import { publicKeyVectors, weakVectors } from '../../unit/crm/webhook/other-vectors.ts';
import { openDoor, type Vector } from '../../unit/crm/webhook/vector.ts';
import { startServer, type TestServer } from './support/server.ts';

const tenMegabytes = new Uint8Array(10 * 1024 * 1024).fill(0x20);
const badText = Buffer.from([0xc3, 0x28, 0xff]);

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

  const send = async (
    body: Uint8Array<ArrayBuffer>,
    headers: Readonly<Record<string, string>> = vector.headers,
    segments: readonly string[] = vector.segments ?? [],
    source = 'crm',
  ) => {
    const path = ['', 'webhooks', source, ...segments.map(encodeURIComponent)].join('/');
    const response = await server.as(null, path, { method: 'POST', headers: { 'content-type': 'text/plain', ...headers }, body });
    const { reference: _reference, ...problem }: { readonly reference?: string } =
      response.status < 300 ? {} : JSON.parse(await response.text());
    return { status: response.status, type: response.headers.get('content-type'), problem };
  };
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
    if (isSigned) {
      answers.push(await send(body.slice(0, -1)), await send(new Uint8Array()), await send(new Uint8Array(Buffer.concat([body, badText]))));
      if (vector.body.startsWith('{ ')) answers.push(await send(bytes(JSON.stringify(JSON.parse(vector.body)))));
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
