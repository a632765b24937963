import { connect } from 'node:net';
import { AppError } from '../../../api/src/errors/app-error.ts';
import { startServer, type TestServer } from './support/server.ts';

describe('the webhook door', () => {
  let server: TestServer;
  beforeEach(async () => {
    server = await startServer();
  });
  afterEach(() => server.close());

  const deliver = (body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) =>
    server.as(null, '/webhooks/northwind', { method: 'POST', headers: { 'webhook-id': 'msg_1', ...headers }, body });

  it.each([
    ['JSON with odd spacing', 'application/json', Buffer.from('{ "a" : 1.0,\r\n"ü":"\\u00e4" }')],
    ['broken JSON', 'application/json', Buffer.from('{"a":')],
    ['a form', 'application/x-www-form-urlencoded', Buffer.from('a=1&b=%20+')],
    ['bytes that are no text', 'application/octet-stream', Buffer.from([0, 255, 254, 13, 10, 128])],
    ['a type nobody knows', 'application/vnd.crm+xml; charset=latin1', Buffer.from([0xe4, 0xf6])],
    ['nothing', 'application/json', Buffer.alloc(0)],
  ])('hands on %s byte for byte, without a token', async (_case, contentType, bytes) => {
    const response = await deliver(new Uint8Array(bytes), { 'content-type': contentType });
    expect(response.status).toBe(202);
    expect(await response.text()).toBe('');
    const [delivery] = server.services.deliveries;
    expect(delivery?.rawBody.equals(bytes)).toBe(true);
    expect(delivery).toMatchObject({
      sourceId: 'northwind',
      method: 'POST',
      headers: { 'webhook-id': 'msg_1', 'content-type': contentType },
    });
  });

  it('hands on a body that comes without a content type', async () => {
    const { port } = new URL(server.url);
    const socket = connect(Number(port), '127.0.0.1');
    socket.write('POST /webhooks/northwind HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 3\r\n\r\nabc');
    const answer = (await Array.fromAsync<Buffer>(socket)).join('');
    expect(answer).toMatch(/^HTTP\/1.1 202 /);
    expect(server.services.deliveries[0]?.rawBody.toString()).toBe('abc');
  });

  it('takes 1 MiB and not a byte more, and refuses more as it refuses a forgery', async () => {
    expect((await deliver(new Uint8Array(1024 * 1024))).status).toBe(202);
    const response = await deliver(new Uint8Array(1024 * 1024 + 1));
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ code: 'webhook.unauthorised' });
    expect(server.services.deliveries).toHaveLength(1);
    expect(await server.logLine(({ msg }) => msg === 'delivery refused')).toMatchObject({ reason: 'size' });
  });

  it('hands on what stands behind the source’s name, and shows a header that came twice', async () => {
    await deliver('{}');
    await server.as(null, '/webhooks/northwind/outbound/a%2Fb?x=1&y', { method: 'POST', body: '{}' });
    await server.as(null, '/webhooks/northwind?hub.challenge=1');
    const { port } = new URL(server.url);
    const socket = connect(Number(port), '127.0.0.1');
    const twice = 'x-sig: one\r\nX-SIG: two\r\nauthorization: a\r\nauthorization: b';
    socket.write(`POST /webhooks/northwind HTTP/1.1\r\nhost: x\r\n${twice}\r\nconnection: close\r\ncontent-length: 2\r\n\r\n{}`);
    await Array.fromAsync(socket);
    expect(server.services.deliveries).toMatchObject([
      { segments: [], query: '' },
      { segments: ['outbound', 'a/b'], query: 'x=1&y' },
      { method: 'GET', segments: [], query: 'hub.challenge=1' },
      { headers: { 'x-sig': ['one', 'two'], authorization: ['a', 'b'] } },
    ]);
  });

  it('answers as the CRM wants, and says nothing of an address in the log', async () => {
    server.services.webhookAnswer = { status: 200, type: 'text/xml', body: '<Ack>true</Ack>' };
    const response = await server.as(null, '/webhooks/northwind/a-secret', { method: 'POST', body: '{}' });
    expect([response.status, response.headers.get('content-type'), await response.text()]).toEqual([200, 'text/xml', '<Ack>true</Ack>']);
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    await server.logLine(({ msg, route }) => msg === 'request' && route === '/webhooks/:sourceId/:hook');
    expect(server.logText()).not.toContain('a-secret');
  });

  it('refuses a delivery that is not signed, and asks for no token', async () => {
    server.services.failure = new AppError('webhook.unauthorised', { reason: 'time' });
    const response = await deliver('{}');
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBeNull();
    expect(JSON.stringify(await response.json())).not.toContain('time');
    expect(await server.logLine(({ msg }) => msg === 'delivery refused')).toMatchObject({ reason: 'time' });
  });

  it('says that it cannot be reached, when it cannot store: the CRM then tries again', async () => {
    server.services.failure = new AppError('internal');
    expect((await deliver('{}')).status).toBe(500);
  });
});
