import type { TableName } from '../../crm/types.ts';
import type { Sql, SqlDatabase } from '../database/types.ts';
import type { RunStore, Watermark } from './types.ts';

interface WatermarkRow {
  readonly read_up_to_ms: number;
  readonly completed_on_ms: number;
  readonly change_token: string | null;
  readonly full_records: number | null;
}

export const saveWatermark = async (sql: Sql, schema: string, sourceId: string, table: TableName, watermark: Watermark): Promise<void> => {
  const { readUpToMs, completedOnMs, changeToken, fullRecords } = watermark;
  const text = `
    insert into ${schema}.watermark as known (source_id, table_name, read_up_to_ms, completed_on_ms, change_token, full_records)
    values ($1, $2, $3, $4, $5, $6)
    on conflict (source_id, table_name) do update set
      read_up_to_ms = excluded.read_up_to_ms,
      completed_on_ms = excluded.completed_on_ms,
      change_token = excluded.change_token,
      full_records = coalesce(excluded.full_records, known.full_records)`;
  await sql.query(text, [sourceId, table, readUpToMs, completedOnMs, changeToken ?? null, fullRecords ?? null]);
};

/** Up to when a source's table has been read. */
export const createWatermarks = (database: SqlDatabase, schema: string): Pick<RunStore, 'watermark' | 'saveWatermark'> => ({
  async watermark(sourceId, table) {
    const text = `
      select read_up_to_ms, completed_on_ms, change_token, full_records from ${schema}.watermark
      where source_id = $1 and table_name = $2`;
    const [row] = (await database.query<WatermarkRow>(text, [sourceId, table])).rows;
    if (row === undefined) return null;
    const { read_up_to_ms: readUpToMs, completed_on_ms: completedOnMs, change_token: changeToken, full_records: fullRecords } = row;
    return {
      readUpToMs,
      completedOnMs,
      ...(changeToken === null ? {} : { changeToken }),
      ...(fullRecords === null ? {} : { fullRecords }),
    };
  },

  saveWatermark: (sourceId, table, watermark) => saveWatermark(database, schema, sourceId, table, watermark),
});
