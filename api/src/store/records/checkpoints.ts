import type { PageCursor, TableName } from '../../crm/types.ts';
import { AppError } from '../../errors/app-error.ts';
import type { Sql } from '../database/types.ts';
import type { Counts } from './types.ts';

export interface PartitionStep {
  readonly runId: string;
  readonly table: TableName;
  /** Which part of the table; 0 when left out. */
  readonly part?: number | undefined;
  /** undefined leaves the cursor where it is. */
  readonly cursor?: PageCursor | null | undefined;
  readonly counts: Counts;
  readonly isComplete: boolean;
  /** undefined: whoever asks. */
  readonly turn?: number | undefined;
  /** undefined leaves what was said before. */
  readonly expectedRecords?: number | undefined;
}

/** The statement, with its parameters from number `first` on: those of `checkpointParameters`. */
export const checkpointText = (schema: string, first = 1): string => {
  const parameter = (position: number): string => `$${first + position}`;
  return `
    update ${schema}.run_partition set
      read_count = read_count + ${parameter(2)}::bigint,
      written_count = written_count + ${parameter(3)}::bigint,
      unchanged_count = unchanged_count + ${parameter(4)}::bigint,
      stale_count = stale_count + ${parameter(5)}::bigint,
      filtered_count = filtered_count + ${parameter(6)}::bigint,
      failed_count = failed_count + ${parameter(7)}::bigint,
      withheld_count = withheld_count + ${parameter(8)}::bigint,
      state = case when ${parameter(9)}::boolean then 'complete' else state end,
      cursor = case when ${parameter(10)}::boolean then ${parameter(11)}::text::jsonb else cursor end,
      expected_records = coalesce(${parameter(12)}::bigint, expected_records)
    where run_id = ${parameter(0)}::text and table_name = ${parameter(1)}::text and part = ${parameter(14)}::smallint
      and (${parameter(13)}::integer is null or turn = ${parameter(13)}::integer)`;
};

export const checkpointParameters = (step: PartitionStep): readonly unknown[] => {
  const { runId, table, part = 0, cursor, counts, isComplete, turn, expectedRecords } = step;
  return [
    runId,
    table,
    counts.read,
    counts.written,
    counts.unchanged,
    counts.stale,
    counts.filtered,
    counts.failed,
    counts.withheld,
    isComplete,
    cursor !== undefined,
    cursor === undefined || cursor === null ? null : JSON.stringify(cursor),
    expectedRecords ?? null,
    turn ?? null,
    part,
  ];
};

/** There is no such partition, or somebody else has taken it over. */
export const notOurs = ({ runId, turn }: PartitionStep): AppError =>
  new AppError(turn === undefined ? 'run.unknown' : 'run.taken_over', { run: runId });

/**
 * Moves a partition by one page, within the transaction that holds what the page did. A partition once complete stays so.
 * The turn is compared on the row that the statement locks, so that of two workers never both get through.
 */
export const moveCheckpoint = async (sql: Sql, schema: string, step: PartitionStep): Promise<void> => {
  const { rowCount } = await sql.query(checkpointText(schema), checkpointParameters(step));
  if (rowCount === 0) throw notOurs(step);
};
