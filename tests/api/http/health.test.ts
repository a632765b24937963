import { startServer, type TestServer } from './support/server.ts';

describe('health', () => {
  let server: TestServer;
  beforeEach(async () => {
    server = await startServer();
  });
  afterEach(() => server.close());

  it('is alive while the process runs', async () => {
    const response = await server.as(null, '/health/live');
    expect(await response.json()).toEqual({ isAlive: true });
  });

  it('is ready when store and Dataverse can be used', async () => {
    const response = await server.as(null, '/health/ready');
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ isReady: true, checks: [{ name: 'store', isReady: true }] });
  });

  it('says by a code alone what is not ready', async () => {
    server.services.ready = {
      isReady: false,
      checks: [
        { name: 'store', isReady: false, problem: 'store.unavailable' },
        { name: 'dataverse', isReady: false, problem: 'password authentication failed for user "sync"' },
      ],
    };
    const response = await server.as(null, '/health/ready');
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({
      isReady: false,
      checks: [
        { name: 'store', isReady: false, problem: 'store.unavailable' },
        { name: 'dataverse', isReady: false, problem: 'internal' },
      ],
    });
  });

  it('tells a browser how to sign in', async () => {
    const response = await server.as(null, '/api/client-configuration');
    expect(await response.json()).toEqual({
      signIn: { kind: 'local', authority: 'http://127.0.0.1:4530/tenant', clientId: 'crm-sync', scope: 'api://crm-sync/.default' },
    });
  });
});
