import { numberArray, textArray } from '../database/array-literal.ts';
import type { SqlDatabase } from '../database/types.ts';
import { doneAreRememberedMs, doneDeliveriesKept, refusedAreRememberedDays, useIsRememberedHours } from './kept.ts';
import type { DeliveryFilter, DeliveryStore, DeliveryTrust, Lag, StoredDelivery } from './types.ts';

const hourMs = 3_600_000;

interface DeliveryRow {
  readonly sequence: number;
  readonly delivery_key: string;
  readonly hook: string;
  readonly trust: DeliveryTrust;
  readonly secret_name: string | null;
  readonly received_on_ms: number;
  readonly occurred_on_ms: number | null;
  readonly done_on_ms: number | null;
  readonly repeats: number;
  readonly repeated_on_ms: number | null;
  readonly replayed_on_ms: number | null;
  readonly problem: string | null;
  readonly outcome: StoredDelivery['outcome'];
  readonly events: StoredDelivery['events'];
}

const toDelivery = (row: DeliveryRow): StoredDelivery => ({
  id: row.sequence,
  deliveryKey: row.delivery_key,
  hook: row.hook,
  trust: row.trust,
  secret: row.secret_name,
  receivedOnMs: row.received_on_ms,
  occurredOnMs: row.occurred_on_ms,
  doneOnMs: row.done_on_ms,
  repeats: row.repeats,
  repeatedOnMs: row.repeated_on_ms,
  replayedOnMs: row.replayed_on_ms,
  problem: row.problem,
  outcome: row.outcome,
  events: row.events,
});

/** Parameters 1 to 5: every statement that takes a filter begins with them. */
const filterParameters = (sourceId: string, { hook, ids, fromMs, toMs }: DeliveryFilter): readonly unknown[] => [
  sourceId,
  hook ?? null,
  ids === undefined ? null : numberArray(ids),
  fromMs ?? null,
  toMs ?? null,
];
const matches = `
  source_id = $1
  and ($2::text is null or hook = $2::text)
  and ($3::text is null or sequence = any ($3::bigint[]))
  and ($4::bigint is null or received_on_ms >= $4::bigint)
  and ($5::bigint is null or received_on_ms < $5::bigint)`;

const states: Readonly<Record<NonNullable<DeliveryFilter['state']>, string>> = {
  waiting: 'and done_on_ms is null',
  done: 'and done_on_ms is not null',
  failed: `and done_on_ms is not null and outcome ? 'failed'`,
};

/** Its records came along, and were forgotten when they were written. */
const isCarried = `events @> '[{"isCarried": true}]'`;

