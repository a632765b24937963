import type { RunBody, StartRunBody } from '../contract/runs.ts';
import { isStatement } from '../contract/statement.ts';
import type { RunService } from '../contract/services.ts';
import { AppError } from '../errors/app-error.ts';
import { helpFor } from '../errors/help-for.ts';
import type { Jobs } from '../store/jobs/types.ts';
import { type Run, type RunStore, finalRunStates } from '../store/runs/types.ts';
import type { Sources } from '../sync/sources.ts';
import type { Clock } from '../sync/types.ts';
import { toRunBody } from './run-body.ts';
import { describeRunError } from './run-error.ts';
import { sendRun } from './send-work.ts';
import { type RunLog, finishRun } from './work-on-run.ts';

const shownFailures = 100;

export interface RunServiceDependencies {
  readonly sources: Sources;
  readonly runs: RunStore;
  readonly jobs: Pick<Jobs, 'send'>;
  readonly clock: Clock;
  readonly log: RunLog;
  /** Waits between two looks at a watched run; rejects when the signal aborts. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** How often a watcher looks: the run may be worked on by another process, so the store is where its news are. */
const watchIntervalMs = 400;

/** Of another mode there is nothing to repair, and a dry run repairs nothing. */
const isRepair = ({ mode, isDryRun, repairs }: StartRunBody): boolean => mode === 'verify' && repairs === true && isDryRun !== true;

export const createRunService = ({ sources, runs, jobs, clock, log, sleep }: RunServiceDependencies): RunService => {
  const show = (run: Run): RunBody => toRunBody(run, clock.nowMs());
  const find = async (runId: string): Promise<Run> => {
    const run = await runs.get(runId);
    if (run === null) throw new AppError('run.unknown', { run: runId });
    return run;
  };

  return {
    async start(request, requestedBy) {
      const { connector } = sources.get(request.sourceId);
      const tables = request.tables ?? [...connector.tables];
      const unknown = tables.find((table) => !connector.tables.includes(table));
      if (unknown !== undefined) {
        throw new AppError('source.table_unknown', { source: request.sourceId, table: unknown, known: connector.tables.join(', ') });
      }
      const readable = tables.filter((table) => connector.table(table).readCarried === undefined);
      const [pushed] = tables.filter((table) => !readable.includes(table));
      // Asked for by name, or nothing else is there: whoever asks learns why nothing is read.
      if (pushed !== undefined && (request.tables !== undefined || readable.length === 0))
        throw new AppError('record.push_only', { source: request.sourceId, table: pushed });
      const run = await runs.create(
        {
          sourceId: request.sourceId,
          mode: request.mode ?? 'incremental',
          // Without a repair a verification writes nothing anyway.
          isDryRun: request.mode !== 'verify' && request.isDryRun === true,
          tables: connector.tables.filter((table) => readable.includes(table)),
          requestedBy,
          acceptsFewer: request.acceptsFewer ?? false,
          ...(isRepair(request) ? { repairs: true } : {}),
        },
        clock.nowMs(),
      );
      try {
        await sendRun(jobs, run.id);
      } catch (error) {
        // Who is told that it did not start must not find it running after the next restart.
        await runs.finish(run.id, 'failed', describeRunError(new AppError('run.interrupted')), clock.nowMs()).catch(() => undefined);
        throw error;
      }
      return show(run);
    },

    async list(options) {
      return (await runs.list(options)).map(show);
    },

    async get(runId) {
      const [run, failures] = await Promise.all([find(runId), runs.failures(runId, shownFailures)]);
      return { run: show(run), failures: failures.map((failure) => ({ ...failure, help: helpFor(failure.code) })) };
    },

    async cancel(runId) {
      const run = await find(runId);
      if (finalRunStates.has(run.state)) return show(run);
      await runs.requestCancel(runId);
      // Nobody is at a paused run, or will be; one whose worker is lost is taken up to be ended.
      if (run.state === 'paused') await finishRun(run, { runs, jobs, clock, log }, 'cancelled', null);
      else await sendRun(jobs, runId);
      return show(await find(runId));
    },

    async pause(runId) {
      const run = await find(runId);
      if (run.state !== 'paused' && !(await runs.pause(runId)))
        throw new AppError('run.not_pausable', { run: runId, state: (await find(runId)).state });
      return show(await find(runId));
    },

    async resume(runId) {
      const run = await find(runId);
      if (!(await runs.resume(runId))) throw new AppError('run.not_paused', { run: runId, state: run.state });
      await sendRun(jobs, runId);
      return show(await find(runId));
    },

    async statement(runId) {
      await find(runId);
      const statement = await runs.verify.statement(runId);
      if (!isStatement(statement)) throw new AppError('run.no_statement', { run: runId });
      return statement;
    },

    async *watch(runId, signal) {
      let shown = '';
      for (;;) {
        const run = await find(runId);
        // The speed changes with the clock alone; only what the store says is news.
        const news = JSON.stringify(run);
        if (news !== shown) {
          shown = news;
          yield show(run);
        }
        if (finalRunStates.has(run.state)) return;
        try {
          await sleep(watchIntervalMs, signal);
        } catch (error) {
          if (signal.aborted) return;
          throw error;
        }
      }
    },
  };
};
