import type { VerifyStatementBody } from '../../../../api/src/contract/statement.ts';

const side = { total: 1, digest: 'a'.repeat(64) };
/** Of a small verification that found two differences. */
export const aStatement: VerifyStatementBody = {
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
