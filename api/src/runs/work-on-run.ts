import { AppError, isAppError } from '../errors/app-error.ts';
import type { Jobs } from '../store/jobs/types.ts';
import type { SweepStore } from '../store/removals/types.ts';
import type { Run, RunError, RunState, RunStore } from '../store/runs/types.ts';
import type { AdoptionGuard } from '../sync/adopt/unadopted.ts';
import type { SyncDependencies } from '../sync/open-table-sync.ts';
import type { Sources } from '../sync/sources.ts';
import { describeRunError } from './run-error.ts';
import type { RunTableContext } from './run-table-context.ts';
import { sendPartition, sendRun } from './send-work.ts';
import { type RunWatchDependencies, RunStopped, type StopReason, watchRun } from './watch-run.ts';

export interface RunDependencies extends SyncDependencies, Pick<RunWatchDependencies, 'sleep'> {
  readonly sources: Sources;
  readonly runs: RunStore;
  readonly sweeps: SweepStore;
  readonly jobs: Pick<Jobs, 'send'>;
  readonly adoption: AdoptionGuard;
  readonly log: RunLog;
}

export interface RunLog {
  info(details: object, message: string): void;
  error(details: object, message: string): void;
}

/** Ends a run, and lets the next one of its source begin. */
export const finishRun = async (
  { id: runId, sourceId, mode }: Pick<Run, 'id' | 'sourceId' | 'mode'>,
  { runs, jobs, clock, log }: Pick<RunDependencies, 'runs' | 'jobs' | 'clock' | 'log'>,
  state: RunState,
  error: RunError | null,
): Promise<void> => {
  await runs.finish(runId, state, error, clock.nowMs());
  log.info({ runId, state, ...(error === null ? {} : { code: error.code }) }, 'run finished');
  if (mode === 'verify') await runs.verify.clearFinished();
  const waiting = (await runs.list({ limit: 100, sourceId })).findLast((run) => run.state === 'queued');
  if (waiting !== undefined) await sendRun(jobs, waiting.id);
};

/** Which part of a run a job is about; null: what is to be done next. */
export type Assignment = { readonly table: string; readonly part: number } | null;

/** Workers are at other parts. (A table of one part, or what is left of a table once it is read, has only the worker who asks.) */
const isSharedWithOthers = async (runId: string, assignment: Assignment, runs: Pick<RunStore, 'get'>): Promise<boolean> => {
  const partitions = (await runs.get(runId))?.partitions ?? [];
  return partitions.some(
    ({ table, part, state, isHeld, slice }) =>
      isHeld && state !== 'complete' && slice !== null && !(assignment?.table === table && assignment.part === part),
  );
};

/**
 * Work of one job on a run, with all that may come between: the process stops (the queue hands the job to the next worker), somebody
 * cancels or pauses the run, another source waits for a worker, an error ends the run.
 */
export const workOnRun = async (
  run: Run,
  assignment: Assignment,
  dependencies: RunDependencies,
  processSignal: AbortSignal,
  work: (context: RunTableContext) => Promise<void>,
): Promise<void> => {
  const { runs, jobs, log } = dependencies;
  const finish = (state: RunState, error: RunError | null) => finishRun(run, dependencies, state, error);

  const stop = async (reason: StopReason): Promise<void> => {
    switch (reason) {
      case 'cancel':
        // Whoever is still at another part has a page to record; the last one to leave ends the run.
        return (await isSharedWithOthers(run.id, assignment, runs)) ? undefined : finish('cancelled', null);
      case 'room':
        return assignment === null ? sendRun(jobs, run.id, { isLast: true }) : sendPartition(jobs, run.id, assignment);
      case 'pause':
      case 'over':
        return undefined;
    }
  };

  const watch = watchRun({ runId: run.id, sourceId: run.sourceId, part: assignment?.part ?? 0 }, dependencies);
  const signal = AbortSignal.any([processSignal, watch.signal]);
  try {
    if (run.isCancelRequested) throw new RunStopped('cancel');
    await work({ run, runs, signal, throwIfAsked: () => watch.throwIfAsked() });
  } catch (error) {
    // To the queue it is a failed try: should the other worker die, this job is still there for the next one.
    if (isAppError(error, 'run.taken_over')) throw error;
    if (error instanceof RunStopped) return await stop(error.reason);
    // A wait that is called off ends in an error of its own.
    if (watch.signal.reason instanceof RunStopped) return await stop(watch.signal.reason.reason);
    if (processSignal.aborted) throw error;
    if (isAppError(error)) return await finish('failed', describeRunError(error));
    log.error({ runId: run.id, err: error }, 'run failed unexpectedly');
    await finish('failed', describeRunError(new AppError('run.interrupted')));
  } finally {
    watch.stop();
  }
};
