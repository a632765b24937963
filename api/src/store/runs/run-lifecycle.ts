import { AppError } from '../../errors/app-error.ts';
import { textArray } from '../database/array-literal.ts';
import { moveCheckpoint } from '../records/checkpoints.ts';
import type { Upkeep } from '../records/upkeep.ts';
import type { RunStore, SqlDatabase } from '../types.ts';
import { listRuns, readRun } from './read-runs.ts';
import { type PartitionRow, toPartition } from './run-rows.ts';

type RunLifecycle = Pick<
  RunStore,
  'create' | 'get' | 'list' | 'start' | 'startPartition' | 'addCounts' | 'savePlannedChanges' | 'finish' | 'requestCancel'
>;

/** From asked for to finished; every change is safe to repeat, and a finished run changes no more. */
export const createRunLifecycle = (database: SqlDatabase, schema: string, upkeep: Upkeep): RunLifecycle => {
  const isOpen = `state in ('queued', 'running')`;

  return {
    create: (run, nowMs) =>
      database.transaction(async (sql) => {
        const insertRun = `
          insert into ${schema}.run (id, source_id, mode, is_dry_run, requested_by, state, requested_on_ms, is_repairing)
          values (gen_random_uuid()::text, $1, $2, $3, $4, 'queued', $5, $6)
          returning id`;
        const { sourceId, mode, isDryRun, requestedBy, repairs = false } = run;
        const { rows } = await sql.query<{ id: string }>(insertRun, [sourceId, mode, isDryRun, requestedBy, nowMs, repairs]);
        const runId = rows[0]?.id ?? '';
        const insertPartitions = `
          insert into ${schema}.run_partition (run_id, table_name, position)
          select $1, planned.table_name, planned.position from unnest($2::text::text[]) with ordinality as planned (table_name, position)`;
        await sql.query(insertPartitions, [runId, textArray(run.tables)]);
        const created = await readRun(sql, schema, runId);
        if (created === null) throw new AppError('run.unknown', { run: runId });
        return created;
      }),

    get: (runId) => readRun(database, schema, runId),
    list: (options) => listRuns(database, schema, options),

    async start(runId, nowMs) {
      const text = `
        update ${schema}.run set state = 'running', started_on_ms = coalesce(started_on_ms, $2)
        where id = $1 and ${isOpen}`;
      return (await database.query(text, [runId, nowMs])).rowCount > 0;
    },

    async startPartition(runId, table, window) {
      const text = `
        update ${schema}.run_partition set
          window_from_ms = case when state = 'waiting' then $3::bigint else window_from_ms end,
          window_to_ms = case when state = 'waiting' then $4::bigint else window_to_ms end,
          state = case when state = 'waiting' then 'running' else state end,
          turn = turn + 1
        where run_id = $1 and table_name = $2
        returning *`;
      const { rows } = await database.query<PartitionRow>(text, [runId, table, window?.fromMs ?? null, window?.toMs ?? null]);
      const [row] = rows;
      if (row === undefined) throw new AppError('run.unknown', { run: runId });
      return toPartition(row);
    },

    addCounts: (runId, table, step) => moveCheckpoint(database, schema, { ...step, runId, table }),

    async savePlannedChanges(runId, changes) {
      await database.query(`update ${schema}.run set planned_changes = $2::text::jsonb where id = $1`, [runId, JSON.stringify(changes)]);
    },

    async finish(runId, state, error, nowMs) {
      const text = `
        update ${schema}.run set state = $2, error = $3::text::jsonb, finished_on_ms = $4
        where id = $1 and ${isOpen}`;
      const { rowCount } = await database.query(text, [runId, state, error === null ? null : JSON.stringify(error), nowMs]);
      if (rowCount > 0) await upkeep.runFinished();
    },

    async requestCancel(runId) {
      await database.query(`update ${schema}.run set is_cancel_requested = true where id = $1 and ${isOpen}`, [runId]);
    },
  };
};
