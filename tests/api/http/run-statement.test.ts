import { aStatement as statement } from './support/statement.ts';
import { startServer, type TestServer } from './support/server.ts';

describe('a verification’s statement over HTTP', () => {
  let server: TestServer;
  beforeEach(async () => {
    server = await startServer();
  });
  afterEach(() => server.close());

  it('is given whole, and as a text that a person reads', async () => {
    server.services.statement = statement;
    expect(await (await server.as('admin', '/api/runs/run-1/statement')).json()).toEqual(statement);
    const response = await server.as('admin', '/api/runs/run-1/statement.txt');
    expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    const text = await response.text();
    expect(text).toContain('CRM        records 1 = missing 1');
    expect(text).toMatch(/missing +1 +1 +0 {2}a record without a row\n +100001\n/);
    expect(text).toContain('7 row b0e5');
  });

  it.each(['/api/runs/run-1/statement', '/api/runs/run-1/statement.txt'])('%s: a run that has none says so', async (address) => {
    const response = await server.as('admin', address);
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ code: 'run.no_statement' });
  });

  it('starts a verification, with a repair', async () => {
    await server.post('admin', '/api/runs', { sourceId: 'northwind', mode: 'verify', repairs: true });
    expect(server.services.started[0]?.request).toEqual({ sourceId: 'northwind', mode: 'verify', repairs: true });
  });
});
