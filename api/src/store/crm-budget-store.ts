import type { BudgetLedger, BudgetLook, BudgetMember, ToldQuota } from '../crm/budget/types.ts';
import type { Sql, SqlDatabase } from './database/types.ts';

interface BudgetRow {
  readonly rests_for_ms: number;
  readonly spares_for_ms: number;
  readonly now_ms: number;
  readonly day: string;
  readonly requests: number;
  readonly told: readonly ToldQuota[];
  readonly told_on_ms: number | null;
}

interface MemberRow {
  readonly member_id: string;
  readonly word: Pick<BudgetMember, 'holds' | 'used' | 'wants' | 'isPersonWaiting'>;
  readonly leased_for_ms: number;
}

/** By the database's clock, as those of the processes differ; and not by the transaction's, which stands still while it waits for a lock. */
const now = 'clock_timestamp()';
const today = `(${now} at time zone 'utc')::date`;
const inMs = (interval: string): string => `(extract(epoch from ${interval}) * 1000)::double precision`;
const fromNow = (parameter: string): string => `${now} + make_interval(secs => ${parameter}::double precision / 1000)`;

/**
 * Of the embedded database, which is one process's: whoever has a part when it is opened is dead, and asks for nothing any more. What it
 * sent still counts for as long as the CRM counts it. Without this a process that was killed waits for its own part for a whole lease.
 */
export const endLeases = async (database: SqlDatabase, schema: string): Promise<void> => {
  const text = `
    update ${schema}.crm_budget_member set leased_until = ${now}, forget_on = ${now} + (forget_on - leased_until)
    where leased_until > ${now}`;
  await database.query(text);
};

export const createCrmBudgetStore = (database: SqlDatabase, schema: string): BudgetLedger => {
  /** Also of a source that has never been asked. */
  const stateOf = async (sql: Sql, sourceId: string): Promise<Omit<BudgetLook, 'members'>> => {
    const text = `
      select
        ${inMs('greatest(rest_until, moment) - moment')} as rests_for_ms,
        ${inMs('greatest(spare_until, moment) - moment')} as spares_for_ms,
        ${inMs('moment')} as now_ms,
        ${today}::text as day,
        (case when day = ${today} then requests else 0 end)::double precision as requests,
        coalesce(told, '[]') as told,
        ${inMs('told_on')} as told_on_ms
      from (select ${now} as moment) as present left join ${schema}.crm_budget on source_id = $1`;
    const [row] = (await sql.query<BudgetRow>(text, [sourceId])).rows;
    if (row === undefined) throw new Error('the present gave no row');
    return {
      nowMs: row.now_ms,
      restsForMs: row.rests_for_ms,
      sparesForMs: row.spares_for_ms,
      day: row.day,
      sentToday: row.requests,
      told: row.told,
      toldOnMs: row.told_on_ms,
    };
  };

  const membersOf = async (sql: Sql, sourceId: string): Promise<readonly BudgetMember[]> => {
    const text = `
      select member_id, word, ${inMs(`leased_until - ${now}`)} as leased_for_ms
      from ${schema}.crm_budget_member where source_id = $1 and forget_on > ${now}`;
    const { rows } = await sql.query<MemberRow>(text, [sourceId]);
    return rows.map(({ member_id: id, word, leased_for_ms: leasedForMs }) => ({ id, ...word, leasedForMs }));
  };

  return {
    settle: (sourceId, memberId, decide) =>
      database.transaction(async (sql) => {
        // The row is there, and ours alone until the end.
        const lockText = `
          insert into ${schema}.crm_budget (source_id) values ($1)
          on conflict (source_id) do update set source_id = excluded.source_id`;
        await sql.query(lockText, [sourceId]);
        const state = await stateOf(sql, sourceId);
        const others = (await membersOf(sql, sourceId)).filter(({ id }) => id !== memberId);
        const { leaseMs, keepMs, sent, restMs, spareMs, told, ...word } = decide({ ...state, members: others });
        const sayText = `
          with forgotten as (
            delete from ${schema}.crm_budget_member where source_id = $1 and member_id <> $2 and forget_on <= ${now}
          ), said as (
            insert into ${schema}.crm_budget_member (source_id, member_id, word, leased_until, forget_on)
            values ($1, $2, $3::text::jsonb, ${fromNow('$4')}, ${fromNow('$5')})
            on conflict (source_id, member_id)
            do update set word = excluded.word, leased_until = excluded.leased_until, forget_on = excluded.forget_on
          )
          update ${schema}.crm_budget set
            day = ${today},
            requests = case when day = ${today} then requests else 0 end + $6::bigint,
            rest_until = case when $7::double precision > 0 then greatest(rest_until, ${fromNow('$7')}) else rest_until end,
            spare_until = case when $8::double precision > 0 then greatest(spare_until, ${fromNow('$8')}) else spare_until end,
            told = coalesce($9::text::jsonb, told),
            told_on = case when $9::text is null then told_on else ${now} end
          where source_id = $1`;
        const toldText = told === null ? null : JSON.stringify(told);
        const parameters = [sourceId, memberId, JSON.stringify(word), leaseMs, leaseMs + keepMs, sent, restMs, spareMs, toldText];
        await sql.query(sayText, parameters);
      }),

    look: async (sourceId) => ({ ...(await stateOf(database, sourceId)), members: await membersOf(database, sourceId) }),
  };
};
