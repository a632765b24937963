import type { ChangeWindow } from '../crm/types.ts';
import type { Partition, PlannedChanges } from '../store/types.ts';
import { negate, noCounts } from '../sync/counts.ts';
import { noPlannedChanges, planChanges } from '../sync/planned-changes.ts';
import type { Selection } from '../sync/pull.ts';
import { relinkArrivedChildren } from '../sync/relink-children.ts';
import { syncRecords } from '../sync/sync-records.ts';
import type { TableSync } from '../sync/types.ts';
import type { RunTableContext } from './run-table-context.ts';
import { settleRemovals } from './settle-removals.ts';

/**
 * Up to when this pass will have read: the CRM's clock less the lag, fixed before the first page. What changes later is the
 * next run's. A change window starts where the last complete read ended, less the overlap; without one, all is read.
 */
const planWindow = async (sync: TableSync, { run, runs }: RunTableContext): Promise<ChangeWindow> => {
  const toMs = Math.max(0, sync.sourceClock.nowMs() - sync.reader.lagMs);
  if (run.mode === 'full' || !sync.reader.canListChanges) return { fromMs: 0, toMs };
  const watermark = await runs.watermark(run.sourceId, sync.table);
  return { fromMs: watermark === null ? 0 : Math.max(0, watermark.readUpToMs - sync.reader.overlapMs), toMs };
};

const selectionOf = (partition: Partition): Selection => {
  const { windowFromMs, windowToMs, cursor } = partition;
  return windowFromMs === null || windowToMs === null || windowFromMs === 0
    ? { kind: 'all', resumeFrom: cursor }
    : { kind: 'changes', window: { fromMs: windowFromMs, toMs: windowToMs }, resumeFrom: cursor };
};

const readPages = async (sync: TableSync, context: RunTableContext, partition: Partition): Promise<void> => {
  const { run, runs, signal } = context;
  const { turn } = partition;
  // A dry run keeps no checkpoint: one that was interrupted counts from the start.
  if (run.isDryRun) await runs.addCounts(run.id, sync.table, { counts: negate(partition.counts), isComplete: false, turn });
  let planned: PlannedChanges = noPlannedChanges(sync.table);
  const pages = syncRecords(sync, selectionOf(partition), { signal, lane: 'bulk', runId: run.id, turn, isDryRun: run.isDryRun });
  for await (const page of pages) {
    if (run.isDryRun) {
      planned = await planChanges(sync, page.compared, planned, signal);
      await runs.addCounts(run.id, sync.table, { counts: page.counts, isComplete: false, turn });
    }
    context.throwIfCancelled();
  }
  if (run.isDryRun) {
    const others = (await runs.get(run.id))?.plannedChanges.filter(({ table }) => table !== sync.table) ?? [];
    await runs.savePlannedChanges(run.id, [...others, planned]);
    await runs.addCounts(run.id, sync.table, { counts: noCounts, isComplete: true, turn });
  }
};

/** One table of a run, from where its checkpoint stands to its end. Throws `RunCancelled` when somebody asked for that. */
export const runTable = async (sync: TableSync, context: RunTableContext): Promise<void> => {
  const { run, runs, signal } = context;
  const planned = await planWindow(sync, context);
  const partition = await runs.startPartition(run.id, sync.table, planned);
  if (partition.state !== 'complete') await readPages(sync, context, partition);
  if (run.isDryRun) return;

  const { turn } = partition;
  if (sync.reader.parentTable !== null) {
    const pages = relinkArrivedChildren(sync, sync.reader.parentTable, runs, { signal, lane: 'bulk', runId: run.id, turn });
    while ((await pages.next()).done !== true) context.throwIfCancelled();
  }
  // Last, as children may turn out to be gone when they are read again.
  await settleRemovals(sync, context, turn);
  await runs.saveWatermark(run.sourceId, sync.table, {
    readUpToMs: partition.windowToMs ?? planned.toMs,
    completedOnMs: sync.clock.nowMs(),
  });
};
