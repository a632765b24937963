import { connect } from 'node:net';
import { AppError } from '../../../api/src/errors/app-error.ts';
import { errorRegistry } from '../../../api/src/errors/registry.ts';
import { startServer, type TestServer } from './support/server.ts';

describe('problems', () => {
  let server: TestServer;
  beforeEach(async () => {
    let count = 0;
    server = await startServer({ newReference: () => `reference-${++count}`, bodyLimitBytes: 1000 });
  });
  afterEach(() => server.close());

  it('say what happened, what to do, and under which reference it is logged', async () => {
    server.services.failure = new AppError('crm.unreachable', { source: 'northwind', host: 'crm.example.com', problem: 'refused' });
    const response = await server.post('admin', '/api/sources/northwind/check');
    expect(response.status).toBe(502);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(response.headers.get('x-request-id')).toBe('reference-1');
    expect(await response.json()).toEqual({
      type: '/docs/errors#crm.unreachable',
      title: 'The CRM of northwind cannot be reached at crm.example.com: refused',
      status: 502,
      code: 'crm.unreachable',
      help: 'See whether the CRM is up and the address is right, then try again.',
      reference: 'reference-1',
      isRetryable: true,
    });
    expect(await server.logLine(({ level }) => level === 'error')).toMatchObject({
      reference: 'reference-1',
      err: { code: 'crm.unreachable' },
    });
  });

  it('of our own making keep their cause for the log', async () => {
    server.services.failure = new Error('column "secret_plan" does not exist');
    const response = await server.as('admin', '/api/sources');
    expect(response.status).toBe(500);
    const text = await response.text();
    expect(text).not.toContain('secret_plan');
    expect(JSON.parse(text)).toMatchObject({ code: 'internal', reference: 'reference-1' });
    expect(await server.logLine(({ level }) => level === 'error')).toMatchObject({
      reference: 'reference-1',
      err: { message: 'column "secret_plan" does not exist' },
    });
  });

  it.each([['a text'], [null], [{ code: 'run.unknown' }]])('are also made of things thrown that are no errors (%j)', async (thrown) => {
    server.services.oddity = { thrown };
    const response = await server.as('admin', '/api/sources');
    expect(response.status).toBe(500);
    expect(await response.json()).toMatchObject({ code: 'internal' });
  });

  it('have a page that their type leads to', async () => {
    const response = await server.as(null, '/docs/errors');
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    const page = await response.text();
    for (const code of Object.keys(errorRegistry)) expect(page).toContain(`id="${code}"`);
  });

  it.each(['/nothing', '/api/runs/run-1/nothing', '/api', '/webhooks'])('tell that there is nothing at %s', async (path) => {
    const response = await server.as('admin', path);
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ code: 'request.not_found' });
  });

  it('tell that an address does not take the method', async () => {
    const response = await server.as('admin', '/api/runs', { method: 'DELETE' });
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ code: 'request.not_found' });
  });

  it('tell the limit of a body', async () => {
    const response = await server.post('admin', '/api/runs', { sourceId: 'x'.repeat(1000) });
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ code: 'request.too_large', title: 'The body is larger than 1000 bytes' });
  });

  it.each([
    ['application/json', '{"sourceId": "Ada Lovelace", }', 'the body cannot be read as what its headers say'],
    ['application/json', '{"__proto__": {"sourceId": "Ada Lovelace"}}', 'the body cannot be read as what its headers say'],
    ['application/xml', '<a>Ada Lovelace</a>', 'the Content-Type is not application/json'],
  ])('never repeat a body (%s %s)', async (contentType, body, problem) => {
    const response = await server.as('admin', '/api/runs', { method: 'POST', headers: { 'content-type': contentType }, body });
    expect(response.status).toBe(400);
    const text = await response.text();
    expect(JSON.parse(text)).toMatchObject({ code: 'request.invalid', title: `The request is not valid: ${problem}` });
    expect(text).not.toContain('Lovelace');
  });

  it('never repeat a value or an unusual name', async () => {
    const response = await server.post('admin', '/api/runs', { sourceId: 'n', 'ada@example.com': 1 });
    expect(await response.text()).not.toContain('ada@');
  });

  it.each([
    ['a wrongly encoded address', '/api/runs/%E0%A4%A'],
    ['a part of an address beyond all limits', `/api/records/contact/by-key/${'k'.repeat(800)}`],
  ])('are given for %s', async (_case, path) => {
    const response = await server.as('admin', path);
    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await response.json()).toMatchObject({ code: 'request.invalid' });
  });

  it('are logged without the caller’s own request id', async () => {
    const response = await server.as('admin', '/nothing', { headers: { 'x-request-id': 'forged' } });
    expect(response.headers.get('x-request-id')).toBe('reference-1');
  });

  it('let a service know when the caller has left', async () => {
    const gate = Promise.withResolvers<void>();
    server.services.checkGate = gate.promise;
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    socket.write('POST /api/sources/northwind/check HTTP/1.1\r\nhost: x\r\nauthorization: Bearer admin\r\ncontent-length: 0\r\n\r\n');
    const signal = await new Promise<AbortSignal>((resolve) => {
      const look = () => {
        const [first] = server.services.checkSignals;
        if (first) resolve(first);
        else setImmediate(look);
      };
      look();
    });
    expect(signal.aborted).toBe(false);
    const aborted = new Promise((resolve) => signal.addEventListener('abort', resolve));
    socket.destroy();
    await aborted;
    gate.resolve();
    expect(await server.logLine((line) => line.msg === 'request')).toMatchObject({ isAborted: true });
  });

  it('do not tell a service that the caller has left when it has only finished speaking', async () => {
    const response = await server.post('admin', '/api/sources/northwind/check', {});
    expect(response.status).toBe(200);
    expect(server.services.checkSignals[0]?.aborted).toBe(false);
  });
});
