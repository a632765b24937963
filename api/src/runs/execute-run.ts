import { AppError, isAppError } from '../errors/app-error.ts';
import type { Run, RunError, RunState, RunStore, SweepStore } from '../store/types.ts';
import type { AdoptionGuard } from '../sync/adopt/unadopted.ts';
import { addCounts, noCounts } from '../sync/counts.ts';
import { type SyncDependencies, openTableSync } from '../sync/open-table-sync.ts';
import type { Sources } from '../sync/sources.ts';
import { relinkChildrenOf } from '../sync/sync-named-records.ts';
import { describeRunError } from './run-error.ts';
import { runTable } from './run-table.ts';
import { conclude } from './verify/conclude.ts';
import { verifyTable } from './verify/verify-table.ts';
import { type CancelWatchDependencies, RunCancelled, watchForCancel } from './watch-for-cancel.ts';

export interface RunDependencies extends SyncDependencies, Pick<CancelWatchDependencies, 'sleep'> {
  readonly sources: Sources;
  readonly runs: RunStore;
  readonly sweeps: SweepStore;
  readonly adoption: AdoptionGuard;
  readonly log: RunLog;
}

export interface RunLog {
  info(details: object, message: string): void;
  error(details: object, message: string): void;
}

const finalState = (run: Run): RunState => {
  const { failed, withheld } = run.partitions.map(({ counts }) => counts).reduce(addCounts, noCounts);
  return failed > 0 || (withheld > 0 && !run.isDryRun) ? 'partial' : 'succeeded';
};

/**
 * Works on a run until it is in a final state, whoever started it and however often it was interrupted: what its checkpoints
 * say is done is not done again. When the process stops, the run stays `running` and the queue hands it to the next worker; when
 * somebody cancels the run, it ends as cancelled with what it has recorded.
 */
export const executeRun = async (runId: string, dependencies: RunDependencies, processSignal: AbortSignal): Promise<void> => {
  const { runs, sources, clock, log } = dependencies;
  const run = await runs.get(runId);
  if (run === null || !(await runs.start(runId, clock.nowMs()))) return;
  log.info({ runId, sourceId: run.sourceId, mode: run.mode }, 'run started');

  const finish = async (state: RunState, error: RunError | null): Promise<void> => {
    await runs.finish(runId, state, error, clock.nowMs());
    log.info({ runId, state, ...(error === null ? {} : { code: error.code }) }, 'run finished');
    if (run.mode === 'verify') await runs.verify.clearFinished();
  };

  const cancelWatch = watchForCancel(runId, dependencies);
  const signal = AbortSignal.any([processSignal, cancelWatch.signal]);
  try {
    if (run.isCancelRequested) throw new RunCancelled();
    const source = sources.get(run.sourceId);
    // Windows end by the CRM's clock, which a process that has just started learns from the first answer.
    await source.connector.check(signal);
    // The connector's order, not the request's: parents before children.
    const tables = source.connector.tables.filter((name) => run.tables.includes(name));
    const writes = !run.isDryRun && (run.mode !== 'verify' || run.repairs === true);
    if (writes) for (const table of tables) await dependencies.adoption.requireAdopted(source, table, { isNews: true, signal });
    for (const table of tables) {
      const sweep = { sweeps: dependencies.sweeps, policy: source.sweep ?? 'auto' };
      const sync = await openTableSync(source, table, dependencies, signal);
      const context = { run, runs, signal, throwIfCancelled: () => cancelWatch.throwIfAsked() };
      await (run.mode === 'verify' ? verifyTable(sync, source, context) : runTable(sync, context, sweep));
    }
    // A run of accounts alone brings parents that contacts of earlier runs wait for; nobody else would link them before their own run.
    if (writes && !run.tables.includes('contact')) {
      await relinkChildrenOf('account', source, dependencies, { signal, lane: 'bulk' });
    }
    const now = (await runs.get(runId)) ?? run;
    if (run.mode !== 'verify') return await finish(finalState(now), null);
    const { agrees } = await conclude(source, now, dependencies, signal);
    await finish(agrees ? 'succeeded' : 'partial', null);
  } catch (error) {
    // To the queue it is a failed try: should the other worker die, this job is still there for the next one.
    if (isAppError(error, 'run.taken_over')) throw error;
    // A wait that is called off ends in an error of its own.
    if (error instanceof RunCancelled || cancelWatch.signal.aborted) return finish('cancelled', null);
    if (processSignal.aborted) throw error;
    if (isAppError(error)) return finish('failed', describeRunError(error));
    log.error({ runId, err: error }, 'run failed unexpectedly');
    await finish('failed', describeRunError(new AppError('run.interrupted')));
  } finally {
    cancelWatch.stop();
  }
};
