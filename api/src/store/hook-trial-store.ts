import type { SqlDatabase } from './database/types.ts';

/** For who tries a webhook: what became of a delivery that he has sent himself. */
export interface HookTrialStore {
  /** null: it has not been stored. */
  find(sourceId: string, deliveryKey: string): Promise<{ readonly isDone: boolean } | null>;
}

export const createHookTrialStore = (database: SqlDatabase, schema: string): HookTrialStore => ({
  async find(sourceId, deliveryKey) {
    const text = `select done_on_ms is not null as is_done from ${schema}.inbox where source_id = $1 and delivery_key = $2`;
    const [row] = (await database.query<{ readonly is_done: boolean }>(text, [sourceId, deliveryKey])).rows;
    return row === undefined ? null : { isDone: row.is_done };
  },
});
