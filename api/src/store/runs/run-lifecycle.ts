import { AppError } from '../../errors/app-error.ts';
import { textArray } from '../database/array-literal.ts';
import { errorCodeOf } from '../database/database-errors.ts';
import type { SqlDatabase } from '../database/types.ts';
import { moveCheckpoint } from '../records/checkpoints.ts';
import type { Upkeep } from '../records/upkeep.ts';
import { listRuns, readRun } from './read-runs.ts';
import type { RunStore } from './types.ts';

type RunLifecycle = Pick<
  RunStore,
  'create' | 'get' | 'list' | 'start' | 'pause' | 'resume' | 'addCounts' | 'addNote' | 'savePlannedChanges' | 'finish' | 'requestCancel'
>;

const uniqueViolation = '23505';

/** From asked for to finished; every change is safe to repeat, and a finished run changes no more. */
export const createRunLifecycle = (database: SqlDatabase, schema: string, upkeep: Upkeep): RunLifecycle => {
  const isOpen = `state in ('queued', 'running', 'paused')`;

  return {
    create: (run, nowMs) =>
      database.transaction(async (sql) => {
        const insertRun = `
          insert into ${schema}.run (id, source_id, mode, is_dry_run, requested_by, state, requested_on_ms, accepts_fewer, is_repairing)
          values (gen_random_uuid()::text, $1, $2, $3, $4, 'queued', $5, $6, $7)
          returning id`;
        const { sourceId, mode, isDryRun, requestedBy, acceptsFewer = false, repairs = false } = run;
        const { rows } = await sql.query<{ id: string }>(insertRun, [sourceId, mode, isDryRun, requestedBy, nowMs, acceptsFewer, repairs]);
        const runId = rows[0]?.id ?? '';
        const insertPartitions = `
          insert into ${schema}.run_partition (run_id, table_name, position)
          select $1, planned.table_name, planned.position from unnest($2::text[]) with ordinality as planned (table_name, position)`;
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
        where id = $1 and state in ('queued', 'running')`;
      try {
        return (await database.query(text, [runId, nowMs])).rowCount > 0;
      } catch (error) {
        // The index of one run at a time: another of this source is running.
        if (errorCodeOf(error) === uniqueViolation) return false;
        throw error;
      }
    },

    async pause(runId) {
      const text = `update ${schema}.run set state = 'paused' where id = $1 and state in ('queued', 'running') and not is_cancel_requested`;
      return (await database.query(text, [runId])).rowCount > 0;
    },

    async resume(runId) {
      return (await database.query(`update ${schema}.run set state = 'queued' where id = $1 and state = 'paused'`, [runId])).rowCount > 0;
    },

    addCounts: (runId, table, step) => moveCheckpoint(database, schema, { ...step, runId, table }),

    async savePlannedChanges(runId, changes) {
      await database.query(`update ${schema}.run set planned_changes = $2::text::jsonb where id = $1`, [runId, JSON.stringify(changes)]);
    },

    async addNote(runId, note) {
      // Said once, however often the step that says it is repeated.
      const text = `
        update ${schema}.run set notes = notes || $2::text::jsonb
        where id = $1 and not notes @> $2::text::jsonb`;
      await database.query(text, [runId, JSON.stringify([note])]);
    },

    async finish(runId, state, error, nowMs) {
      // Whoever is still at a partition has an old turn from here on: the counts of a finished run stay as they are.
      const text = `
        with finished as (
          update ${schema}.run set state = $2, error = $3::text::jsonb, finished_on_ms = $4
          where id = $1 and ${isOpen}
          returning id
        ), fenced as (
          update ${schema}.run_partition set turn = turn + 1, is_held = false where run_id in (select id from finished)
        )
        select id from finished`;
      const { rows } = await database.query(text, [runId, state, error === null ? null : JSON.stringify(error), nowMs]);
      if (rows.length > 0) await upkeep.runFinished();
    },

    async requestCancel(runId) {
      await database.query(`update ${schema}.run set is_cancel_requested = true where id = $1 and ${isOpen}`, [runId]);
    },
  };
};
