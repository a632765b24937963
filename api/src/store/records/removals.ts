import type { TableName } from '../../crm/types.ts';
import { textArray } from '../database/array-literal.ts';
import type { Sql } from '../database/types.ts';
import type { WhichRemovals } from '../runs/types.ts';

/** 0: waits for its run's end. 1: a person has approved it. 2: a person must, whatever their number. */
export const approvedState = 1;
export const mustAskState = 2;

const conditions: Readonly<Record<WhichRemovals, string>> = {
  all: '',
  allowed: `and state <> ${mustAskState}`,
  approved: `and state = ${approvedState}`,
};

export interface RemovalTable {
  add(sql: Sql, sourceId: string, table: TableName, recordIds: readonly string[], foundOnMs: number): Promise<void>;
  /** Gives those that were there. */
  forget(sql: Sql, sourceId: string, table: TableName, recordIds: readonly string[]): Promise<readonly string[]>;
  /** Keyset by id: those after `afterId`. */
  list(sql: Sql, sourceId: string, table: TableName, which: WhichRemovals, afterId: string, limit: number): Promise<readonly string[]>;
  among(sql: Sql, sourceId: string, table: TableName, recordIds: readonly string[]): Promise<readonly string[]>;
  count(sql: Sql, sourceId: string, table: TableName): Promise<number>;
}

export const createRemovalTable = (schema: string): RemovalTable => ({
  async add(sql, sourceId, table, recordIds, foundOnMs) {
    if (recordIds.length === 0) return;
    const text = `
      insert into ${schema}.removal as known (source_id, table_name, record_id, found_on_ms)
      select $1, $2, new.record_id, $4 from unnest($3::text[]) as new (record_id)
      order by new.record_id collate "C"
      on conflict (source_id, table_name, record_id) do update set found_on_ms = greatest(known.found_on_ms, excluded.found_on_ms)`;
    await sql.query(text, [sourceId, table, textArray([...new Set(recordIds)]), foundOnMs]);
  },
  async forget(sql, sourceId, table, recordIds) {
    const text = `delete from ${schema}.removal where source_id = $1 and table_name = $2 and record_id = any ($3::text[]) returning record_id`;
    const { rows } = await sql.query<{ record_id: string }>(text, [sourceId, table, textArray(recordIds)]);
    return rows.map((row) => row.record_id);
  },
  async list(sql, sourceId, table, which, afterId, limit) {
    const text = `
      select record_id from ${schema}.removal
      where source_id = $1 and table_name = $2 and record_id > $3 ${conditions[which]}
      order by record_id limit $4`;
    const { rows } = await sql.query<{ record_id: string }>(text, [sourceId, table, afterId, limit]);
    return rows.map((row) => row.record_id);
  },
  async among(sql, sourceId, table, recordIds) {
    const text = `
      select record_id from ${schema}.removal
      where source_id = $1 and table_name = $2 and record_id = any ($3::text[])`;
    const { rows } = await sql.query<{ record_id: string }>(text, [sourceId, table, textArray(recordIds)]);
    return rows.map((row) => row.record_id);
  },
  async count(sql, sourceId, table) {
    const text = `select count(*) as count from ${schema}.removal where source_id = $1 and table_name = $2`;
    return (await sql.query<{ count: number }>(text, [sourceId, table])).rows[0]?.count ?? 0;
  },
});
