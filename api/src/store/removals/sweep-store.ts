import type { PageCursor } from '../../crm/types.ts';
import { textArray } from '../database/array-literal.ts';
import type { SqlDatabase } from '../database/types.ts';
import { moveCheckpoint } from '../records/checkpoints.ts';
import { removedState } from '../records/links.ts';
import { mustAskState } from '../records/removals.ts';
import type { Counts } from '../records/types.ts';
import type { SweepStore } from './types.ts';

const nothing: Counts = { read: 0, written: 0, unchanged: 0, stale: 0, filtered: 0, failed: 0, withheld: 0 };

interface SweepRow {
  readonly run_id: string;
  readonly cursor: PageCursor | null;
  readonly is_complete: boolean;
}

export const createSweepStore = (database: SqlDatabase, schema: string): SweepStore => {
  const forgetIds = `delete from ${schema}.swept_id where source_id = $1 and table_name = $2`;

  return {
    async hasOlderLinks(sourceId, table, beforeMs) {
      const text = `
        select exists (
          select from ${schema}.link
          where source_id = $1 and table_name = $2 and state <> ${removedState} and synced_on_ms < $3
        ) as has_older`;
      return (await database.query<{ has_older: boolean }>(text, [sourceId, table, beforeMs])).rows[0]?.has_older ?? false;
    },

    begin: (sourceId, table, runId, nowMs) =>
      database.transaction(async (sql) => {
        const find = `select run_id, cursor, is_complete from ${schema}.sweep where source_id = $1 and table_name = $2 for update`;
        const known = (await sql.query<SweepRow>(find, [sourceId, table])).rows[0];
        if (known?.run_id === runId) return { cursor: known.cursor, isComplete: known.is_complete };
        await sql.query(forgetIds, [sourceId, table]);
        const begin = `
          insert into ${schema}.sweep (source_id, table_name, run_id, began_on_ms) values ($1, $2, $3, $4)
          on conflict (source_id, table_name) do update
          set run_id = excluded.run_id, began_on_ms = excluded.began_on_ms, cursor = null, is_complete = false`;
        await sql.query(begin, [sourceId, table, runId, nowMs]);
        return { cursor: null, isComplete: false };
      }),

    addPage: ({ sourceId, table, runId, ids, cursor }) =>
      database.transaction(async (sql) => {
        const move = `
          update ${schema}.sweep set cursor = $4::text::jsonb
          where source_id = $1 and table_name = $2 and run_id = $3 and not is_complete`;
        const { rowCount } = await sql.query(move, [sourceId, table, runId, cursor === null ? null : JSON.stringify(cursor)]);
        // Another run has begun one of its own; this one will find that out when it concludes.
        if (rowCount === 0 || ids.length === 0) return;
        const add = `
          insert into ${schema}.swept_id (source_id, table_name, record_id)
          select $1, $2, met.record_id from unnest($3::text[]) as met (record_id)
          order by met.record_id collate "C"
          on conflict do nothing`;
        await sql.query(add, [sourceId, table, textArray(ids)]);
      }),

    conclude: ({ sourceId, table, runId, turn }) =>
      database.transaction(async (sql) => {
        const end = `
          update ${schema}.sweep set is_complete = true, cursor = null
          where source_id = $1 and table_name = $2 and run_id = $3 and not is_complete
          returning began_on_ms, exists (select from ${schema}.swept_id where source_id = $1 and table_name = $2) as has_met_any`;
        const { rows } = await sql.query<{ began_on_ms: number; has_met_any: boolean }>(end, [sourceId, table, runId]);
        const ended = rows[0];
        if (ended === undefined) return 0;
        const notMet = `
          select link.record_id from ${schema}.link
          where link.source_id = $1 and link.table_name = $2 and link.state <> ${removedState} and link.synced_on_ms < $3
            and not exists (
              select from ${schema}.swept_id as met
              where met.source_id = $1 and met.table_name = $2 and met.record_id = link.record_id
            )`;
        // What waits already keeps what a person has decided of it.
        const add = `
          with missing as (${notMet}), added as (
            insert into ${schema}.removal (source_id, table_name, record_id, state)
            select $1, $2, record_id, ${ended.has_met_any ? 0 : mustAskState} from missing
            on conflict do nothing
          )
          select count(*) as count from missing`;
        const counted = await sql.query<{ count: number }>(add, [sourceId, table, ended.began_on_ms]);
        const count = Number(counted.rows[0]?.count ?? 0);
        await sql.query(forgetIds, [sourceId, table]);
        const counts = { ...nothing, read: count, withheld: count };
        if (count > 0) await moveCheckpoint(sql, schema, { runId, table, turn, counts, isComplete: true });
        return count;
      }),
  };
};
