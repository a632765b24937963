import { type TestServer, startServer } from './support/server.ts';

describe('a source’s webhook over HTTP', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server.close());

  const ask = async (method: string, path: string, body?: object) => {
    const response = await server.as('admin', `/api/sources/northwind/webhook${path}`, {
      method,
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };

  it('is described, listed, made, removed and tried', async () => {
    expect(await ask('GET', '/guide')).toMatchObject({ status: 200, body: { isByApi: true, files: [{ path: 'a/b.txt' }] } });
    expect(await ask('GET', '')).toMatchObject({ status: 200, body: { parts: [{ what: 'hook', state: 'missing' }] } });
    expect(await ask('POST', '/install')).toMatchObject({ status: 200, body: { changes: [{ item: 'one', outcome: 'made' }] } });
    await ask('POST', '/install', { isReplacing: true });
    await ask('POST', '/install', { hook: 'people' });
    await ask('POST', '/remove', { address: 'https://old.example.com/webhooks/northwind' });
    await ask('POST', '/test', { table: 'contact', recordId: '7' });
    expect(server.services.hookCalls).toEqual([
      { install: {} },
      { install: { isReplacing: true } },
      { install: { hook: 'people' } },
      { remove: { address: 'https://old.example.com/webhooks/northwind' } },
      { test: { table: 'contact', recordId: '7' } },
    ]);
  });

  it('takes nothing that it does not know, and no address that is none', async () => {
    expect((await ask('POST', '/install', { secret: 'x' })).status).toBe(400);
    expect((await ask('GET', '/guide?hook=..%2Fother')).status).toBe(400);
    expect((await ask('POST', '/remove', { address: 'file:///etc/passwd' })).status).toBe(400);
    expect((await ask('POST', '/test', { table: 'lead' })).status).toBe(400);
  });
});
