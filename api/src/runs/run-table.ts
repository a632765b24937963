import type { ChangeWindow } from '../crm/types.ts';
import type { Partition, PlannedChanges, Watermark } from '../store/types.ts';
import { negate, noCounts } from '../sync/counts.ts';
import { noPlannedChanges, planChanges } from '../sync/planned-changes.ts';
import type { Selection } from '../sync/pull.ts';
import { relinkArrivedChildren, rereadChildrenOfRemoved } from '../sync/relink-children.ts';
import { syncRecords } from '../sync/sync-records.ts';
import type { TableSync } from '../sync/types.ts';
import type { RunTableContext } from './run-table-context.ts';
import { settleRemovals } from './settle-removals.ts';
import { type SweepDependencies, sweepIds } from './sweep-ids.ts';

/**
 * Up to when this pass will have read: the CRM's clock less the lag, fixed before the first page. What changes later is the
 * next run's. A change window starts where the last complete read ended, less the overlap; without one, all is read.
 */
const planWindow = async (sync: TableSync, { run }: RunTableContext, watermark: Watermark | null): Promise<ChangeWindow> => {
  const toMs = Math.max(0, sync.sourceClock.nowMs() - sync.reader.lagMs);
  if (run.mode === 'full' || !sync.reader.canListChanges) return { fromMs: 0, toMs };
  const fromMs = watermark === null ? 0 : Math.max(0, watermark.readUpToMs - sync.reader.overlapMs);
  const { retentionMs } = sync.reader;
  // The CRM has forgotten some of what changed since.
  return { fromMs: retentionMs !== null && toMs - fromMs > retentionMs ? 0 : fromMs, toMs };
};

const selectionOf = (partition: Partition, token: string | null): Selection => {
  const { windowFromMs, windowToMs, cursor } = partition;
  return windowFromMs === null || windowToMs === null || windowFromMs === 0
    ? { kind: 'all', resumeFrom: cursor }
    : { kind: 'changes', window: { fromMs: windowFromMs, toMs: windowToMs, ...(token === null ? {} : { token }) }, resumeFrom: cursor };
};

const withToken = (changeToken: string | null): { readonly changeToken?: string } => (changeToken === null ? {} : { changeToken });

/** Gives what the CRM says to begin the next reading of changes with; null when it says nothing. */
const readPages = async (sync: TableSync, context: RunTableContext, partition: Partition, token: string | null): Promise<string | null> => {
  const { run, runs, signal } = context;
  const { turn } = partition;
  // A dry run keeps no checkpoint: one that was interrupted counts from the start.
  if (run.isDryRun) await runs.addCounts(run.id, sync.table, { counts: negate(partition.counts), isComplete: false, turn });
  let planned: PlannedChanges = noPlannedChanges(sync.table);
  let changeToken: string | null = null;
  const pages = syncRecords(sync, selectionOf(partition, token), { signal, lane: 'bulk', runId: run.id, turn, isDryRun: run.isDryRun });
  for await (const page of pages) {
    changeToken = page.changeToken ?? changeToken;
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
  return changeToken;
};

/** One table of a run, from where its checkpoint stands to its end. Throws `RunCancelled` when somebody asked for that. */
export const runTable = async (sync: TableSync, context: RunTableContext, sweep: SweepDependencies): Promise<void> => {
  const { run, runs, signal } = context;
  const watermark = await runs.watermark(run.sourceId, sync.table);
  const planned = await planWindow(sync, context, watermark);
  const partition = await runs.startPartition(run.id, sync.table, planned);
  // A full run begins anew: what the CRM gave before may have expired.
  const before = run.mode === 'full' ? null : (watermark?.changeToken ?? null);
  const changeToken = partition.state === 'complete' ? null : await readPages(sync, context, partition, before);
  if (run.isDryRun) return;

  const { turn } = partition;
  const { parentTable } = sync.reader;
  if (parentTable !== null) {
    const options = { signal, lane: 'bulk', runId: run.id, turn } as const;
    const ends = [relinkArrivedChildren(sync, parentTable, runs, options)];
    if (watermark !== null) ends.push(rereadChildrenOfRemoved(sync, { parentTable, sinceMs: watermark.completedOnMs }, runs, options));
    for (const pages of ends) while ((await pages.next()).done !== true) context.throwIfCancelled();
  }
  await sweepIds(sync, context, turn, sweep);
  // Last, as children may turn out to be gone when they are read again.
  await settleRemovals(sync, context, turn);
  await runs.saveWatermark(run.sourceId, sync.table, {
    readUpToMs: partition.windowToMs ?? planned.toMs,
    completedOnMs: sync.clock.nowMs(),
    // A run that ended right after its last page no longer knows the new one: the old one reads some changes again, and loses none.
    ...withToken(changeToken ?? before),
  });
};
