import { textArray } from './database/array-literal.ts';
import type { InboxDelivery, InboxStore, SqlDatabase } from './types.ts';

/** How long a done delivery is remembered, so that a CRM that sends it once more is recognised. CRMs give up within 3 days. */
const rememberDoneMs = 7 * 24 * 60 * 60 * 1000;

interface InboxRow {
  readonly delivery_key: string;
  readonly source_id: string;
  readonly events: InboxDelivery['events'];
  readonly received_on_ms: number;
}

export const createInboxStore = (database: SqlDatabase, schema: string): InboxStore => ({
  async put({ sourceId, deliveryKey, events, receivedOnMs }) {
    const text = `
      insert into ${schema}.inbox (source_id, delivery_key, events, received_on_ms) values ($1, $2, $3::text::jsonb, $4)
      on conflict (source_id, delivery_key) do nothing`;
    // Only what the port names: a body that came along by accident is not stored.
    const stored = events.map(({ table, recordIds, action }) => ({ table, recordIds, action }));
    return (await database.query(text, [sourceId, deliveryKey, JSON.stringify(stored), receivedOnMs])).rowCount > 0;
  },

  async pending(sourceId, limit) {
    const text = `
      select delivery_key, source_id, events, received_on_ms from ${schema}.inbox
      where source_id = $1 and done_on_ms is null
      order by sequence limit $2`;
    return (await database.query<InboxRow>(text, [sourceId, limit])).rows.map((row) => ({
      deliveryKey: row.delivery_key,
      sourceId: row.source_id,
      events: row.events,
      receivedOnMs: row.received_on_ms,
    }));
  },

  async settle(sourceId, deliveryKeys, nowMs) {
    if (deliveryKeys.length === 0) return;
    const settleText = `
      update ${schema}.inbox set done_on_ms = $3
      where source_id = $1 and delivery_key = any ($2::text::text[]) and done_on_ms is null`;
    const forgetText = `delete from ${schema}.inbox where source_id = $1 and done_on_ms < $2`;
    await database.transaction(async (sql) => {
      await sql.query(settleText, [sourceId, textArray(deliveryKeys), nowMs]);
      await sql.query(forgetText, [sourceId, nowMs - rememberDoneMs]);
    });
  },
});
