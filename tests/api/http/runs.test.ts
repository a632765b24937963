import { aRun } from './support/run-feed.ts';
import { startServer, type TestServer } from './support/server.ts';

describe('runs over HTTP', () => {
  let server: TestServer;
  beforeEach(async () => {
    server = await startServer();
  });
  afterEach(() => server.close());

  it('starts a run and says where to find it', async () => {
    const response = await server.post('admin', '/api/runs', { sourceId: 'northwind', mode: 'full', tables: ['contact'], isDryRun: true });
    expect(response.status).toBe(202);
    expect(response.headers.get('location')).toBe('/api/runs/run-1');
    expect(await response.json()).toEqual(aRun());
    expect(server.services.started).toEqual([
      {
        request: { sourceId: 'northwind', mode: 'full', tables: ['contact'], isDryRun: true },
        requestedBy: 'user:33333333-3333-4333-8333-333333333333',
      },
    ]);
  });

  it('names the application that starts a run by its client id', async () => {
    await server.post('machine', '/api/runs', { sourceId: 'northwind' });
    expect(server.services.started[0]?.requestedBy).toBe('app:22222222-2222-4222-8222-222222222222');
  });

  it.each([
    ['an unknown field', { sourceId: 'northwind', force: true }, 'the body has force, which is not known'],
    ['no source', {}, 'the body lacks sourceId'],
    [
      'a table twice',
      { sourceId: 'n', tables: ['contact', 'contact'] },
      'tables (in the body) must NOT have duplicate items (items ## 1 and 0 are identical)',
    ],
    ['a table that is none', { sourceId: 'n', tables: ['lead'] }, 'tables.0 (in the body) must be one of account, contact'],
    ['text where a truth value belongs', { sourceId: 'n', isDryRun: 'false' }, 'isDryRun (in the body) must be boolean'],
    ['a bare text', 'northwind', 'the body must be object'],
  ])('refuses %s and names the field', async (_case, body, problem) => {
    const response = await server.post('admin', '/api/runs', body);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: 'request.invalid', title: `The request is not valid: ${problem}` });
    expect(server.services.started).toEqual([]);
  });

  it('lists runs, 50 unless told otherwise', async () => {
    const response = await server.as('admin', '/api/runs');
    expect(await response.json()).toEqual({ runs: [aRun()] });
    await server.as('admin', '/api/runs?limit=200&sourceId=northwind');
    expect(server.services.lists).toEqual([{ limit: 50 }, { limit: 200, sourceId: 'northwind' }]);
  });

  it.each(['limit=0', 'limit=201', 'limit=many', 'limit=1.5', 'page=2'])('refuses the query %s', async (query) => {
    const response = await server.as('admin', `/api/runs?${query}`);
    expect(response.status).toBe(400);
    expect(server.services.lists).toEqual([]);
  });

  it('gives a run with the records that failed', async () => {
    const response = await server.as('admin', '/api/runs/run-1');
    expect(await response.json()).toMatchObject({ run: aRun(), failures: [{ recordId: '7', code: 'mapping.value_too_long' }] });
  });

  it('answers an unknown run with 404', async () => {
    const response = await server.as('admin', '/api/runs/run-2');
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ code: 'run.unknown', title: 'There is no run run-2' });
  });

  it('cancels a run', async () => {
    const response = await server.post('admin', '/api/runs/run-1/cancel');
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ id: 'run-1', state: 'cancelled' });
    expect(server.services.cancelled).toEqual(['run-1']);
  });

  it('sends nothing that the description does not name', async () => {
    server.services.known = { ...aRun(), ...{ internalNote: 'not for outside' } };
    const response = await server.as('admin', '/api/runs/run-1');
    expect(await response.text()).not.toContain('internalNote');
  });
});
