import { AppError } from '../../../api/src/errors/app-error.ts';
import { aRun } from './support/run-feed.ts';
import { startServer, type TestServer } from './support/server.ts';

describe('sources over HTTP', () => {
  let server: TestServer;
  beforeEach(async () => {
    server = await startServer();
  });
  afterEach(() => server.close());

  it('are listed with their last run and when the next is due', async () => {
    const response = await server.as('admin', '/api/sources');
    expect(await response.json()).toEqual({
      sources: [
        {
          id: 'northwind',
          name: 'Northwind Traders CRM',
          connector: 'northwind',
          tables: ['account', 'contact'],
          schedules: [{ mode: 'incremental', rule: 'every 15m', nextOn: '2026-11-01T10:15:00.000Z' }],
          lastRun: aRun(),
        },
      ],
    });
  });

  it('are checked on request', async () => {
    const response = await server.post('admin', '/api/sources/northwind/check');
    expect(await response.json()).toEqual({ sourceId: 'northwind', isReachable: true, tookMilliseconds: 12 });
  });

  it('that are unknown give 404', async () => {
    server.services.failure = new AppError('source.unknown', { source: 'sap', known: 'northwind' });
    const response = await server.post('admin', '/api/sources/sap/check');
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ code: 'source.unknown', help: 'Configured sources: northwind.' });
  });
});
