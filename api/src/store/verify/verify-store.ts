import type { PageCursor } from '../../crm/types.ts';
import { numberArray, textArray } from '../database/array-literal.ts';
import type { Sql, SqlDatabase } from '../database/types.ts';
import { moveCheckpoint } from '../records/checkpoints.ts';
import type { Verdict, VerifyItem, VerifyPhase, VerifyPlace, VerifyStep, VerifyStore } from './types.ts';

interface ItemRow {
  readonly item_key: string;
  readonly record_id: string | null;
  readonly row_id: string | null;
  readonly is_in_crm: boolean;
  readonly crm_hash: string | null;
  readonly row_hash: string | null;
  readonly modified_on_ms: number | null;
  readonly verdict: Verdict;
  readonly is_settled: boolean;
}

interface PartRow {
  readonly phase: VerifyPhase;
  readonly cursor: PageCursor | null;
  readonly unreadable_count: number;
}

interface TallyRow {
  readonly found: Verdict;
  readonly verdict: Verdict;
  readonly is_in_crm: boolean;
  readonly has_row: boolean;
  readonly count: number;
}

const toHash = (uuid: string | null): string | null => uuid?.replaceAll('-', '') ?? null;

const toItem = (row: ItemRow): VerifyItem => ({
  key: row.item_key,
  recordId: row.record_id,
  rowId: row.row_id,
  isInCrm: row.is_in_crm,
  crmHash: toHash(row.crm_hash),
  rowHash: toHash(row.row_hash),
  modifiedOnMs: row.modified_on_ms,
  verdict: row.verdict,
  isSettled: row.is_settled,
});

/** One statement must not touch a line twice: of two looks at one record the later counts. */
const lastPerKey = (items: readonly VerifyItem[]): readonly VerifyItem[] => [...new Map(items.map((item) => [item.key, item])).values()];

const flags = (values: readonly boolean[]): string => `{${values.join()}}`;

