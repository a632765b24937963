import type { TableName } from '../../crm/types.ts';
import { textArray } from '../database/array-literal.ts';
import type { Sql } from '../database/types.ts';
import type { OpenFailure } from '../failures/types.ts';
import type { FailedRecord } from './types.ts';

interface FailureRow {
  readonly table_name: TableName;
  readonly record_id: string;
  readonly code: string;
  readonly failure_class: FailedRecord['failureClass'];
  readonly reason: string;
  readonly first_seen_on_ms: number;
  readonly last_seen_on_ms: number;
  readonly tries: number;
}

const toFailedRecord = (row: FailureRow): FailedRecord => ({
  table: row.table_name,
  recordId: row.record_id,
  code: row.code,
  failureClass: row.failure_class,
  reason: row.reason,
});

export interface FailureTable {
  find(sql: Sql, sourceId: string, table: TableName, recordId: string): Promise<OpenFailure | null>;
  listOfRun(sql: Sql, runId: string, limit: number): Promise<readonly FailedRecord[]>;
  add(
    sql: Sql,
    sourceId: string,
    failures: readonly FailedRecord[],
    occasion: { readonly runId: string | null; readonly nowMs: number },
  ): Promise<void>;
  clear(sql: Sql, sourceId: string, table: TableName, recordIds: readonly string[]): Promise<void>;
}

const reasonLength = 2_000;
/** PostgreSQL's text holds every character but this one. */
const storable = (text: string): string => text.replaceAll('\u0000', '').slice(0, reasonLength);

export const createFailureTable = (schema: string): FailureTable => {
  const columns = 'table_name, record_id, code, failure_class, reason, first_seen_on_ms, last_seen_on_ms, tries';

  const addText = `
    insert into ${schema}.failure as known
      (source_id, table_name, record_id, run_id, code, failure_class, reason, first_seen_on_ms, last_seen_on_ms, tries)
    select $1, new.table_name, new.record_id, $2, new.code, new.failure_class, new.reason, $3, $3, 1
    from unnest($4::text[], $5::text[], $6::text[], $7::text[], $8::text[])
      as new (table_name, record_id, code, failure_class, reason)
    order by new.table_name collate "C", new.record_id collate "C"
    on conflict (source_id, table_name, record_id) do update set
      run_id = coalesce(excluded.run_id, known.run_id),
      code = excluded.code,
      failure_class = excluded.failure_class,
      reason = excluded.reason,
      last_seen_on_ms = excluded.last_seen_on_ms,
      tries = known.tries + 1,
      retry_asked_on_ms = null`;

  return {
    async find(sql, sourceId, table, recordId) {
      const text = `select ${columns} from ${schema}.failure where source_id = $1 and table_name = $2 and record_id = $3`;
      const [row] = (await sql.query<FailureRow>(text, [sourceId, table, recordId])).rows;
      if (row === undefined) return null;
      return { ...toFailedRecord(row), firstSeenOnMs: row.first_seen_on_ms, lastSeenOnMs: row.last_seen_on_ms, tries: row.tries };
    },
    async listOfRun(sql, runId, limit) {
      const text = `select ${columns} from ${schema}.failure where run_id = $1 order by table_name, record_id limit $2`;
      return (await sql.query<FailureRow>(text, [runId, limit])).rows.map(toFailedRecord);
    },
    async add(sql, sourceId, failures, { runId, nowMs }) {
      if (failures.length === 0) return;
      // Two failures of one record in a page (records without an id share a description) are one row; the last counts.
      const rows = [...new Map(failures.map((failure) => [`${failure.table} ${failure.recordId}`, failure])).values()];
      await sql.query(addText, [
        sourceId,
        runId,
        nowMs,
        textArray(rows.map(({ table }) => table)),
        textArray(rows.map(({ recordId }) => recordId)),
        textArray(rows.map(({ code }) => code)),
        textArray(rows.map(({ failureClass }) => failureClass)),
        textArray(rows.map(({ reason }) => storable(reason))),
      ]);
    },
    async clear(sql, sourceId, table, recordIds) {
      await sql.query(`delete from ${schema}.failure where source_id = $1 and table_name = $2 and record_id = any ($3::text[])`, [
        sourceId,
        table,
        textArray(recordIds),
      ]);
    },
  };
};
