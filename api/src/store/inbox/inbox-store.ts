import type { JsonValue } from '../../crm/types.ts';
import type { WebhookEvent } from '../../crm/webhook/types.ts';
import { AppError } from '../../errors/app-error.ts';
import type { Seal } from '../credentials/seal.ts';
import { textArray } from '../database/array-literal.ts';
import { groupWhileBusy } from '../database/group-while-busy.ts';
import type { SqlDatabase } from '../database/types.ts';
import { doneAreRememberedMs } from './kept.ts';
import { createPutGroup } from './put-deliveries.ts';
import type { InboxDelivery, InboxStore, NewDelivery, StoredDelivery } from './types.ts';

/** What is read of a batch at most, beside one delivery that is larger alone: a delivery brings up to 1 MiB along. */
const batchBytes = 8 * 1024 * 1024;
const hourMs = 3_600_000;

interface InboxRow {
  readonly delivery_key: string;
  readonly events: StoredDelivery['events'];
  readonly received_on_ms: number;
  readonly sealed: string | null;
}

const contextOf = (sourceId: string, deliveryKey: string): string => `inbox ${sourceId} ${deliveryKey}`;

const carriedText = (events: readonly WebhookEvent[]): string | null =>
  events.some(({ carried }) => carried !== undefined) ? JSON.stringify(events.map(({ carried }) => carried ?? null)) : null;

/** Nothing that comes together is large: what a delivery brings along is at most 1 MiB, and rare. */
const mostPutAtOnce = 50;

/** `seal` keeps what deliveries bring along; null: they cannot. */
export const createInboxStore = (database: SqlDatabase, schema: string, seal: Seal | null): InboxStore => {
  const pendingText = `
    select delivery_key, events, received_on_ms, sealed from (
      select *, sum(coalesce(octet_length(sealed), 0)) over (order by sequence) - coalesce(octet_length(sealed), 0) as bytes_before
      from (
        select delivery_key, events, received_on_ms, sealed, sequence from ${schema}.inbox
        where source_id = $1 and done_on_ms is null and ($3::text is null or not exists (
          select from jsonb_array_elements(events) as event where event ->> 'table' <> all ($3::text[])
        ))
        order by sequence limit $2
      ) as oldest
    ) as sized
    where bytes_before < ${batchBytes}
    order by sequence`;

  const settleText = `
    with settled as (
      update ${schema}.inbox as known set done_on_ms = $4, outcome = new.outcome::jsonb, problem = null, sealed = null
      from unnest($2::text[], $3::text[]) as new (delivery_key, outcome)
      where known.source_id = $1 and known.delivery_key = new.delivery_key and known.done_on_ms is null
      returning known.hook, coalesce(known.secret_name, '') as secret_name, known.received_on_ms, known.replayed_on_ms
    )
    insert into ${schema}.webhook_hour as known (source_id, hook, secret_name, hour, deliveries, last_on_ms)
    select $1, hook, secret_name, (received_on_ms / ${hourMs})::integer, count(*), max(received_on_ms)
    from settled where replayed_on_ms is null
    group by hook, secret_name, (received_on_ms / ${hourMs})::integer
    on conflict (source_id, hook, secret_name, hour) do update set
      deliveries = known.deliveries + excluded.deliveries,
      last_on_ms = greatest(known.last_on_ms, excluded.last_on_ms)`;

  const sealOf = ({ sourceId, deliveryKey, events }: NewDelivery): string | null => {
    const carried = carriedText(events);
    if (carried === null) return null;
    if (seal === null) throw new AppError('source.secrets_key_missing', { source: sourceId });
    return seal.seal(carried, contextOf(sourceId, deliveryKey));
  };

  const unseal = (
    sourceId: string,
    { delivery_key: deliveryKey, events, received_on_ms: receivedOnMs, sealed }: InboxRow,
  ): InboxDelivery => {
    const text = sealed === null ? null : (seal?.open(sealed, contextOf(sourceId, deliveryKey)) ?? null);
    const carried = text === null ? [] : (JSON.parse(text) as readonly JsonValue[]);
    return {
      deliveryKey,
      sourceId,
      receivedOnMs,
      events: events.map(({ isCarried, ...event }, position) => {
        const own = isCarried === true ? carried[position] : undefined;
        return own === undefined ? event : { ...event, carried: own };
      }),
    };
  };

  return {
    put: groupWhileBusy(createPutGroup(database, schema, sealOf), mostPutAtOnce),

    async pending(sourceId, limit, tables) {
      const parameters = [sourceId, limit, tables === undefined ? null : textArray(tables)];
      return (await database.query<InboxRow>(pendingText, parameters)).rows.map((row) => unseal(sourceId, row));
    },

    async settle(sourceId, settled, nowMs) {
      if (settled.length === 0) return;
      const keys = textArray(settled.map(({ deliveryKey }) => deliveryKey));
      const outcomes = textArray(settled.map(({ outcome }) => JSON.stringify(outcome)));
      await database.transaction(async (sql) => {
        await sql.query(settleText, [sourceId, keys, outcomes, nowMs]);
        await sql.query(`delete from ${schema}.inbox where source_id = $1 and done_on_ms < $2`, [sourceId, nowMs - doneAreRememberedMs]);
      });
    },

    async noteProblem(sourceId, deliveryKeys, code) {
      // Only what is new to it: a CRM that is away for a night must not have its rows written again with every try.
      const text = `
        update ${schema}.inbox set problem = $3
        where source_id = $1 and delivery_key = any ($2::text[]) and done_on_ms is null and problem is distinct from $3`;
      await database.query(text, [sourceId, textArray(deliveryKeys), code]);
    },
  };
};
