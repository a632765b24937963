import type { TableName } from '../../crm/types.ts';
import { numberArray, textArray } from '../database/array-literal.ts';
import type { SqlDatabase } from '../database/types.ts';
import type { FailedRecord } from '../records/types.ts';
import type { FailureFilter, FailureStore } from './types.ts';

interface FailureRow {
  readonly table_name: TableName;
  readonly record_id: string;
  readonly code: string;
  readonly failure_class: FailedRecord['failureClass'];
  readonly reason: string;
  readonly first_seen_on_ms: number;
  readonly last_seen_on_ms: number;
  readonly tries: number;
  readonly is_ignored: boolean;
  readonly note: string | null;
  readonly retry_asked_on_ms: number | null;
}

/** What the reading named is no id: nothing can be asked for by it. */
const withoutId = `'record.unreadable'`;

/** Parameters 1 to 5: every statement that takes a filter begins with them. */
const filterParameters = (sourceId: string, { table, code, isIgnored, recordIds }: FailureFilter): readonly unknown[] => [
  sourceId,
  table ?? null,
  code ?? null,
  isIgnored ?? null,
  recordIds === undefined ? null : textArray(recordIds),
];
const matches = `
  source_id = $1
  and ($2::text is null or table_name = $2::text)
  and ($3::text is null or code = $3::text)
  and ($4::boolean is null or is_ignored = $4::boolean)
  and ($5::text is null or record_id = any ($5::text[]))`;

/** Failed records as a person sees and decides them, and as they are tried again. */
export const createFailureStore = (database: SqlDatabase, schema: string): FailureStore => {
  const failure = `${schema}.failure`;
  const change = async (set: string, sourceId: string, filter: FailureFilter, ...more: readonly unknown[]): Promise<number> =>
    (await database.query(`update ${failure} set ${set} where ${matches}`, [...filterParameters(sourceId, filter), ...more])).rowCount;

  return {
    async groups(sourceId) {
      const text = `
        select table_name, code, failure_class, is_ignored, count(*) as count from ${failure}
        where source_id = $1 group by table_name, code, failure_class, is_ignored
        order by count(*) desc, table_name, code`;
      const { rows } = await database.query<FailureRow & { count: number }>(text, [sourceId]);
      return rows.map((row) => ({
        table: row.table_name,
        code: row.code,
        failureClass: row.failure_class,
        isIgnored: row.is_ignored,
        count: Number(row.count),
      }));
    },

    async list(sourceId, { after, limit, ...filter }) {
      const text = `
        select * from ${failure}
        where ${matches} and ($6::text is null or (table_name, record_id) > ($6::text, $7::text))
        order by table_name, record_id limit $8`;
      const parameters = [...filterParameters(sourceId, filter), after?.table ?? null, after?.recordId ?? null, limit];
      return (await database.query<FailureRow>(text, parameters)).rows.map((row) => ({
        table: row.table_name,
        recordId: row.record_id,
        code: row.code,
        failureClass: row.failure_class,
        reason: row.reason,
        firstSeenOnMs: row.first_seen_on_ms,
        lastSeenOnMs: row.last_seen_on_ms,
        tries: row.tries,
        isIgnored: row.is_ignored,
        note: row.note,
        isRetryAsked: row.retry_asked_on_ms !== null,
      }));
    },

    askForRetry: (sourceId, filter, nowMs) => change('retry_asked_on_ms = $6::bigint, is_ignored = false', sourceId, filter, nowMs),
    ignore: (sourceId, filter) => change('is_ignored = true', sourceId, filter),
    annotate: (sourceId, filter, note) => change('note = $6::text', sourceId, filter, note),

    async due(sourceId, table, { delays, nowMs, afterId, limit }) {
      const text = `
        select record_id from ${failure}
        left join unnest($3::text[], $4::integer[], $5::bigint[]) as delay (failure_class, tries, delay_ms)
          using (failure_class, tries)
        where source_id = $1 and table_name = $2 and record_id > $7 and not is_ignored and code <> ${withoutId}
          and (retry_asked_on_ms is not null or last_seen_on_ms + delay_ms <= $6)
        order by record_id limit $8`;
      const { rows } = await database.query<{ record_id: string }>(text, [
        sourceId,
        table,
        textArray(delays.map(({ failureClass }) => failureClass)),
        numberArray(delays.map(({ tries }) => tries)),
        numberArray(delays.map(({ delayMs }) => delayMs)),
        nowMs,
        afterId,
        limit,
      ]);
      return rows.map((row) => row.record_id);
    },
  };
};
