import type { Counts, Run } from '../../../api/client/src/index.ts';

export const noCounts: Counts = { read: 0, written: 0, unchanged: 0, stale: 0, filtered: 0, failed: 0, withheld: 0 };

export const runWith = (changes: Partial<Run>): Run => ({
  id: 'run-1',
  sourceId: 'northwind',
  mode: 'full',
  isDryRun: false,
  tables: ['account', 'contact'],
  state: 'running',
  requestedBy: 'Ada Admin',
  requestedOn: '2026-11-22T08:00:00.000Z',
  counts: noCounts,
  parts: [],
  plannedChanges: [],
  notes: [],
  ...changes,
});
