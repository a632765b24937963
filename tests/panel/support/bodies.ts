import type { Counts, DataverseUse, FailedRecord, Problem, Run, RunPart, Source, VerifyClass, VerifyStatement } from '@crm-sync/client';

export const counts = (changes: Partial<Counts> = {}): Counts => ({
  read: 0,
  written: 0,
  unchanged: 0,
  stale: 0,
  filtered: 0,
  failed: 0,
  withheld: 0,
  ...changes,
});

export const part = (table: RunPart['table'], state: RunPart['state'], changes: Partial<Counts> = {}): RunPart => ({
  table,
  state,
  counts: counts(changes),
  workers: state === 'running' ? 1 : 0,
  slices: 1,
});

export const run = (changes: Partial<Run> = {}): Run => ({
  id: 'run-1',
  sourceId: 'northwind',
  mode: 'full',
  isDryRun: false,
  tables: ['account', 'contact'],
  state: 'succeeded',
  requestedBy: 'Ada Admin',
  requestedOn: '2026-11-22T08:00:00.000Z',
  startedOn: '2026-11-22T08:00:01.000Z',
  finishedOn: '2026-11-22T08:01:06.000Z',
  counts: counts({ read: 61204, written: 1302, unchanged: 59902 }),
  parts: [],
  plannedChanges: [],
  notes: [],
  ...changes,
});

export const dataverseUse = (changes: Partial<DataverseUse> = {}): DataverseUse => ({
  users: [
    { clientId: 'first', lanes: 9, pausedSeconds: 0 },
    { clientId: 'second', lanes: 8, pausedSeconds: 0 },
  ],
  waitingSeconds: 0,
  requests: { day: '2026-11-26', used: 12300, limit: 500000, resetsOn: '2026-11-27T00:00:00.000Z' },
  ...changes,
});

export const runningRun = (read: number, changes: Partial<Run> = {}): Run =>
  run({ state: 'running', finishedOn: undefined, counts: counts({ read, unchanged: read }), ...changes });

export const source = (changes: Partial<Source> = {}): Source => ({
  id: 'northwind',
  name: 'Northwind Traders CRM',
  connector: 'northwind',
  tables: ['account', 'contact'],
  schedules: [],
  ...changes,
});

export const failure = (recordId: string, changes: Partial<FailedRecord> = {}): FailedRecord => ({
  table: 'contact',
  recordId,
  code: 'mapping.value_too_long',
  failureClass: 'data',
  reason: 'The value for lastname has 61 characters; 50 fit',
  help: 'Shorten it in the CRM.',
  ...changes,
});

export const problem = (changes: Partial<Problem> = {}): Problem => ({
  type: '/docs/errors#store.unavailable',
  code: 'store.unavailable',
  title: 'The database cannot be used',
  help: 'Check that the server is up.',
  reference: 'req-7',
  status: 503,
  isRetryable: true,
  ...changes,
});

export const verifyClass = (verdict: VerifyClass['verdict'], changes: Partial<VerifyClass> = {}): VerifyClass => ({
  verdict,
  isDifference: verdict !== 'same',
  found: 0,
  records: 0,
  rows: 0,
  samples: [],
  ...changes,
});

export const statement = (classes: VerifyClass[], changes: Partial<VerifyStatement> = {}): VerifyStatement => ({
  format: 'crm-sync/verify-1',
  product: { name: 'CRM Sync for Contact Center', version: '0.1.0' },
  runId: 'run-1',
  requestedBy: 'cli',
  source: { id: 'northwind', name: 'Northwind Traders CRM', connector: 'northwind' },
  environment: { address: 'https://contoso.crm4.dynamics.com', organizationId: 'contoso' },
  startedOn: '2026-11-22T08:00:00.000Z',
  finishedOn: '2026-11-22T08:01:00.000Z',
  repairs: false,
  agrees: false,
  crm: { total: 1000, digest: 'a'.repeat(64) },
  dataverse: { total: 999, digest: 'b'.repeat(64) },
  tables: [
    {
      table: 'contact',
      asOf: '2026-11-22T08:00:00.000Z',
      crm: { total: 1000, digest: 'a'.repeat(64) },
      dataverse: { total: 999, digest: 'b'.repeat(64) },
      unreadable: 0,
      repaired: 0,
      withheldRemovals: 0,
      equations: { crm: 'records 1000 = same 1000', dataverse: 'rows 999 = same 999' },
      classes,
    },
  ],
  ...changes,
});
