import type { RunService } from '../../contract/services.ts';
import { isAppError } from '../../errors/app-error.ts';
import { type RunStore, finalRunStates } from '../../store/runs/types.ts';
import type { ScheduleStore } from '../../store/types.ts';
import type { Clock } from '../../sync/types.ts';
import { createLoop } from './loop.ts';
import type { ReadySchedule } from './schedules.ts';

export interface SchedulerDependencies {
  readonly schedules: readonly ReadySchedule[];
  readonly store: ScheduleStore;
  readonly runs: Pick<RunStore, 'list'>;
  readonly service: Pick<RunService, 'start'>;
  readonly clock: Clock;
  /** Rejects when the signal aborts. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly log: { info(details: object, message: string): void; warn(details: object, message: string): void };
}

const lookEveryMs = 10_000;
/** Whoever claimed a moment and has started no run by then has died. */
const claimLastsMs = 60_000;
const newestRuns = 50;

/**
 * Starts the runs that are due, from whichever process looks first. A source has one run at a time: what becomes due meanwhile starts
 * when that one has ended, and so does, once, all that became due while nobody was there.
 */
export const createScheduler = (dependencies: SchedulerDependencies) => {
  const { schedules, store, runs, service, clock, sleep, log } = dependencies;

  const isBusy = async (sourceId: string): Promise<boolean> =>
    (await runs.list({ limit: newestRuns, sourceId })).some(({ state }) => !finalRunStates.has(state));

  const startDue = async ({ sourceId, schedule, key, rule, text }: ReadySchedule): Promise<void> => {
    const nowMs = clock.nowMs();
    const dueMs = rule.latestAt(nowMs);
    // A schedule that is new begins with its next moment.
    if (!(await store.isDue(sourceId, key, { dueMs, nowMs, claimLastsMs })) || (await isBusy(sourceId))) return;
    if (!(await store.claim(sourceId, key, { dueMs, nowMs, claimLastsMs }))) return;
    const { mode, tables } = schedule;
    const run = await service.start({ sourceId, mode, ...(tables === undefined ? {} : { tables: [...tables] }) }, 'schedule');
    await store.started(sourceId, key, { dueMs, runId: run.id });
    log.info({ sourceId, schedule: text, runId: run.id }, 'a scheduled run was started');
  };

  const look = async (signal?: AbortSignal): Promise<void> => {
    for (const schedule of schedules) {
      if (signal?.aborted === true) return;
      try {
        await startDue(schedule);
      } catch (error) {
        // One source's trouble, or a store that is away for a while, must not keep the others from their runs.
        const code = isAppError(error) ? error.code : 'internal';
        log.warn({ sourceId: schedule.sourceId, schedule: schedule.text, code }, 'a scheduled run could not be started; it is tried again');
      }
    }
  };

  const loop = createLoop({ work: look, everyMs: lookEveryMs, sleep });
  return {
    /** Looks once; for who has a clock of its own. */
    look: () => look(),
    start(): void {
      if (schedules.length > 0) loop.start();
    },
    stop: () => loop.stop(),
  };
};
