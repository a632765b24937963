import { textArray } from '../database/array-literal.ts';
import type { SqlDatabase } from '../database/types.ts';
import type { ErasureStore } from './types.ts';

const minuteMs = 60_000;
const longestPauseMs = 24 * 60 * minuteMs;

/** Whose data is to go and has not gone yet. */
export const createErasureStore = (database: SqlDatabase, schema: string): ErasureStore => {
  const ofRecords = 'source_id = $1 and table_name = $2 and record_id = any ($3::text[])';
  return {
    async add(sourceId, table, recordIds, nowMs) {
      if (recordIds.length === 0) return;
      const text = `
        insert into ${schema}.erasure as known (source_id, table_name, record_id, asked_on_ms, next_on_ms)
        select $1, $2, new.record_id, $4, $4 from unnest($3::text[]) as new (record_id)
        order by new.record_id collate "C"
        on conflict (source_id, table_name, record_id) do update set next_on_ms = least(known.next_on_ms, excluded.next_on_ms)`;
      await database.query(text, [sourceId, table, textArray([...new Set(recordIds)]), nowMs]);
    },
    async due(sourceId, table, nowMs, limit) {
      const text = `
        select record_id from ${schema}.erasure
        where source_id = $1 and table_name = $2 and next_on_ms <= $3 order by record_id limit $4`;
      const { rows } = await database.query<{ record_id: string }>(text, [sourceId, table, nowMs, limit]);
      return rows.map((row) => row.record_id);
    },
    async postpone(sourceId, table, recordIds, nowMs) {
      if (recordIds.length === 0) return;
      const text = `
        update ${schema}.erasure
        set tries = tries + 1, next_on_ms = $4::bigint + least(${longestPauseMs}, ${minuteMs} * (1 << least(tries, 11)))
        where ${ofRecords}`;
      await database.query(text, [sourceId, table, textArray(recordIds), nowMs]);
    },
    async forget(sourceId, table, recordIds) {
      if (recordIds.length === 0) return;
      const parameters = [sourceId, table, textArray(recordIds)];
      await database.transaction(async (sql) => {
        for (const name of ['link', 'failure', 'removal', 'swept_id']) {
          await sql.query(`delete from ${schema}.${name} where ${ofRecords}`, parameters);
        }
      });
    },
    async isRunUnderWay(sourceId) {
      const text = `
        select exists (
          select from ${schema}.run where source_id = $1 and state in ('running', 'paused') and not is_dry_run
        ) as is_under_way`;
      return (await database.query<{ is_under_way: boolean }>(text, [sourceId])).rows[0]?.is_under_way ?? false;
    },
    async finish(sourceId, table, recordIds) {
      if (recordIds.length === 0) return;
      await database.query(`delete from ${schema}.erasure where ${ofRecords}`, [sourceId, table, textArray(recordIds)]);
    },
    async waiting(sourceId) {
      const text = `select count(*) as count from ${schema}.erasure where source_id = $1`;
      return (await database.query<{ count: number }>(text, [sourceId])).rows[0]?.count ?? 0;
    },
  };
};
