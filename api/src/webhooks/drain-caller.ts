import { isAppError } from '../errors/app-error.ts';
import type { Jobs } from '../store/jobs/types.ts';

/**
 * A CRM that posts 200 times a second would have the queue asked 200 times for the same job, and its workers look as often for what they
 * cannot take: more work for the database than the deliveries themselves, and their answers wait for it. Whoever drains lets deliveries
 * gather for longer than this anyway.
 */
const calledEveryMs = 200;

export interface DrainCaller {
  /** At once for who comes alone; those that come soon after are one call, which is made after the last of them has come. */
  call(sourceId: string): void;
  /** Makes the calls that are still to be made. */
  stop(): Promise<void>;
}

/**
 * Calls a worker for the deliveries of a source. Nobody who delivers waits for it: a delivery is safe once it is stored, and one whose call
 * died with its process is found by the watch over webhooks, or by the next start.
 */
export const createDrainCaller = (parts: {
  readonly jobs: Pick<Jobs, 'send'>;
  /** Rejects when the signal aborts. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly log: { warn(details: object, message: string): void };
}): DrainCaller => {
  const { jobs, sleep, log } = parts;
  const stopping = new AbortController();
  const wanted = new Set<string>();
  const calling = new Map<string, Promise<void>>();

  const failing = new Set<string>();
  const send = async (sourceId: string): Promise<boolean> => {
    try {
      await jobs.send('inbox', { sourceId }, { singletonKey: sourceId });
      failing.delete(sourceId);
      return true;
    } catch (error) {
      // Once, however long the store is away.
      if (!failing.has(sourceId))
        log.warn({ sourceId, code: isAppError(error) ? error.code : 'internal' }, 'no worker could be called for deliveries; tried again');
      failing.add(sourceId);
      return false;
    }
  };

  const callWhileWanted = async (sourceId: string): Promise<void> => {
    while (wanted.delete(sourceId)) {
      // A store that is away is asked again, unless we are stopping: the next start looks for what waits.
      if (!(await send(sourceId)) && !stopping.signal.aborted) wanted.add(sourceId);
      await sleep(calledEveryMs, stopping.signal).catch(() => undefined);
    }
    calling.delete(sourceId);
  };

  return {
    call(sourceId) {
      wanted.add(sourceId);
      if (!calling.has(sourceId)) calling.set(sourceId, callWhileWanted(sourceId));
    },
    async stop() {
      stopping.abort();
      await Promise.all(calling.values());
    },
  };
};
