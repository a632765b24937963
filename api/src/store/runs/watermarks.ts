import type { RunStore, SqlDatabase } from '../types.ts';

/** Up to when a source's table has been read. */
export const createWatermarks = (database: SqlDatabase, schema: string): Pick<RunStore, 'watermark' | 'saveWatermark'> => ({
  async watermark(sourceId, table) {
    const text = `select read_up_to_ms, completed_on_ms from ${schema}.watermark where source_id = $1 and table_name = $2`;
    const { rows } = await database.query<{ read_up_to_ms: number; completed_on_ms: number }>(text, [sourceId, table]);
    const [row] = rows;
    return row === undefined ? null : { readUpToMs: row.read_up_to_ms, completedOnMs: row.completed_on_ms };
  },

  async saveWatermark(sourceId, table, { readUpToMs, completedOnMs }) {
    const text = `
      insert into ${schema}.watermark (source_id, table_name, read_up_to_ms, completed_on_ms) values ($1, $2, $3, $4)
      on conflict (source_id, table_name) do update
      set read_up_to_ms = excluded.read_up_to_ms, completed_on_ms = excluded.completed_on_ms`;
    await database.query(text, [sourceId, table, readUpToMs, completedOnMs]);
  },
});
