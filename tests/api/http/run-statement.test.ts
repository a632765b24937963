import type { VerifyStatementBody } from '../../../api/src/contract/statement.ts';
import { startServer, type TestServer } from './support/server.ts';

const side = { total: 1, digest: 'a'.repeat(64) };
const statement: VerifyStatementBody = {
  format: 'crm-sync/verify-1',
  product: { name: 'CRM Sync for Contact Center', version: '1.2.3' },
  runId: 'run-1',
  requestedBy: 'cli',
  source: { id: 'northwind', name: 'Northwind Traders CRM', connector: 'northwind' },
  environment: { address: 'https://contoso.crm4.dynamics.com', organizationId: 'contoso' },
  startedOn: '2026-11-22T08:00:00.000Z',
  finishedOn: '2026-11-22T08:01:00.000Z',
  repairs: false,
  agrees: false,
  crm: side,
  dataverse: side,
  tables: [
    {
      table: 'contact',
      asOf: '2026-11-22T08:00:00.000Z',
      crm: side,
      dataverse: side,
      unreadable: 0,
      repaired: 0,
      withheldRemovals: 0,
      equations: { crm: 'records 1 = missing 1', dataverse: 'rows 1 = doubled 1' },
      classes: [
        { verdict: 'missing', isDifference: true, found: 1, records: 1, rows: 0, samples: [{ recordId: '100001' }] },
        { verdict: 'doubled', isDifference: true, found: 1, records: 0, rows: 1, samples: [{ recordId: '7', rowId: 'b0e5' }] },
      ],
    },
  ],
};

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
