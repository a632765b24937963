import type { ConstructorOptions, Queue, WorkOptions } from 'pg-boss';
import type { QueueName } from './types.ts';

export const queueNames: readonly QueueName[] = ['run', 'inbox', 'removals', 'failures'];

export interface JobTimings {
  /** How often a worker looks for jobs that another process sent. Those of its own process wake it at once. At least 0.5. */
  readonly pollSeconds: number;
  /** A worker that has been silent for so long is dead. At least 10. */
  readonly heartbeatSeconds: number;
  /** How often the dead are looked for. */
  readonly superviseSeconds: number;
  readonly retryDelaySeconds: number;
  readonly retryDelayMaxSeconds: number;
}

/** A dead worker's job comes back within 20 + 10 + 15 seconds, the last part being the wait before a retry. */
export const usualTimings: JobTimings = {
  pollSeconds: 1,
  heartbeatSeconds: 20,
  superviseSeconds: 10,
  retryDelaySeconds: 1,
  retryDelayMaxSeconds: 15,
};

/** Runs of different sources side by side; records written at a time are limited elsewhere. */
export const workersPerQueue: Readonly<Record<QueueName, number>> = { run: 2, inbox: 2, removals: 1, failures: 1 };

const hour = 60 * 60;

export const bossSettings = ({ superviseSeconds }: JobTimings, { isEmbedded }: { readonly isEmbedded: boolean }): ConstructorOptions => ({
  backend: isEmbedded ? 'pglite' : 'postgres',
  // Schedules are not the queue's: a run that is due is decided where sources are known.
  schedule: false,
  superviseIntervalSeconds: superviseSeconds,
  monitorIntervalSeconds: superviseSeconds,
  // Both look at background processes and statistics that the embedded database does not have.
  monitorVacuum: !isEmbedded,
  reindex: !isEmbedded,
});

export const queueSettings = ({
  heartbeatSeconds,
  retryDelaySeconds,
  retryDelayMaxSeconds,
}: JobTimings): Omit<Queue, 'name' | 'policy'> => ({
  // The longest that pg-boss allows; the heartbeat is what tells a long run from a dead one.
  expireInSeconds: 24 * hour - 1,
  heartbeatSeconds,
  // A killed process must never use up a run's tries. What cannot succeed ends its run itself, and the job with it.
  retryLimit: 10_000,
  retryDelay: retryDelaySeconds,
  retryBackoff: true,
  retryDelayMax: retryDelayMaxSeconds,
  deleteAfterSeconds: 24 * hour,
});

/**
 * Of the policies, `short` is "one waits per key"; the group adds "one runs per key", over all processes but for two that look at the same
 * moment. Of one process, jobs.ts lets no two begin.
 */
export const queuePolicy = 'short';

export const workSettings = ({ pollSeconds, heartbeatSeconds }: JobTimings): WorkOptions => ({
  pollingIntervalSeconds: pollSeconds,
  heartbeatRefreshSeconds: heartbeatSeconds / 4,
  groupConcurrency: 1,
});
