import type { Partition } from '../store/runs/types.ts';
import type { TableSync } from '../sync/types.ts';
import { endTable } from './end-table.ts';
import { planTable } from './plan-table.ts';
import { readPartition } from './read-partition.ts';
import type { RunTableContext } from './run-table-context.ts';
import type { SweepDependencies } from './sweep-ids.ts';

/** done: the table is read and ended. shared: these parts are for workers, each alone; the last of them calls for the ending. */
export type TableProgress = { readonly kind: 'done' } | { readonly kind: 'shared'; readonly parts: readonly Partition[] };

/** Work on a partition, which is left again whatever happens. */
export const holding = async <Result>(
  { run, runs }: RunTableContext,
  partition: Partition,
  work: () => Promise<Result>,
): Promise<Result> => {
  try {
    return await work();
  } finally {
    const { table, part, turn } = partition;
    // Only a courtesy to those who look who is at work: a store that is away must not hide what went wrong.
    await runs.leavePartition({ runId: run.id, table, part }, turn).catch(() => undefined);
  }
};

const isOpen = ({ state }: Partition): boolean => state !== 'complete';

/**
 * Brings one table of a run on: plans it, reads it where it is a single part, and ends it when all of it is read. What was done
 * before is not done again. Throws `RunStopped` when the worker is to leave.
 */
export const advanceTable = async (sync: TableSync, context: RunTableContext, sweep: SweepDependencies): Promise<TableProgress> => {
  const { run, runs } = context;
  const known = ((await runs.get(run.id)) ?? run).partitions.filter(({ table }) => table === sync.table);
  if (known.some(({ isEnded }) => isEnded)) return { kind: 'done' };
  const parts = known[0]?.windowToMs == null ? await planTable(sync, context) : known;
  const isShared = parts.length > 1;
  if (isShared && parts.some(isOpen)) return { kind: 'shared', parts: parts.filter(isOpen) };

  const first = await runs.startPartition(run.id, sync.table, null);
  await holding(context, first, async () => {
    // A full run begins anew: what the CRM gave before may have expired.
    const token = run.mode === 'full' ? null : ((await runs.watermark(run.sourceId, sync.table))?.changeToken ?? null);
    const read = isOpen(first) ? await readPartition(sync, context, first, token) : { partition: first, changeToken: null };
    await endTable(sync, context, { first: read.partition, changeToken: read.changeToken }, sweep);
  });
  return { kind: 'done' };
};
