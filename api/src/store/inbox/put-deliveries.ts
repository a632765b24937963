import { createHash } from 'node:crypto';
import type { WebhookEvent } from '../../crm/webhook/types.ts';
import { numberArray, textArray } from '../database/array-literal.ts';
import type { SqlDatabase } from '../database/types.ts';
import type { NewDelivery, StoredDelivery } from './types.ts';

type StoredEvents = StoredDelivery['events'];

/** Only what the port names: a body that came along by accident is not stored. */
const openEvent = ({ table, recordIds, action, occurredOnMs, carried }: WebhookEvent): StoredDelivery['events'][number] => ({
  table,
  recordIds,
  action,
  ...(occurredOnMs === undefined ? {} : { occurredOnMs }),
  ...(carried === undefined ? {} : { isCarried: true }),
});

const newestTime = (events: readonly WebhookEvent[]): number | null => {
  const times = events.flatMap(({ occurredOnMs }) => (occurredOnMs === undefined ? [] : [occurredOnMs]));
  return times.length === 0 ? null : Math.max(...times);
};

/** What a delivery tells, the same however its members are ordered: the database has an order of its own. */
const textOf = (events: StoredEvents): string =>
  JSON.stringify(
    events.map(({ table, recordIds, action, occurredOnMs = null, isCarried = false }) => [
      table,
      recordIds,
      action,
      occurredOnMs,
      isCarried,
    ]),
  );

/** As long for all, and the same for each repeat of it. */
const otherKeyOf = ({ deliveryKey, hook = '' }: NewDelivery, told: string): string =>
  `${deliveryKey}~${createHash('sha256')
    .update(JSON.stringify([hook, told]))
    .digest('hex')
    .slice(0, 16)}`;

const nameOf = (sourceId: string, deliveryKey: string): string => `${sourceId} ${deliveryKey}`;

interface FoundRow {
  readonly source_id: string;
  readonly delivery_key: string;
  readonly is_new: boolean;
  /** Of the one that was there. */
  readonly known_events: StoredEvents | null;
  readonly known_hook: string | null;
}

/**
 * Stores deliveries in one statement where they have different keys, and says of each whether it is new. `sealOf`: what a delivery brings
 * along, sealed for its key; null when it brings nothing.
 */
export const createPutGroup = (
  database: SqlDatabase,
  schema: string,
  sealOf: (delivery: NewDelivery) => string | null,
): ((rows: readonly NewDelivery[]) => Promise<readonly boolean[]>) => {
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
    returning source_id, delivery_key, (xmax = 0) as is_new,
      case when xmax = 0 then null else events end as known_events, case when xmax = 0 then null else hook end as known_hook`;

  const putDistinct = async (rows: readonly NewDelivery[]): Promise<ReadonlyMap<string, FoundRow>> => {
    const found = await database.query<FoundRow>(putText, [
      textArray(rows.map(({ sourceId }) => sourceId)),
      textArray(rows.map(({ deliveryKey }) => deliveryKey)),
      textArray(rows.map(({ events }) => JSON.stringify(events.map(openEvent)))),
      numberArray(rows.map(({ receivedOnMs }) => receivedOnMs)),
      textArray(rows.map(({ hook = '' }) => hook)),
      textArray(rows.map(({ secret }) => secret ?? null)),
      textArray(rows.map(({ trust = 'full' }) => trust)),
      numberArray(rows.map(({ events }) => newestTime(events))),
      textArray(rows.map(sealOf)),
    ]);
    return new Map(found.rows.map((row) => [nameOf(row.source_id, row.delivery_key), row]));
  };

  /** Senders use a key twice that should not: each change costs a read, and none may be lost. */
  const isNew = async (row: NewDelivery, found: FoundRow | undefined): Promise<boolean> => {
    if (found === undefined || found.is_new) return found !== undefined;
    const told = textOf(row.events.map(openEvent));
    if (found.known_hook === (row.hook ?? '') && textOf(found.known_events ?? []) === told) return false;
    const other = { ...row, deliveryKey: otherKeyOf(row, told) };
    return (await putDistinct([other])).get(nameOf(other.sourceId, other.deliveryKey))?.is_new === true;
  };

  return async (rows) => {
    const distinct = new Map<string, NewDelivery>();
    for (const row of rows) {
      const name = nameOf(row.sourceId, row.deliveryKey);
      if (!distinct.has(name)) distinct.set(name, row);
    }
    const found = await putDistinct([...distinct.values()]);
    const results: boolean[] = [];
    for (const row of rows) {
      const name = nameOf(row.sourceId, row.deliveryKey);
      // One statement must not touch a row twice; whoever is there twice is counted all the same.
      const own = distinct.get(name) === row ? found : await putDistinct([row]);
      results.push(await isNew(row, own.get(name)));
    }
    return results;
  };
};
