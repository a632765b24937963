import { AppError } from '../../errors/app-error.ts';
import type { JsonValue, WebhookEvent } from '../../crm/types.ts';
import type { Seal } from '../credentials/seal.ts';
import { numberArray, textArray } from '../database/array-literal.ts';
import { groupWhileBusy } from '../database/group-while-busy.ts';
import type { SqlDatabase } from '../types.ts';
import { doneAreRememberedMs } from './kept.ts';
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

/** Only what the port names: a body that came along by accident is not stored. */
const openEvent = ({ table, recordIds, action, occurredOnMs, carried }: WebhookEvent): StoredDelivery['events'][number] => ({
  table,
  recordIds,
  action,
  ...(occurredOnMs === undefined ? {} : { occurredOnMs }),
  ...(carried === undefined ? {} : { isCarried: true }),
});

const contextOf = (sourceId: string, deliveryKey: string): string => `inbox ${sourceId} ${deliveryKey}`;

const carriedText = (events: readonly WebhookEvent[]): string | null =>
  events.some(({ carried }) => carried !== undefined) ? JSON.stringify(events.map(({ carried }) => carried ?? null)) : null;

interface PutRow extends NewDelivery {
  readonly sealed: string | null;
}

/** Nothing that comes together is large: what a delivery brings along is at most 1 MiB, and rare. */
const mostPutAtOnce = 50;

const newestTime = (events: readonly WebhookEvent[]): number | null => {
  const times = events.flatMap(({ occurredOnMs }) => (occurredOnMs === undefined ? [] : [occurredOnMs]));
  return times.length === 0 ? null : Math.max(...times);
};

/** `seal` keeps what deliveries bring along; null: they cannot. */
export const createInboxStore = (database: SqlDatabase, schema: string, seal: Seal | null): InboxStore => {
  // In the order in which they came: whoever drains takes the oldest first. Two processes that are told the same deliveries at once in
  // another order could wait for each other; the database then ends one of the two, and each of its deliveries is put alone.
  const putText = `
    insert into ${schema}.inbox as known
      (source_id, delivery_key, events, received_on_ms, hook, secret_name, trust, occurred_on_ms, sealed)
    select source_id, delivery_key, events::jsonb, received_on_ms, hook, secret_name, trust, occurred_on_ms, sealed
    from unnest(
      $1::text[], $2::text[], $3::text[], $4::bigint[], $5::text[], $6::text[], $7::text[],
      $8::bigint[], $9::text[]
    ) with ordinality
      as new (source_id, delivery_key, events, received_on_ms, hook, secret_name, trust, occurred_on_ms, sealed, place)
    order by place
    on conflict (source_id, delivery_key) do update set repeats = known.repeats + 1, repeated_on_ms = excluded.received_on_ms
    returning source_id, delivery_key, (xmax = 0) as is_new`;

  const pendingText = `
    select delivery_key, events, received_on_ms, sealed from (
      select *, sum(coalesce(octet_length(sealed), 0)) over (order by sequence) - coalesce(octet_length(sealed), 0) as bytes_before
      from (
        select delivery_key, events, received_on_ms, sealed, sequence from ${schema}.inbox
        where source_id = $1 and done_on_ms is null
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

  const nameOf = (sourceId: string, deliveryKey: string): string => `${sourceId} ${deliveryKey}`;

  /** Of several, as one statement must not touch a row twice; it is counted all the same. */
  const putDistinct = async (rows: readonly PutRow[]): Promise<ReadonlyMap<string, boolean>> => {
    const found = await database.query<{ source_id: string; delivery_key: string; is_new: boolean }>(putText, [
      textArray(rows.map(({ sourceId }) => sourceId)),
      textArray(rows.map(({ deliveryKey }) => deliveryKey)),
      textArray(rows.map(({ events }) => JSON.stringify(events.map(openEvent)))),
      numberArray(rows.map(({ receivedOnMs }) => receivedOnMs)),
      textArray(rows.map(({ hook = '' }) => hook)),
      textArray(rows.map(({ secret }) => secret ?? null)),
      textArray(rows.map(({ trust = 'full' }) => trust)),
      numberArray(rows.map(({ events }) => newestTime(events))),
      textArray(rows.map(({ sealed }) => sealed)),
    ]);
    return new Map(found.rows.map((row) => [nameOf(row.source_id, row.delivery_key), row.is_new]));
  };

  const putGroup = async (rows: readonly PutRow[]): Promise<readonly boolean[]> => {
    const distinct = new Map<string, PutRow>();
    const repeats: PutRow[] = [];
    for (const row of rows) {
      const name = nameOf(row.sourceId, row.deliveryKey);
      if (distinct.has(name)) repeats.push(row);
      else distinct.set(name, row);
    }
    const isNew = await putDistinct([...distinct.values()]);
    for (const row of repeats) await putDistinct([row]);
    return rows.map((row) => !repeats.includes(row) && isNew.get(nameOf(row.sourceId, row.deliveryKey)) === true);
  };
  const putTogether = groupWhileBusy(putGroup, mostPutAtOnce);

  const put: InboxStore['put'] = async (delivery) => {
    const { sourceId, deliveryKey, events } = delivery;
    const carried = carriedText(events);
    if (carried !== null && seal === null) throw new AppError('source.secrets_key_missing', { source: sourceId });
    return putTogether({ ...delivery, sealed: carried === null ? null : (seal?.seal(carried, contextOf(sourceId, deliveryKey)) ?? null) });
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
    put,

    async pending(sourceId, limit) {
      return (await database.query<InboxRow>(pendingText, [sourceId, limit])).rows.map((row) => unseal(sourceId, row));
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
