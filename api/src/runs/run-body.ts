import type { RunBody } from '../contract/schemas.ts';
import { type Partition, type Run, finalRunStates } from '../store/types.ts';
import { addCounts, noCounts } from '../sync/counts.ts';

const instant = (ms: number): string => new Date(ms).toISOString();

/** A run that was cancelled or failed leaves the table that it was reading where it stood: nobody works on it any more. */
const partState = (run: Run, { state }: Partition): RunBody['parts'][number]['state'] =>
  state === 'running' && finalRunStates.has(run.state) ? 'stopped' : state;

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
    parts: run.partitions.map((partition) => ({
      table: partition.table,
      state: partState(run, partition),
      counts: partition.counts,
      expected: partition.expectedRecords ?? undefined,
    })),
    plannedChanges: run.plannedChanges.map((changes) => ({
      ...changes,
      columns: { ...changes.columns },
      sampleRecordIds: [...changes.sampleRecordIds],
    })),
    error: run.error ?? undefined,
  };
};
