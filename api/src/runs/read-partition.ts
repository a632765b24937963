import { isAppError } from '../errors/app-error.ts';
import type { Partition, PlannedChanges } from '../store/runs/types.ts';
import { negate, noCounts } from '../sync/counts.ts';
import { noPlannedChanges, planChanges } from '../sync/planned-changes.ts';
import type { Selection } from '../sync/pull.ts';
import { syncRecords } from '../sync/sync-records.ts';
import type { TableSync } from '../sync/types.ts';
import { noteRetentionPassed, readsAll } from './plan-table.ts';
import type { RunTableContext } from './run-table-context.ts';

const selectionOf = (partition: Partition, token: string | null): Selection => {
  const { windowFromMs, windowToMs, cursor, slice } = partition;
  const what = { resumeFrom: cursor, ...(slice === null ? {} : { slice }) };
  return readsAll(partition) || windowFromMs === null || windowToMs === null
    ? { kind: 'all', ...what }
    : { kind: 'changes', window: { fromMs: windowFromMs, toMs: windowToMs, ...(token === null ? {} : { token }) }, ...what };
};

/** Gives what the CRM says to begin the next reading of changes with; null when it says nothing. */
const readPages = async (sync: TableSync, context: RunTableContext, partition: Partition, token: string | null): Promise<string | null> => {
  const { run, runs, signal } = context;
  const { turn, part } = partition;
  // A dry run keeps no checkpoint: one that was interrupted counts from the start.
  if (run.isDryRun) await runs.addCounts(run.id, sync.table, { counts: negate(partition.counts), isComplete: false, turn });
  let planned: PlannedChanges = noPlannedChanges(sync.table);
  let changeToken: string | null = null;
  const options = { signal, lane: 'bulk', runId: run.id, turn, part, isDryRun: run.isDryRun } as const;
  for await (const page of syncRecords(sync, selectionOf(partition, token), options)) {
    changeToken = page.changeToken ?? changeToken;
    if (run.isDryRun) {
      planned = await planChanges(sync, page.compared, planned, signal);
      await runs.addCounts(run.id, sync.table, { counts: page.counts, isComplete: false, turn });
    }
    context.throwIfAsked();
  }
  if (run.isDryRun) {
    const others = (await runs.get(run.id))?.plannedChanges.filter(({ table }) => table !== sync.table) ?? [];
    await runs.savePlannedChanges(run.id, [...others, planned]);
    await runs.addCounts(run.id, sync.table, { counts: noCounts, isComplete: true, turn });
  }
  return changeToken;
};

export interface ReadPartition {
  /** As it was last taken up. */
  readonly partition: Partition;
  readonly changeToken: string | null;
}

/**
 * A partition from where its checkpoint stands to its end. A CRM that turns out to have forgotten the changes is read as a whole
 * instead, unless others read parts of it: then the run fails, and says that a full one is needed.
 */
export const readPartition = async (
  sync: TableSync,
  context: RunTableContext,
  partition: Partition,
  token: string | null,
): Promise<ReadPartition> => {
  try {
    return { partition, changeToken: await readPages(sync, context, partition, token) };
  } catch (error) {
    if (!isAppError(error, 'crm.history_expired') || readsAll(partition) || partition.slice !== null) throw error;
    await noteRetentionPassed(sync, context);
    const anew = await context.runs.readAllInstead(context.run.id, sync.table, partition.turn);
    return { partition: anew, changeToken: await readPages(sync, context, anew, null) };
  }
};
