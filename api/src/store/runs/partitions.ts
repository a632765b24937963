import type { TableName } from '../../crm/types.ts';
import { AppError } from '../../errors/app-error.ts';
import type { Sql, SqlDatabase } from '../database/types.ts';
import { type PartitionRow, toPartition } from './run-rows.ts';
import type { Partition, RunStore } from './types.ts';
import { saveWatermark } from './watermarks.ts';

type Partitions = Pick<RunStore, 'planTable' | 'startPartition' | 'leavePartition' | 'readAllInstead' | 'endTable' | 'shares'>;

interface ShareRow {
  readonly source_id: string;
  readonly workers: number;
  readonly is_waiting: boolean;
}

/** The parts of a run that a worker can do alone: planned once, taken up as often as it takes, and ended together. */
export const createPartitions = (database: SqlDatabase, schema: string): Partitions => {
  const ofTable = 'run_id = $1 and table_name = $2';

  const only = (rows: readonly PartitionRow[], runId: string, turn?: number): Partition => {
    const [row] = rows;
    if (row === undefined) throw new AppError(turn === undefined ? 'run.unknown' : 'run.taken_over', { run: runId });
    return toPartition(row);
  };
  const partsOf = async (sql: Sql, runId: string, table: TableName): Promise<readonly Partition[]> => {
    const text = `select * from ${schema}.run_partition where ${ofTable} order by part for update`;
    return (await sql.query<PartitionRow>(text, [runId, table])).rows.map(toPartition);
  };

  return {
    planTable: (runId, table, { window, slices }) =>
      database.transaction(async (sql) => {
        // Locked: of two that plan at once, the second finds the plan of the first.
        const before = await partsOf(sql, runId, table);
        if (before.length === 0) throw new AppError('run.unknown', { run: runId });
        if (before[0]?.windowToMs !== null) return before;
        const fixText = `
          update ${schema}.run_partition set window_from_ms = $3, window_to_ms = $4, slice = $5::text::jsonb
          where ${ofTable} and part = 0`;
        const [first = null, ...others] = slices;
        await sql.query(fixText, [runId, table, window.fromMs, window.toMs, first === null ? null : JSON.stringify(first)]);
        const addText = `
          insert into ${schema}.run_partition (run_id, table_name, part, position, window_from_ms, window_to_ms, slice)
          select run_id, table_name, slice.number, position, window_from_ms, window_to_ms, slice.value
          from ${schema}.run_partition, jsonb_array_elements($3::text::jsonb) with ordinality as slice (value, number)
          where ${ofTable} and part = 0`;
        await sql.query(addText, [runId, table, JSON.stringify(others)]);
        return partsOf(sql, runId, table);
      }),

    async startPartition(runId, table, window, part = 0) {
      const text = `
        update ${schema}.run_partition set
          window_from_ms = case when window_to_ms is null then $3::bigint else window_from_ms end,
          window_to_ms = coalesce(window_to_ms, $4::bigint),
          state = case when state = 'waiting' then 'running' else state end,
          is_held = true,
          turn = turn + 1
        where ${ofTable} and part = $5
        returning *`;
      const { rows } = await database.query<PartitionRow>(text, [runId, table, window?.fromMs ?? null, window?.toMs ?? null, part]);
      return only(rows, runId);
    },

    async leavePartition({ runId, table, part }, turn) {
      const text = `update ${schema}.run_partition set is_held = false where ${ofTable} and part = $3 and turn = $4`;
      await database.query(text, [runId, table, part, turn]);
    },

    readAllInstead: (runId, table, turn) =>
      database.transaction(async (sql) => {
        const text = `
          update ${schema}.run_partition set window_from_ms = 0, cursor = null, slice = null, state = 'running', turn = turn + 1
          where ${ofTable} and part = 0 and turn = $3
          returning *`;
        return only((await sql.query<PartitionRow>(text, [runId, table, turn])).rows, runId, turn);
      }),

    endTable: (runId, table, turn, watermark) =>
      database.transaction(async (sql) => {
        const text = `
          update ${schema}.run_partition set is_ended = true, is_held = false
          where ${ofTable} and part = 0 and turn = $3
          returning *`;
        only((await sql.query<PartitionRow>(text, [runId, table, turn])).rows, runId, turn);
        if (watermark === null) return;
        const { rows } = await sql.query<{ source_id: string }>(`select source_id from ${schema}.run where id = $1`, [runId]);
        await saveWatermark(sql, schema, rows[0]?.source_id ?? '', table, watermark);
      }),

    async shares() {
      // A run waits in line behind another of its source; one that nobody is at and that has something to do waits for a worker.
      const text = `
        select source_id,
          coalesce(sum(workers), 0)::integer as workers,
          bool_or(has_open and workers = 0 or has_waiting) as is_waiting
        from (
          select run.source_id,
            count(*) filter (where partition.is_held) as workers,
            bool_or(partition.state <> 'complete') as has_open,
            bool_or(partition.state <> 'complete' and not partition.is_held and partition.window_to_ms is not null) as has_waiting
          from ${schema}.run join ${schema}.run_partition as partition on partition.run_id = run.id
          where run.state = 'running'
            or (run.state = 'queued' and not exists (
              select from ${schema}.run as other where other.source_id = run.source_id and other.state = 'running'
            ))
          group by run.id, run.source_id
        ) as open_run
        group by source_id`;
      const { rows } = await database.query<ShareRow>(text);
      return rows.map((row) => ({ sourceId: row.source_id, workers: row.workers, isWaiting: row.is_waiting }));
    },
  };
};
