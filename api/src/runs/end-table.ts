import type { Partition, Run } from '../store/runs/types.ts';
import { addCounts, noCounts } from '../sync/counts.ts';
import { relinkArrivedChildren, rereadChildrenOfRemoved } from '../sync/relink-children.ts';
import type { TableSync } from '../sync/types.ts';
import { isSuspicion, judgeReading } from './judge-reading.ts';
import { readsAll } from './plan-table.ts';
import { describeNote } from './run-error.ts';
import type { RunTableContext } from './run-table-context.ts';
import { settleRemovals } from './settle-removals.ts';
import { type SweepDependencies, sweepIds } from './sweep-ids.ts';

const withToken = (changeToken: string | null): { readonly changeToken?: string } => (changeToken === null ? {} : { changeToken });

const countsOf = ({ partitions }: Run, table: string) =>
  partitions
    .filter((partition) => partition.table === table)
    .map(({ counts }) => counts)
    .reduce(addCounts, noCounts);

export interface EndedReading {
  /** Part 0, as it was taken up for this. */
  readonly first: Partition;
  /** What the next reading of changes begins with; null where the CRM gives nothing. */
  readonly changeToken: string | null;
}

/** Whether what was read is not to be believed, which the run then says. */
const isSuspicious = async (sync: TableSync, { run, runs }: RunTableContext, first: Partition): Promise<boolean> => {
  const [watermark, now] = [await runs.watermark(run.sourceId, sync.table), (await runs.get(run.id)) ?? run];
  // An ending that was interrupted has applied removals already, which it would now count.
  if (now.notes.some((note) => note.table === sync.table && isSuspicion(note))) return true;
  const suspicion = judgeReading({
    table: sync.table,
    counts: countsOf(now, sync.table),
    isWhole: readsAll(first),
    recordsBefore: watermark?.fullRecords ?? null,
    acceptsFewer: run.acceptsFewer,
  });
  if (suspicion !== null) await runs.addNote(run.id, describeNote(sync.table, suspicion));
  return suspicion !== null;
};

/**
 * What follows the last page of a table, whoever read it: children are linked, removals settled, the watermark moved. Every step is
 * safe to repeat, and the last one says that it is done; so it is done once, also when workers die on the way.
 */
export const endTable = async (
  sync: TableSync,
  context: RunTableContext,
  { first, changeToken }: EndedReading,
  sweep: SweepDependencies,
): Promise<void> => {
  const { run, runs, signal } = context;
  const { turn } = first;
  if (run.isDryRun) return runs.endTable(run.id, sync.table, turn, null);
  const isToBeBelieved = !(await isSuspicious(sync, context, first));
  const { read: fullRecords } = countsOf((await runs.get(run.id)) ?? run, sync.table);

  const watermark = await runs.watermark(run.sourceId, sync.table);
  const { parentTable } = sync.reader;
  if (parentTable !== null) {
    const options = { signal, lane: 'bulk', runId: run.id, turn } as const;
    const ends = [relinkArrivedChildren(sync, parentTable, runs, options)];
    if (watermark !== null) ends.push(rereadChildrenOfRemoved(sync, { parentTable, sinceMs: watermark.completedOnMs }, runs, options));
    for (const pages of ends) while ((await pages.next()).done !== true) context.throwIfAsked();
  }
  if (!isToBeBelieved) return runs.endTable(run.id, sync.table, turn, null);
  await sweepIds(sync, context, turn, sweep);
  // Last, as children may turn out to be gone when they are read again.
  await settleRemovals(sync, context, turn);
  const before = run.mode === 'full' ? null : (watermark?.changeToken ?? null);
  await runs.endTable(run.id, sync.table, turn, {
    readUpToMs: first.windowToMs ?? 0,
    completedOnMs: sync.clock.nowMs(),
    // A run that ended right after its last page no longer knows the new one: the old one reads some changes again, and loses none.
    ...withToken(changeToken ?? before),
    ...(readsAll(first) ? { fullRecords } : {}),
  });
};