export const createVerifyStore = (database: SqlDatabase, schema: string): VerifyStore => {
  const saveItemsText = `
    insert into ${schema}.verify_item as known
      (run_id, table_name, item_key, record_id, row_id, is_in_crm, crm_hash, row_hash, modified_on_ms, found, verdict, is_settled)
    select $1::text, $2::text, item_key, record_id, row_id, is_in_crm, crm_hash, row_hash, modified_on_ms, verdict, verdict, is_settled
    from unnest(
      $3::text[], $4::text[], $5::text[], $6::boolean[], $7::uuid[], $8::uuid[], $9::bigint[],
      $10::text[], $11::boolean[]
    ) as new (item_key, record_id, row_id, is_in_crm, crm_hash, row_hash, modified_on_ms, verdict, is_settled)
    on conflict (run_id, table_name, item_key) do update set
      record_id = excluded.record_id,
      row_id = excluded.row_id,
      is_in_crm = excluded.is_in_crm,
      crm_hash = excluded.crm_hash,
      row_hash = excluded.row_hash,
      modified_on_ms = excluded.modified_on_ms,
      found = case when $12::boolean then known.found else excluded.found end,
      verdict = excluded.verdict,
      is_settled = excluded.is_settled`;

  const saveItems = async (sql: Sql, { runId, table, items, isAfterRepair }: VerifyStep): Promise<void> => {
    if (items.length === 0) return;
    const rows = lastPerKey(items);
    await sql.query(saveItemsText, [
      runId,
      table,
      textArray(rows.map(({ key }) => key)),
      textArray(rows.map(({ recordId }) => recordId)),
      textArray(rows.map(({ rowId }) => rowId)),
      flags(rows.map(({ isInCrm }) => isInCrm)),
      textArray(rows.map(({ crmHash }) => crmHash)),
      textArray(rows.map(({ rowHash }) => rowHash)),
      numberArray(rows.map(({ modifiedOnMs }) => modifiedOnMs)),
      textArray(rows.map(({ verdict }) => verdict)),
      flags(rows.map(({ isSettled }) => isSettled)),
      isAfterRepair,
    ]);
  };

  const list = async (place: VerifyPlace, condition: string, parameters: readonly unknown[]): Promise<readonly VerifyItem[]> => {
    const text = `
      select item_key, record_id, row_id, is_in_crm, crm_hash::text, row_hash::text, modified_on_ms, verdict, is_settled
      from ${schema}.verify_item where run_id = $1 and table_name = $2 and ${condition}`;
    return (await database.query<ItemRow>(text, [place.runId, place.table, ...parameters])).rows.map(toItem);
  };

  return {
    async part({ runId, table }) {
      const make = `insert into ${schema}.verify_part (run_id, table_name) values ($1, $2) on conflict do nothing`;
      await database.query(make, [runId, table]);
      const text = `select phase, cursor, unreadable_count from ${schema}.verify_part where run_id = $1 and table_name = $2`;
      const [row] = (await database.query<PartRow>(text, [runId, table])).rows;
      return { phase: row?.phase ?? 'crm', cursor: row?.cursor ?? null, unreadable: row?.unreadable_count ?? 0 };
    },

    save: (step) =>
      database.transaction(async (sql) => {
        const { runId, table, turn, phase, cursor, counts, unreadable = 0, expectedRecords } = step;
        // First, as it locks the table's line: a worker that was given up gets no further.
        await moveCheckpoint(sql, schema, { runId, table, counts, isComplete: phase === 'done', turn, expectedRecords });
        await saveItems(sql, step);
        const text = `
          update ${schema}.verify_part set phase = $3, cursor = $4::text::jsonb, unreadable_count = unreadable_count + $5
          where run_id = $1 and table_name = $2`;
        await sql.query(text, [runId, table, phase, cursor === null ? null : JSON.stringify(cursor), unreadable]);
      }),

    // LATERAL with a limit: one probe for each key, whatever the planner believes of a table that was never analysed.
    async absentKeys({ runId, table }, keys) {
      if (keys.length === 0) return new Set();
      const text = `
        select wanted.item_key from unnest($3::text[]) as wanted (item_key)
        left join lateral (
          select true as is_known from ${schema}.verify_item
          where run_id = $1 and table_name = $2 and item_key = wanted.item_key
          limit 1
        ) as known on true
        where known.is_known is null`;
      const { rows } = await database.query<{ readonly item_key: string }>(text, [runId, table, textArray(keys)]);
      return new Set(rows.map((row) => row.item_key));
    },

    openItems: (place, afterKey, limit) => list(place, 'not is_settled and item_key > $3 order by item_key limit $4', [afterKey, limit]),

    settledItems: (place, wanted, afterKey, limit) =>
      list(place, `is_settled and verdict <> 'same' and verdict = any ($3::text[]) and item_key > $4 order by item_key limit $5`, [
        textArray(wanted),
        afterKey,
        limit,
      ]),

    itemsInOrder: (place, afterKey, limit) => list(place, 'item_key > $3 order by item_key limit $4', [afterKey, limit]),

    samples: (place, found, limit) => list(place, 'found = $3 order by item_key limit $4', [found, limit]),

    async tally({ runId, table }) {
      const text = `
        select found, verdict, is_in_crm, row_id is not null as has_row, count(*) as count from ${schema}.verify_item
        where run_id = $1 and table_name = $2 group by 1, 2, 3, 4`;
      const { rows } = await database.query<TallyRow>(text, [runId, table]);
      return rows.map((row) => ({
        found: row.found,
        verdict: row.verdict,
        isInCrm: row.is_in_crm,
        hasRow: row.has_row,
        count: row.count,
      }));
    },

    async saveStatement(runId, statement) {
      const text = `
        insert into ${schema}.verify_statement (run_id, statement) values ($1, $2::text::json)
        on conflict (run_id) do update set statement = excluded.statement`;
      await database.query(text, [runId, JSON.stringify(statement)]);
    },

    async statement(runId) {
      const text = `select statement from ${schema}.verify_statement where run_id = $1`;
      return (await database.query<{ readonly statement: unknown }>(text, [runId])).rows[0]?.statement ?? null;
    },

    async clearFinished() {
      await database.query(`
        delete from ${schema}.verify_item where run_id not in (select id from ${schema}.run where state in ('queued', 'running'))`);
    },
  };
};
