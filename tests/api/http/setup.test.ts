import { AppError } from '../../../api/src/errors/app-error.ts';
import { startServer, type TestServer } from './support/server.ts';

describe('set-up and adoption over HTTP', () => {
  let server: TestServer;
  beforeEach(async () => {
    server = await startServer();
  });
  afterEach(() => server.close());

  it('the state of the environment is told, and changed only on request', async () => {
    const seen = (await (await server.as('admin', '/api/setup')).json()) as object;
    expect(seen).toMatchObject({
      isReady: false,
      findings: [{ component: 'key', table: 'account', problem: 'missing', remedy: 'create' }],
    });
    expect(await (await server.post('admin', '/api/setup', { isDryRun: true })).json()).toEqual(seen);
    expect(server.services.setups).toBe(0);
    expect((await server.post('admin', '/api/setup')).status).toBe(200);
    expect(server.services.setups).toBe(1);
  });

  it('an adoption takes its tables and what becomes of doubled rows, and no other field', async () => {
    const request = { tables: ['account'], isDryRun: true, duplicates: 'deactivate' };
    expect(await (await server.post('admin', '/api/sources/northwind/adoption', request)).json()).toEqual({
      sourceId: 'northwind',
      isDryRun: true,
      duplicates: 'deactivate',
      tables: [],
    });
    expect(server.services.adoptions).toEqual([{ sourceId: 'northwind', request }]);
    for (const wrong of [{ duplicates: 'delete' }, { tables: [] }, { dryRun: true }]) {
      expect((await server.post('admin', '/api/sources/northwind/adoption', wrong)).status).toBe(400);
    }
  });

  it('what is refused is told as any problem', async () => {
    server.services.failure = new AppError('adoption.choice_unset', { source: 'northwind', known: 'ServiceNow (2)' });
    const response = await server.post('admin', '/api/sources/northwind/adoption', {});
    expect(response.status).toBe(409);
    expect(await response.json()).toMatchObject({ code: 'adoption.choice_unset', help: expect.stringContaining('ServiceNow (2)') });
  });
});
