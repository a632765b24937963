import { startServer, type TestServer } from './support/server.ts';

describe('the log of requests', () => {
  let server: TestServer;
  beforeEach(async () => {
    server = await startServer({ newReference: () => 'reference-1' });
  });
  afterEach(() => server.close());

  const requestLine = () => server.logLine(({ msg }) => msg === 'request');

  it('has one line for a request: what, who, how long and how it ended', async () => {
    await server.post('agent', '/api/records/contact/by-key/northwind~100001/sync');
    const line = await requestLine();
    expect(line).toMatchObject({
      level: 'info',
      method: 'POST',
      route: '/api/records/:table/by-key/:sourceKey/sync',
      status: 200,
      reference: 'reference-1',
      caller: 'user:44444444-4444-4444-8444-444444444444',
    });
    expect(line.durationMs).toEqual(expect.any(Number));
  });

  it('names the code of the problem', async () => {
    await server.as(null, '/api/sources');
    expect(await requestLine()).toMatchObject({ status: 401, code: 'identity.unauthorised' });
  });

  it('holds no address, query, body or token', async () => {
    await server.as('admin', '/api/runs?sourceId=from-the-query');
    await server.post('admin', '/api/runs', { sourceId: 'from-the-body' });
    await server.as(null, '/nothing/from-the-path?token=from-the-query');
    await server.as(null, '/api/sources', { headers: { authorization: 'Bearer from-the-header', cookie: 'a=from-a-cookie' } });
    await server.logLine(({ code }) => code === 'identity.unauthorised');
    expect(server.logText()).not.toMatch(/from-(the-query|the-body|the-path|the-header|a-cookie)/);
  });

  it('has a line for an address that cannot be read', async () => {
    await server.as('admin', '/api/runs/%E0%A4%A');
    expect(await requestLine()).toMatchObject({ status: 400, code: 'request.invalid', route: 'unknown' });
  });

  it('is silent about health checks, which come every few seconds', async () => {
    await server.as(null, '/health/live');
    await server.as('admin', '/api/sources');
    await requestLine();
    expect(server.logText()).not.toContain('/health/live');
  });
});
