import type { RemovalService } from '../contract/services.ts';
import type { TableName } from '../crm/types.ts';
import { AppError } from '../errors/app-error.ts';
import type { Jobs } from '../store/jobs/types.ts';
import type { RemovalStore } from '../store/removals/types.ts';
import type { RunStore } from '../store/runs/types.ts';
import { type SyncDependencies, openTableSync } from '../sync/open-table-sync.ts';
import type { Sources } from '../sync/sources.ts';
import type { Source } from '../sync/types.ts';
import { applyPending } from './settle-removals.ts';

export interface RemovalServiceDependencies {
  readonly sources: Sources;
  readonly removals: RemovalStore;
  readonly runs: Pick<RunStore, 'linkedCount'>;
  readonly jobs: Pick<Jobs, 'send'>;
}

const requireTable = ({ id, connector }: Source, table: TableName): void => {
  if (!connector.tables.includes(table)) {
    throw new AppError('source.table_unknown', { source: id, table, known: connector.tables.join(', ') });
  }
};

export const createRemovalService = ({ sources, removals, runs, jobs }: RemovalServiceDependencies): RemovalService => ({
  async list(sourceId, { table: only, afterId = '', limit }) {
    const source = sources.get(sourceId);
    if (only !== undefined) requireTable(source, only);
    const tables = only === undefined ? source.connector.tables : [only];
    return {
      sourceId,
      tables: await Promise.all(
        tables.map(async (table) => {
          const [{ count, mark }, linked, recordIds] = await Promise.all([
            removals.summary(sourceId, table),
            runs.linkedCount(sourceId, table),
            removals.waiting(sourceId, table, afterId, limit),
          ]);
          const last = recordIds.length === limit ? recordIds.at(-1) : undefined;
          return {
            table,
            waiting: count,
            linked,
            action: source.writing?.removed ?? 'deactivate',
            mark,
            recordIds: [...recordIds],
            ...(last === undefined ? {} : { nextAfterId: last }),
          };
        }),
      ),
    };
  },

  async approve(sourceId, { table, ...limits }) {
    requireTable(sources.get(sourceId), table);
    const approved = await removals.approve(sourceId, table, limits);
    if (approved === null) throw new AppError('removals.changed', { source: sourceId, table });
    await jobs.send('removals', { sourceId, table }, { singletonKey: `${sourceId} ${table}` });
    return { table, decided: approved };
  },

  async dismiss(sourceId, table) {
    requireTable(sources.get(sourceId), table);
    return { table, decided: await removals.dismiss(sourceId, table) };
  },
});

export interface ApprovedRemovalsDependencies extends SyncDependencies {
  readonly sources: Sources;
  readonly runs: Parameters<typeof applyPending>[1]['runs'];
}

/** The job behind an approval: carries out what was approved. Safe to repeat; every start sends one, and mostly there is nothing to do. */
export const applyApprovedRemovals = async (
  { sourceId, table }: { readonly sourceId: string; readonly table: TableName },
  dependencies: ApprovedRemovalsDependencies,
  signal: AbortSignal,
): Promise<void> => {
  const source = dependencies.sources.all().find(({ id }) => id === sourceId);
  // No longer configured: a job that failed for that would be tried again for ever.
  if (source === undefined || !source.connector.tables.includes(table)) return;
  if ((await dependencies.runs.pendingRemovals(sourceId, table, 'approved', '', 1)).length === 0) return;
  const sync = await openTableSync(source, table, dependencies, signal);
  await applyPending(sync, { runs: dependencies.runs, which: 'approved', signal });
};
