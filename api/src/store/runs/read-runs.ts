import { textArray } from '../database/array-literal.ts';
import type { Sql } from '../database/types.ts';
import { type PartitionRow, type RunRow, toRun } from './run-rows.ts';
import type { Run } from './types.ts';

const withPartitions = async (sql: Sql, schema: string, rows: readonly RunRow[]): Promise<readonly Run[]> => {
  if (rows.length === 0) return [];
  const text = `select * from ${schema}.run_partition where run_id = any ($1::text[]) order by run_id, position, part`;
  const partitions = Map.groupBy((await sql.query<PartitionRow>(text, [textArray(rows.map(({ id }) => id))])).rows, ({ run_id }) => run_id);
  return rows.map((row) => toRun(row, partitions.get(row.id) ?? []));
};

export const readRun = async (sql: Sql, schema: string, runId: string): Promise<Run | null> => {
  const { rows } = await sql.query<RunRow>(`select * from ${schema}.run where id = $1`, [runId]);
  return (await withPartitions(sql, schema, rows))[0] ?? null;
};

export const listRuns = async (
  sql: Sql,
  schema: string,
  { limit, sourceId }: { readonly limit: number; readonly sourceId?: string },
): Promise<readonly Run[]> => {
  const [condition, parameters] = sourceId === undefined ? ['', [limit]] : ['where source_id = $2', [limit, sourceId]];
  const { rows } = await sql.query<RunRow>(`select * from ${schema}.run ${condition} order by sequence desc limit $1`, parameters);
  return withPartitions(sql, schema, rows);
};
