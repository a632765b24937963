import type { Counts } from '../store/types.ts';
import { type AppliedRemovals, applyRemovals } from '../sync/apply-removals.ts';
import { noCounts } from '../sync/counts.ts';
import type { TableSync } from '../sync/types.ts';
import { isWithheld } from './removal-guard.ts';
import type { RunTableContext } from './run-table-context.ts';

const removalsPerCall = 500;

/**
 * How many of this run's own records are still counted as withheld, by all parts of the table. They are settled in the counts of
 * part 0, which can go below 0 there; a table's sum cannot.
 */
const countWithheld = async (sync: TableSync, { run, runs }: RunTableContext): Promise<number> =>
  ((await runs.get(run.id))?.partitions ?? [])
    .filter(({ table }) => table === sync.table)
    .reduce((sum, { counts }) => sum + counts.withheld, 0);

/**
 * Moves removals out of withheld. What an earlier run had withheld was read and counted there; the run that carries it out takes
 * it up once more, so it counts as read here too, and no count goes below 0.
 */
export const countRemovals = ({ written, missing, failures }: AppliedRemovals, withheldHere: number): Counts => {
  const all = written + missing + failures.length;
  const own = Math.min(all, withheldHere);
  return { ...noCounts, read: all - own, withheld: own === 0 ? 0 : -own, written, unchanged: missing, failed: failures.length };
};

const applyPending = async (
  sync: TableSync,
  { run, runs, signal }: RunTableContext,
  turn: number,
  withheldAtStart: number,
): Promise<void> => {
  let withheldHere = withheldAtStart;
  const countsOf = (applied: AppliedRemovals): Counts => {
    const counts = countRemovals(applied, withheldHere);
    withheldHere += counts.withheld;
    return counts;
  };
  let afterId = '';
  for (;;) {
    const ids = await runs.pendingRemovals(run.sourceId, sync.table, afterId, removalsPerCall);
    const last = ids.at(-1);
    if (last === undefined) return;
    await applyRemovals(sync, runs, ids, { signal, lane: 'bulk', inRun: { runId: run.id, turn, countsOf } });
    afterId = last;
  }
};

/** Carries out what the pages collected, unless there is so much of it that a person must look first. */
export const settleRemovals = async (sync: TableSync, context: RunTableContext, turn: number): Promise<void> => {
  const { run, runs } = context;
  const pending = await runs.pendingRemovalCount(run.sourceId, sync.table);
  if (pending > 0 && !isWithheld(pending, await runs.linkedCount(run.sourceId, sync.table))) {
    await applyPending(sync, context, turn, await countWithheld(sync, context));
  }
  // A deletion that two pages named, or whose record came back, waits for nothing: something newer was told or done about it.
  const superseded = (await countWithheld(sync, context)) - (await runs.pendingRemovalCount(run.sourceId, sync.table));
  if (superseded > 0) {
    await runs.addCounts(run.id, sync.table, { counts: { ...noCounts, withheld: -superseded, stale: superseded }, isComplete: true, turn });
  }
};