/** Deliveries as an admin sees and replays them, and what is counted of them. */
export const createDeliveryStore = (database: SqlDatabase, schema: string): DeliveryStore => {
  const inbox = `${schema}.inbox`;

  /** `from`: the column that the time is counted from. */
  const lag = async (sourceId: string, newest: number, from: 'occurred_on_ms' | 'received_on_ms'): Promise<Lag | null> => {
    const text = `
      with newest as (
        select sequence, done_on_ms, ${from} as from_ms from ${inbox}
        where source_id = $1 and done_on_ms is not null and replayed_on_ms is null
        order by sequence desc limit $2
      ), took as (select sequence, greatest(done_on_ms - from_ms, 0) as ms from newest where from_ms is not null)
      select count(*) as measured,
        percentile_disc(0.5) within group (order by ms) as median,
        percentile_disc(0.95) within group (order by ms) as p95,
        percentile_disc(0.99) within group (order by ms) as p99,
        (select ms from took order by sequence desc limit 1) as last
      from took`;
    const [row] = (
      await database.query<{ measured: number; median: number | null; p95: number | null; p99: number | null; last: number | null }>(text, [
        sourceId,
        newest,
      ])
    ).rows;
    if (row?.last == null || row.median === null || row.p95 === null || row.p99 === null) return null;
    return { measured: row.measured, lastMs: row.last, medianMs: row.median, p95Ms: row.p95, p99Ms: row.p99 };
  };

  return {
    async list(sourceId, { beforeId, limit, state, ...filter }) {
      const text = `
        select sequence, delivery_key, hook, trust, secret_name, received_on_ms, occurred_on_ms, done_on_ms, repeats, repeated_on_ms,
          replayed_on_ms, problem, outcome, events
        from ${inbox}
        where ${matches} ${state === undefined ? '' : states[state]} and ($6::bigint is null or sequence < $6::bigint)
        order by sequence desc limit $7`;
      const { rows } = await database.query<DeliveryRow>(text, [...filterParameters(sourceId, filter), beforeId, limit]);
      return rows.map(toDelivery);
    },

    async replay(sourceId, { state = 'done', ...filter }, nowMs) {
      const parameters = filterParameters(sourceId, filter);
      const chosen = `${matches} ${states[state]} and done_on_ms is not null`;
      return database.transaction(async (sql) => {
        const { rows } = await sql.query<{ count: number }>(
          `select count(*) as count from ${inbox} where ${chosen} and ${isCarried}`,
          parameters,
        );
        const { rowCount } = await sql.query(
          `update ${inbox} set done_on_ms = null, outcome = null, replayed_on_ms = $6 where ${chosen} and not ${isCarried}`,
          [...parameters, nowMs],
        );
        return { replayed: rowCount, withoutPayload: rows[0]?.count ?? 0 };
      });
    },

    async waiting(sourceId) {
      const text = `
        select hook, count(*) as waiting, min(received_on_ms) as oldest, max(received_on_ms) as newest from ${inbox}
        where source_id = $1 and done_on_ms is null group by hook order by hook`;
      const { rows } = await database.query<{ hook: string; waiting: number; oldest: number; newest: number }>(text, [sourceId]);
      return rows.map(({ hook, waiting, oldest, newest }) => ({ hook, waiting, oldestOnMs: oldest, newestOnMs: newest }));
    },

    async use(sourceId, fromHour) {
      const text = `
        select hook, secret_name, hour, deliveries, last_on_ms from ${schema}.webhook_hour
        where source_id = $1 and hour >= $2 order by hook, secret_name, hour`;
      const { rows } = await database.query<{
        hook: string;
        secret_name: string;
        hour: number;
        deliveries: number;
        last_on_ms: number;
      }>(text, [sourceId, fromHour]);
      return rows.map(({ hook, secret_name, hour, deliveries, last_on_ms }) => ({
        hook,
        secret: secret_name,
        hour,
        deliveries,
        lastOnMs: last_on_ms,
      }));
    },

    lagFromEvent: (sourceId, newest) => lag(sourceId, newest, 'occurred_on_ms'),
    lagFromReceipt: (sourceId, newest) => lag(sourceId, newest, 'received_on_ms'),

    async addRefused(refused) {
      if (refused.length === 0) return;
      const text = `
        insert into ${schema}.webhook_refusal as known (source_id, hook, reason, day, refused, last_on_ms)
        select * from unnest($1::text[], $2::text[], $3::text[], $4::integer[], $5::bigint[], $6::bigint[])
          as new (source_id, hook, reason, day, refused, last_on_ms)
        order by new.source_id collate "C", new.hook collate "C", new.reason collate "C", new.day
        on conflict (source_id, hook, reason, day) do update set
          refused = known.refused + excluded.refused,
          last_on_ms = greatest(known.last_on_ms, excluded.last_on_ms)`;
      await database.query(text, [
        textArray(refused.map(({ sourceId }) => sourceId)),
        textArray(refused.map(({ hook }) => hook)),
        textArray(refused.map(({ reason }) => reason)),
        numberArray(refused.map(({ day }) => day)),
        numberArray(refused.map((one) => one.refused)),
        numberArray(refused.map(({ lastOnMs }) => lastOnMs)),
      ]);
    },

    async refused(sourceId, fromDay) {
      const text = `
        select hook, reason, day, refused, last_on_ms from ${schema}.webhook_refusal
        where source_id = $1 and day >= $2 order by hook, reason, day`;
      const { rows } = await database.query<{ hook: string; reason: string; day: number; refused: number; last_on_ms: number }>(text, [
        sourceId,
        fromDay,
      ]);
      return rows.map(({ last_on_ms, ...row }) => ({ sourceId, ...row, lastOnMs: last_on_ms }));
    },

    async tidy(sourceId, nowMs) {
      const oldText = `delete from ${inbox} where source_id = $1 and done_on_ms < $2`;
      await database.query(oldText, [sourceId, nowMs - doneAreRememberedMs]);
      const manyText = `
        delete from ${inbox} where source_id = $1 and done_on_ms is not null and sequence <= (
          select sequence from ${inbox} where source_id = $1 order by sequence desc offset ${doneDeliveriesKept} limit 1
        )`;
      await database.query(manyText, [sourceId]);
      const hour = Math.floor(nowMs / hourMs);
      await database.query(`delete from ${schema}.webhook_hour where source_id = $1 and hour < $2`, [
        sourceId,
        hour - useIsRememberedHours,
      ]);
      await database.query(`delete from ${schema}.webhook_refusal where source_id = $1 and day < $2`, [
        sourceId,
        Math.floor(hour / 24) - refusedAreRememberedDays,
      ]);
    },
  };
};
