import type { Counts } from '../store/records/types.ts';
import type { RunStore, WhichRemovals } from '../store/runs/types.ts';
import { type AppliedRemovals, type RemovalsInRun, applyRemovals } from '../sync/apply-removals.ts';
import { noCounts } from '../sync/counts.ts';
import { syncRecords } from '../sync/sync-records.ts';
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
export const countRemovals = ({ written, missing, failures }: Omit<AppliedRemovals, 'presentIds'>, withheldHere: number): Counts => {
  const all = written + missing + failures.length;
  const own = Math.min(all, withheldHere);
  return { ...noCounts, read: all - own, withheld: own === 0 ? 0 : -own, written, unchanged: missing, failed: failures.length };
};

/** What a run, or a person's approval, needs to carry removals out. */
export interface ApplyPendingOptions {
  readonly runs: Pick<RunStore, 'pendingRemovals' | 'settleRemovals' | 'stillPendingRemovals' | 'forgetRemovals'>;
  readonly which: WhichRemovals;
  readonly signal: AbortSignal;
  readonly inRun?: RemovalsInRun;
}

/** Page by page, each record confirmed by the CRM; those that it has after all go through the five steps. */
export const applyPending = async (sync: TableSync, { runs, which, signal, inRun }: ApplyPendingOptions): Promise<void> => {
  const write = { signal, lane: 'bulk' } as const;
  let afterId = '';
  for (;;) {
    const ids = await runs.pendingRemovals(sync.sourceId, sync.table, which, afterId, removalsPerCall);
    const last = ids.at(-1);
    if (last === undefined) return;
    const applied = await applyRemovals(sync, runs, ids, { ...write, mustConfirm: true, ...(inRun === undefined ? {} : { inRun }) });
    if (applied.presentIds.length > 0) {
      const pages = syncRecords(sync, { kind: 'ids', ids: applied.presentIds }, { ...write, runId: null, isDryRun: false });
      while ((await pages.next()).done !== true);
    }
    afterId = last;
  }
};

/** Carries out what the pages and the sweep collected, unless there is so much of it that a person must look first. */
export const settleRemovals = async (sync: TableSync, context: RunTableContext, turn: number): Promise<void> => {
  const { run, runs, signal } = context;
  const pending = await runs.pendingRemovalCount(run.sourceId, sync.table);
  if (pending > 0) {
    const which = isWithheld(pending, await runs.linkedCount(run.sourceId, sync.table)) ? 'approved' : 'allowed';
    let withheldHere = await countWithheld(sync, context);
    const inRun: RemovalsInRun = {
      stepOf: (applied) => ({ runId: run.id, turn, counts: countRemovals(applied, withheldHere), isComplete: true }),
      onCommitted: ({ counts }) => void (withheldHere += counts.withheld),
    };
    await applyPending(sync, { runs, which, signal, inRun });
  }
  // A deletion that two pages named, or whose record is there after all, waits for nothing: something newer was told or done about it.
  const superseded = (await countWithheld(sync, context)) - (await runs.pendingRemovalCount(run.sourceId, sync.table));
  if (superseded > 0) {
    await runs.addCounts(run.id, sync.table, { counts: { ...noCounts, withheld: -superseded, stale: superseded }, isComplete: true, turn });
  }
};
