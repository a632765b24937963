import type { SqlDatabase } from './database/types.ts';
import type { ScheduleStore } from './types.ts';

export const createScheduleStore = (database: SqlDatabase, schema: string): ScheduleStore => {
  // Due: a later moment than the last that was taken, or one whose taker has died before it started a run.
  const isOpen = `(due_on_ms < $3::bigint or (run_id is null and claimed_on_ms <= $4::bigint))`;

  return {
    async isDue(sourceId, key, { dueMs, nowMs, claimLastsMs }) {
      // The moments before a schedule was there are nobody's.
      const remember = `
        insert into ${schema}.schedule (source_id, schedule_key, due_on_ms, claimed_on_ms, run_id) values ($1, $2, $3, $4, '')
        on conflict do nothing`;
      await database.query(remember, [sourceId, key, dueMs, nowMs]);
      const text = `select exists (select from ${schema}.schedule where source_id = $1 and schedule_key = $2 and ${isOpen}) as is_due`;
      const { rows } = await database.query<{ is_due: boolean }>(text, [sourceId, key, dueMs, nowMs - claimLastsMs]);
      return rows[0]?.is_due ?? false;
    },

    async claim(sourceId, key, { dueMs, nowMs, claimLastsMs }) {
      const text = `
        update ${schema}.schedule set due_on_ms = $3, claimed_on_ms = $5, run_id = null
        where source_id = $1 and schedule_key = $2 and ${isOpen}`;
      return (await database.query(text, [sourceId, key, dueMs, nowMs - claimLastsMs, nowMs])).rowCount > 0;
    },

    async started(sourceId, key, { dueMs, runId }) {
      const text = `update ${schema}.schedule set run_id = $4 where source_id = $1 and schedule_key = $2 and due_on_ms = $3`;
      await database.query(text, [sourceId, key, dueMs, runId]);
    },
  };
};
