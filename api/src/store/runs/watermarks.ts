import type { RunStore, SqlDatabase } from '../types.ts';

interface WatermarkRow {
  readonly read_up_to_ms: number;
  readonly completed_on_ms: number;
  readonly change_token: string | null;
}

/** Up to when a source's table has been read. */
export const createWatermarks = (database: SqlDatabase, schema: string): Pick<RunStore, 'watermark' | 'saveWatermark'> => ({
  async watermark(sourceId, table) {
    const text = `select read_up_to_ms, completed_on_ms, change_token from ${schema}.watermark where source_id = $1 and table_name = $2`;
    const [row] = (await database.query<WatermarkRow>(text, [sourceId, table])).rows;
    if (row === undefined) return null;
    const { read_up_to_ms: readUpToMs, completed_on_ms: completedOnMs, change_token: changeToken } = row;
    return { readUpToMs, completedOnMs, ...(changeToken === null ? {} : { changeToken }) };
  },

  async saveWatermark(sourceId, table, { readUpToMs, completedOnMs, changeToken }) {
    const text = `
      insert into ${schema}.watermark (source_id, table_name, read_up_to_ms, completed_on_ms, change_token) values ($1, $2, $3, $4, $5)
      on conflict (source_id, table_name) do update
      set read_up_to_ms = excluded.read_up_to_ms, completed_on_ms = excluded.completed_on_ms, change_token = excluded.change_token`;
    await database.query(text, [sourceId, table, readUpToMs, completedOnMs, changeToken ?? null]);
  },
});
