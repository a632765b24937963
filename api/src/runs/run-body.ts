import type { RunBody } from '../contract/runs.ts';
import type { TableName } from '../crm/types.ts';
import { type Partition, type Run, finalRunStates } from '../store/runs/types.ts';
import { addCounts, noCounts } from '../sync/counts.ts';

const instant = (ms: number): string => new Date(ms).toISOString();

/** A run that was cancelled or failed leaves the table that it was reading where it stood: nobody works on it any more. */
const tableState = (run: Run, partitions: readonly Partition[]): RunBody['parts'][number]['state'] => {
  if (partitions.every(({ state }) => state === 'complete')) return 'complete';
  if (partitions.every(({ state }) => state === 'waiting')) return 'waiting';
  return finalRunStates.has(run.state) ? 'stopped' : 'running';
};

/** Of a table as a whole: in how many parts it is read is the workers' business. */
const tableBody = (run: Run, table: TableName): RunBody['parts'][number] => {
  const partitions = run.partitions.filter((partition) => partition.table === table);
  const expected = partitions.map(({ expectedRecords }) => expectedRecords);
  return {
    table,
    state: tableState(run, partitions),
    counts: partitions.map(({ counts }) => counts).reduce(addCounts, noCounts),
    expected: expected.includes(null) ? undefined : expected.reduce<number>((sum, records) => sum + (records ?? 0), 0),
    workers: partitions.filter(({ isHeld }) => isHeld).length,
    slices: partitions.length,
  };
};

/** A stored run as the API shows it. `nowMs` is the end of a run that still works, for its speed. */
export const toRunBody = (run: Run, nowMs: number): RunBody => {
  const counts = run.partitions.map((partition) => partition.counts).reduce(addCounts, noCounts);
  const elapsedMs = run.startedOnMs === null ? 0 : (run.finishedOnMs ?? nowMs) - run.startedOnMs;
  return {
    id: run.id,
    sourceId: run.sourceId,
    mode: run.mode,
    isDryRun: run.isDryRun,
    repairs: run.repairs,
    tables: [...run.tables],
    state: run.state,
    requestedBy: run.requestedBy,
    requestedOn: instant(run.requestedOnMs),
    startedOn: run.startedOnMs === null ? undefined : instant(run.startedOnMs),
    finishedOn: run.finishedOnMs === null ? undefined : instant(run.finishedOnMs),
    recordsPerSecond: elapsedMs > 0 ? Math.round((counts.read * 10_000) / elapsedMs) / 10 : undefined,
    counts,
    parts: run.tables.map((table) => tableBody(run, table)),
    plannedChanges: run.plannedChanges.map((changes) => ({
      ...changes,
      columns: { ...changes.columns },
      sampleRecordIds: [...changes.sampleRecordIds],
    })),
    notes: run.notes.map((note) => ({ ...note })),
    error: run.error ?? undefined,
  };
};
