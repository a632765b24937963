import { textArray } from '../database/array-literal.ts';
import type { Sql, SqlDatabase } from '../database/types.ts';
import { moveCheckpoint } from '../records/checkpoints.ts';
import { Overtaken } from '../records/commit-guards.ts';
import { createFailureTable } from '../records/failures.ts';
import { removedState, waitingState } from '../records/links.ts';
import { createRemovalTable } from '../records/removals.ts';
import type { RunStore } from './types.ts';

type AfterPages = Pick<
  RunStore,
  | 'failures'
  | 'arrivedChildren'
  | 'childrenOfRemoved'
  | 'linkedCount'
  | 'pendingRemovals'
  | 'pendingRemovalCount'
  | 'stillPendingRemovals'
  | 'forgetRemovals'
  | 'settleRemovals'
>;

/** The hash of no row. */
const noContent = '00000000-0000-0000-0000-000000000000';

/** What a run still has to do once its pages are read: children whose parents came, removals, and what to report. */
export const createAfterPages = (database: SqlDatabase, schema: string): AfterPages => {
  const failures = createFailureTable(schema);
  const removals = createRemovalTable(schema);

  return {
    failures: (runId, limit) => failures.listOfRun(database, runId, limit),

    async arrivedChildren(sourceId, table, parentTable, afterId, limit) {
      const text = `
        select child.record_id from ${schema}.link as child
        where child.source_id = $1 and child.table_name = $2 and child.state = ${waitingState} and child.record_id > $4
          and exists (
            select from ${schema}.link as parent
            where parent.source_id = $1 and parent.table_name = $3 and parent.record_id = child.parent_id
              and parent.state <> ${removedState}
          )
        order by child.record_id limit $5`;
      const { rows } = await database.query<{ record_id: string }>(text, [sourceId, table, parentTable, afterId, limit]);
      return rows.map((row) => row.record_id);
    },

    async linkedCount(sourceId, table) {
      const text = `select count(*) as count from ${schema}.link where source_id = $1 and table_name = $2 and state <> ${removedState}`;
      return (await database.query<{ count: number }>(text, [sourceId, table])).rows[0]?.count ?? 0;
    },

    async childrenOfRemoved(sourceId, table, { parentTable, sinceMs, parentIds }, afterId, limit) {
      const text = `
        select child.record_id from ${schema}.link as child
        where child.source_id = $1 and child.table_name = $2 and child.state <> ${removedState} and child.record_id > $5
          and child.parent_id in (
            select parent.record_id from ${schema}.link as parent
            where parent.source_id = $1 and parent.table_name = $3 and parent.state = ${removedState} and parent.synced_on_ms >= $4
              and ($7::text is null or parent.record_id = any ($7::text[]))
          )
        order by child.record_id limit $6`;
      const only = parentIds === undefined ? null : textArray(parentIds);
      const { rows } = await database.query<{ record_id: string }>(text, [sourceId, table, parentTable, sinceMs, afterId, limit, only]);
      return rows.map((row) => row.record_id);
    },

    pendingRemovals: (sourceId, table, which, afterId, limit) => removals.list(database, sourceId, table, which, afterId, limit),
    async forgetRemovals(sourceId, table, recordIds) {
      await removals.forget(database, sourceId, table, recordIds);
    },
    pendingRemovalCount: (sourceId, table) => removals.count(database, sourceId, table),

    stillPendingRemovals: (sourceId, table, recordIds) => removals.among(database, sourceId, table, recordIds),

    async settleRemovals({ sourceId, table, recordIds, nowMs, inRun }) {
      if (recordIds.length === 0) return [];
      const overtaken: string[] = [];
      const settle = async (sql: Sql): Promise<void> => {
        // Also where there was no link: who is just making the row finds out by it that the record is gone.
        const text = `
          insert into ${schema}.link (source_id, table_name, record_id, content_hash, state, synced_on_ms, checked_on_ms)
          select $1, $2, removed.record_id, '${noContent}'::uuid, ${removedState}, $4, $4 from unnest($3::text[]) as removed (record_id)
          order by removed.record_id collate "C"
          on conflict (source_id, table_name, record_id) do update set
            state = excluded.state, synced_on_ms = excluded.synced_on_ms, checked_on_ms = excluded.checked_on_ms`;
        await sql.query(text, [sourceId, table, textArray(recordIds), nowMs]);
        await failures.clear(sql, sourceId, table, recordIds);
        if (inRun !== undefined) await moveCheckpoint(sql, schema, { ...inRun, table });
        // After the links, as every commit does it: two that share records cannot wait for each other.
        const waited = new Set(await removals.forget(sql, sourceId, table, recordIds));
        overtaken.push(...recordIds.filter((recordId) => !waited.has(recordId)));
        if (overtaken.length > 0) throw new Overtaken();
      };
      await database.transaction(settle).catch((error: unknown) => {
        if (!(error instanceof Overtaken)) throw error;
      });
      return overtaken;
    },
  };
};
