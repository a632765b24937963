import type { SweepStore } from '../store/removals/types.ts';
import type { SweepPolicy, TableSync } from '../sync/types.ts';
import type { RunTableContext } from './run-table-context.ts';

export interface SweepDependencies {
  readonly sweeps: SweepStore;
  readonly policy: SweepPolicy;
}

const isWanted = (sync: TableSync, { run }: RunTableContext, policy: SweepPolicy): boolean => {
  if (run.mode !== 'full' || run.isDryRun || policy === 'never' || sync.writing.removed === 'ignore') return false;
  return policy === 'always' || !sync.reader.marksDeleted;
};

/**
 * Finds records that are gone without a trace: asks the CRM for the ids of all, and makes removals of the linked records that are not
 * among them. Only a walk that came to its end concludes anything; one that was interrupted goes on where it was.
 */
export const sweepIds = async (sync: TableSync, context: RunTableContext, turn: number, dependencies: SweepDependencies): Promise<void> => {
  const { sweeps, policy } = dependencies;
  const { run, signal } = context;
  const { sourceId, table } = sync;
  if (!isWanted(sync, context, policy)) return;
  // On a first load every row has just been read.
  if (!(await sweeps.hasOlderLinks(sourceId, table, run.startedOnMs ?? run.requestedOnMs))) return;
  const { cursor, isComplete } = await sweeps.begin(sourceId, table, run.id, sync.clock.nowMs());
  if (isComplete) return;
  for await (const { ids, next } of sync.reader.listIds(cursor, signal)) {
    await sweeps.addPage({ sourceId, table, runId: run.id, ids, cursor: next });
    context.throwIfAsked();
  }
  await sweeps.conclude({ sourceId, table, runId: run.id, turn });
};
