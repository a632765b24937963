import { AppError } from '../../../api/src/errors/app-error.ts';
import { startServer, type TestServer } from './support/server.ts';

describe('removals that wait, over HTTP', () => {
  let server: TestServer;
  beforeEach(async () => {
    server = await startServer();
  });
  afterEach(() => server.close());
  const path = '/api/sources/northwind/removals';

  it('are listed for admins alone, page by page', async () => {
    const response = await server.as('admin', `${path}?table=contact&afterId=6&limit=1`);
    expect(await response.json()).toMatchObject({ sourceId: 'northwind', tables: [{ table: 'contact', waiting: 110, mark: 'm1' }] });
    expect(server.services.lists).toEqual([{ sourceId: 'northwind', table: 'contact', afterId: '6', limit: 1 }]);
    expect((await server.as('agent', path)).status).toBe(403);
  });

  it('are approved only with a ceiling', async () => {
    expect((await server.post('admin', `${path}/approve`, { table: 'contact' })).status).toBe(400);
    expect((await server.post('agent', `${path}/approve`, { table: 'contact', atMost: 110 })).status).toBe(403);
    expect(server.services.decisions).toEqual([]);
    const response = await server.post('admin', `${path}/approve`, { table: 'contact', atMost: 110, mark: 'm1' });
    expect([response.status, await response.json()]).toEqual([202, { table: 'contact', decided: 110 }]);
    expect(server.services.decisions).toEqual([{ sourceId: 'northwind', table: 'contact', atMost: 110, mark: 'm1' }]);
  });

  it('that have changed since are told as a conflict', async () => {
    server.services.failure = new AppError('removals.changed', { source: 'northwind', table: 'contact' });
    const response = await server.post('admin', `${path}/approve`, { table: 'contact', atMost: 1 });
    expect([response.status, await response.json()]).toEqual([409, expect.objectContaining({ code: 'removals.changed' })]);
  });

  it('can be dismissed', async () => {
    expect(await (await server.post('admin', `${path}/dismiss`, { table: 'contact' })).json()).toEqual({ table: 'contact', decided: 110 });
    expect(server.services.decisions).toEqual([{ sourceId: 'northwind', dismissed: 'contact' }]);
  });
});
