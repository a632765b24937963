import { randomUUID } from 'node:crypto';
import { type Job, PgBoss } from 'pg-boss';
import { AppError, isAppError } from '../../errors/app-error.ts';
import { errorCodeOf } from '../database/database-errors.ts';
import { groupWhileBusy } from '../database/group-while-busy.ts';
import type { SqlDatabase } from '../database/types.ts';
import type { StoreLog } from '../log.ts';
import { toBossDatabase } from './boss-database.ts';
import {
  type JobTimings,
  bossSettings,
  queueNames,
  queuePolicy,
  queueSettings,
  usualTimings,
  workSettings,
  workersPerQueue,
} from './queue-settings.ts';
import type { Jobs, QueueName } from './types.ts';

export interface JobsDependencies {
  readonly database: SqlDatabase;
  /** pg-boss's own schema. */
  readonly schema: string;
  /** Nobody else can be working: what is marked as being worked on at start was left by a process that died. */
  readonly isEmbedded: boolean;
  readonly log: StoreLog;
  readonly timings?: JobTimings | undefined;
}

type JobData = Readonly<Record<string, string>>;

const uniqueViolation = '23505';
const mostSentTogether = 1_000;

/**
 * The queue. A job is done when its handler resolves; one that rejects is tried again, after a growing pause. A job in a
 * stopped or dead process is done by whoever is there.
 */
export const createJobs = ({ database, schema, isEmbedded, log, timings = usualTimings }: JobsDependencies): Jobs => {
  const boss = new PgBoss({ ...bossSettings(timings, { isEmbedded }), schema, db: toBossDatabase(database) });
  const stopping = new AbortController();
  const workerIds = new Map<QueueName, string[]>();
  /** What the workers of this process are at: queue and key. */
  const inHand = new Set<string>();
  let isBegun = false;
  let isStarted = false;
  let stopped: Promise<void> | undefined;

  // A database that is away fails every poll; one line a fault is enough.
  let lastFault = '';
  const warnOnce = (error: unknown): void => {
    const fault = isAppError(error) ? error.code : (errorCodeOf(error) ?? 'unknown');
    if (fault !== lastFault) log.warn({ err: error }, 'the job queue has trouble');
    lastFault = fault;
  };
  boss.on('error', warnOnce);
  boss.on('warning', (warning) => log.warn({ warning: warning.message }, 'the job queue warns'));

  /** Back to waiting, now and without counting as a try. */
  const giveBack = async (queue: QueueName, job: { readonly id: string; readonly retryCount?: number }): Promise<void> => {
    await boss.cancel(queue, job.retryCount === undefined ? job.id : { id: job.id, retryCount: job.retryCount });
    try {
      await boss.resume(queue, job.id);
    } catch (error) {
      // Another job with the same key waits already and will do the work.
      if (errorCodeOf(error) !== uniqueViolation) throw error;
    }
  };

  const giveBackAbandoned = async (queue: QueueName): Promise<void> => {
    for (const job of await boss.findJobs(queue)) if (job.state === 'active') await giveBack(queue, job);
  };

  const handle = async (
    queue: QueueName,
    job: Job<JobData>,
    handler: (data: JobData, signal: AbortSignal) => Promise<void>,
  ): Promise<void> => {
    lastFault = '';
    const work = `${queue} ${job.groupId ?? job.id}`;
    // Two workers that look at the same moment find both of a key's jobs free, and one whose heartbeat was lost is given out again: two
    // that were at it would take it from each other, and do all of it twice. It comes back, and waits for the one that is at work.
    if (inHand.has(work)) throw new Error('in hand');
    inHand.add(work);
    try {
      await handler(job.data, AbortSignal.any([job.signal, stopping.signal]));
    } catch (error) {
      if (!stopping.signal.aborted) {
        log.warn({ queue, err: error }, 'a job failed and will be tried again');
        // pg-boss stores what is thrown, message and all: only a code may be stored.
        throw new Error(isAppError(error) ? error.code : 'internal');
      }
    } finally {
      inHand.delete(work);
    }
    // A handler that saw the signal may have returned early: only another go can tell.
    if (stopping.signal.aborted) await giveBack(queue, job);
  };

  const requireStarted = (): void => {
    if (!isStarted || stopping.signal.aborted) throw new AppError('store.unavailable', { problem: 'the job queue is not running' });
  };

  const drain = async (): Promise<void> => {
    // Asked first, so that no worker takes a new job once the handlers are told to end.
    const drained = Promise.all(queueNames.map((queue) => boss.offWork(queue, { wait: true })));
    stopping.abort();
    await drained;
    // Also one that failed in the middle of its start, or its timers would keep the process alive.
    if (isBegun) await boss.stop({ graceful: true, close: false });
  };

  type Send = readonly [queue: QueueName, data: JobData, singletonKey: string, priority: number];
  /**
   * A webhook asks for the same job two hundred times a second. Those that ask while a send is under way are served by one that begins after
   * all of them have asked, so none is served by a job that was done before.
   */
  const sendTogether = groupWhileBusy<Send, undefined>(async (sends) => {
    const distinct = new Map(sends.map((send) => [JSON.stringify(send), send]));
    await Promise.all(
      [...distinct.values()].map(([queue, data, singletonKey, priority]) =>
        boss.send(queue, data, { singletonKey, priority, group: { id: singletonKey } }),
      ),
    );
    return sends.map(() => undefined);
  }, mostSentTogether);
  const sendGrouped = (...send: Send): Promise<undefined> => sendTogether(send);

  return {
    async start() {
      if (isBegun) return;
      isBegun = true;
      await boss.start();
      for (const queue of queueNames) {
        await boss.createQueue(queue, { ...queueSettings(timings), policy: queuePolicy });
        // A queue that an older version made takes on our settings.
        await boss.updateQueue(queue, queueSettings(timings));
        if (isEmbedded) await giveBackAbandoned(queue);
      }
      isStarted = true;
    },

    async send(queue, data, { singletonKey = randomUUID(), priority = 0 } = {}) {
      requireStarted();
      await sendGrouped(queue, data, singletonKey, priority);
      for (const id of workerIds.get(queue) ?? []) boss.notifyWorker(id);
    },

    async work(queue, handler) {
      requireStarted();
      const ids: string[] = [];
      for (let count = 0; count < workersPerQueue[queue]; count += 1) {
        ids.push(
          await boss.work<JobData>(queue, workSettings(timings), async (jobs) => {
            for (const job of jobs) await handle(queue, job, handler);
          }),
        );
      }
      workerIds.set(queue, [...(workerIds.get(queue) ?? []), ...ids]);
    },

    stop() {
      stopped ??= drain();
      return stopped;
    },
  };
};
