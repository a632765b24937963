import { AppError } from '../../../api/src/errors/app-error.ts';
import { startServer, type TestServer } from './support/server.ts';

describe('failed records over HTTP', () => {
  let server: TestServer;
  beforeEach(async () => {
    server = await startServer();
  });
  afterEach(() => server.close());
  const path = '/api/sources/northwind/failures';

  it('are listed for admins alone, by reason and one by one', async () => {
    const response = await server.as('admin', `${path}?table=contact&code=0x80044331&isIgnored=false&after=contact~6&limit=1`);
    expect(await response.json()).toMatchObject({ groups: [{ code: '0x80044331', count: 14 }], records: [{ recordId: '7', tries: 2 }] });
    expect(server.services.lists).toEqual([
      { sourceId: 'northwind', table: 'contact', code: '0x80044331', isIgnored: false, after: 'contact~6', limit: 1 },
    ]);
    expect((await server.as('agent', path)).status).toBe(403);
  });

  it('are tried again, ignored or annotated, and nothing else', async () => {
    const decide = (body: object) => server.post('admin', path, body);
    expect(await (await decide({ action: 'retry' })).json()).toEqual({ decided: 14 });
    expect((await decide({ action: 'ignore', table: 'contact', recordIds: ['7'] })).status).toBe(200);
    expect((await decide({ action: 'annotate', code: '0x80044331', note: 'with the ERP team' })).status).toBe(200);
    for (const wrong of [{}, { action: 'delete' }, { action: 'retry', recordIds: [] }, { action: 'annotate', note: 'x'.repeat(501) }]) {
      expect((await decide(wrong)).status).toBe(400);
    }
    expect((await server.post('agent', path, { action: 'retry' })).status).toBe(403);
    expect(server.services.decisions).toHaveLength(3);
  });

  it('of an unknown source are told as any problem', async () => {
    server.services.failure = new AppError('source.unknown', { source: 'sap', known: 'northwind' });
    expect((await server.as('admin', '/api/sources/sap/failures')).status).toBe(404);
  });
});
