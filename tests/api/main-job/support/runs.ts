import { setTimeout as delay } from 'node:timers/promises';
import type { Counts } from '../../../../api/src/store/records/types.ts';
import type { Run, RunStore } from '../../../../api/src/store/runs/types.ts';
import { addCounts, countsAddUp, noCounts } from '../../../../api/src/sync/counts.ts';
import { type HandMadeProcess, makeProcess, type ProcessParts } from '../../../support/hand-made-process.ts';

/** A process that has learnt within milliseconds that its run is cancelled or paused. */
export const attentiveProcess = (parts: ProcessParts): HandMadeProcess => ({
  ...makeProcess(parts),
  sleep: (_ms, signal) => delay(5, undefined, { signal }),
});

/** Of all tables, or of one. */
export const countsOf = (run: Run, only?: string): Counts =>
  run.partitions
    .filter(({ table }) => only === undefined || table === only)
    .map(({ counts }) => counts)
    .reduce(addCounts, noCounts);

/** As it stands. Whenever somebody looks, each table's counts add up, and none is below zero. */
export const seenRun = async (runs: Pick<RunStore, 'get'>, runId: string): Promise<Run> => {
  const run = await runs.get(runId);
  if (run === null) throw new Error('the run is gone');
  for (const table of run.tables) {
    const counts = countsOf(run, table);
    expect(countsAddUp(counts)).toBe(true);
    for (const [name, count] of Object.entries(counts)) expect([name, count >= 0]).toEqual([name, true]);
  }
  return run;
};
