import { AppError } from '../../../api/src/errors/app-error.ts';
import { startServer, type TestServer } from './support/server.ts';

describe('deliveries over HTTP', () => {
  let server: TestServer;
  beforeEach(async () => {
    server = await startServer();
  });
  afterEach(() => server.close());
  const path = '/api/sources/northwind/deliveries';

  it('are listed for admins alone, with how the webhooks do', async () => {
    const query = 'hook=outbound&state=failed&from=2026-11-01T00:00:00Z&to=2026-11-02T00:00:00Z&before=42&limit=1';
    const response = await server.as('admin', `${path}?${query}`);
    expect(await response.json()).toMatchObject({
      webhooks: { hooks: [{ isSilent: true, secrets: [{ name: 'hookSecret' }], refused: [{ reason: 'signature', count: 4 }] }] },
      deliveries: [{ id: 41, state: 'failed', repeats: 1, outcome: { written: 1, failed: 1 } }],
      nextBefore: 41,
    });
    expect(server.services.lists).toEqual([
      {
        sourceId: 'northwind',
        hook: 'outbound',
        state: 'failed',
        from: '2026-11-01T00:00:00Z',
        to: '2026-11-02T00:00:00Z',
        before: 42,
        limit: 1,
      },
    ]);
    expect((await server.as('agent', path)).status).toBe(403);
    expect((await server.as('admin', `${path}?from=yesterday`)).status).toBe(400);
  });

  it('are shown one by one with the ids that they name', async () => {
    expect(await (await server.as('admin', `${path}/41`)).json()).toMatchObject({ events: [{ table: 'contact', recordIds: ['7'] }] });
    const unknown = await server.as('admin', `${path}/7`);
    expect([unknown.status, await unknown.json()]).toMatchObject([404, { code: 'delivery.unknown' }]);
    expect((await server.as('agent', `${path}/41`)).status).toBe(403);
  });

  it('are handled again by admins alone', async () => {
    const replay = (body: object) => server.post('admin', `${path}/replay`, body);
    const answer = await replay({ ids: [41], failed: true });
    expect([answer.status, await answer.json()]).toEqual([202, { replayed: 3, withoutPayload: 1 }]);
    expect(server.services.decisions).toEqual([{ sourceId: 'northwind', ids: [41], failed: true }]);
    for (const wrong of [{ ids: [] }, { ids: ['a'] }, { from: 'yesterday' }, { all: true }]) {
      expect((await replay(wrong)).status).toBe(400);
    }
    expect((await server.post('agent', `${path}/replay`, { ids: [41] })).status).toBe(403);
  });

  it('that are too large are counted for their source', async () => {
    const body = new Uint8Array(1024 * 1024 + 1);
    expect((await server.as(null, '/webhooks/northwind', { method: 'POST', body })).status).toBe(401);
    expect(server.services.refusals).toEqual([{ sourceId: 'northwind', reason: 'size' }]);
  });

  it('of an unknown source are told as any problem', async () => {
    server.services.failure = new AppError('source.unknown', { source: 'sap', known: 'northwind' });
    expect((await server.as('admin', '/api/sources/sap/deliveries')).status).toBe(404);
  });
});
