import type { Partition, Run } from '../store/runs/types.ts';
import { openTableSync } from '../sync/open-table-sync.ts';
import { readPartition } from './read-partition.ts';
import { holding } from './run-table.ts';
import { sendRun } from './send-work.ts';
import { type RunDependencies, workOnRun } from './work-on-run.ts';

export interface PartitionJob {
  readonly runId: string;
  readonly table: string;
  readonly part: number;
}

const partsOf = (run: Run | null, table: string): readonly Partition[] => run?.partitions.filter((one) => one.table === table) ?? [];

/** Reads one part of a table to its end, as far as others have left it. The worker that completes the last one calls for what is next. */
export const executePartition = async (
  { runId, table, part }: PartitionJob,
  dependencies: RunDependencies,
  processSignal: AbortSignal,
): Promise<void> => {
  const { runs, sources, jobs } = dependencies;
  const run = await runs.get(runId);
  const found = partsOf(run, table).find((one) => one.part === part);
  // Paused, or over: whoever resumes the run calls again for the parts that are left.
  if (run?.state !== 'running' || found === undefined) return;

  if (found.state !== 'complete') {
    await workOnRun(run, { table, part }, dependencies, processSignal, async (context) => {
      const source = sources.get(run.sourceId);
      await source.connector.check(context.signal);
      const sync = await openTableSync(source, found.table, dependencies, context.signal);
      const taken = await runs.startPartition(runId, found.table, null, part);
      if (taken.state !== 'complete') await holding(context, taken, () => readPartition(sync, context, taken, null));
    });
  }
  // Also by a worker that finds it complete: the one that completed it may have died before it could say so.
  if (partsOf(await runs.get(runId), table).every(({ state }) => state === 'complete')) await sendRun(jobs, runId);
};
