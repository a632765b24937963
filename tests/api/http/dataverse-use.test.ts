import { startServer, type TestServer } from './support/server.ts';

describe('the use of Dataverse over HTTP', () => {
  let server: TestServer;
  beforeEach(async () => {
    server = await startServer();
  });
  afterEach(() => server.close());

  it('tells an administrator each application user’s pace and the day’s requests', async () => {
    const response = await server.as('admin', '/api/dataverse');
    expect(await response.json()).toEqual({
      users: [{ clientId: 'first', lanes: 8, pausedSeconds: 0 }],
      waitingSeconds: 0,
      requests: { day: '2026-11-26', used: 12_300, limit: 500_000, resetsOn: '2026-11-27T00:00:00.000Z' },
    });
  });

  it('is not told to an agent', async () => {
    expect((await server.as('agent', '/api/dataverse')).status).toBe(403);
  });
});
