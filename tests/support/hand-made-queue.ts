import { executePartition } from '../../api/src/runs/execute-partition.ts';
import { type RunDependencies, executeRun } from '../../api/src/runs/execute-run.ts';
import type { Jobs } from '../../api/src/store/jobs/types.ts';

type JobData = Readonly<Record<string, string>>;
interface WaitingJob {
  readonly data: JobData;
  readonly key: string;
  readonly priority: number;
}

/** The queue of runs by hand: jobs are done when the test says so, by whom it says. One waits per key, as on the real one. */
export interface HandMadeQueue extends Pick<Jobs, 'send'> {
  readonly waiting: WaitingJob[];
  /** Takes the job that is next and that nobody of the same key is at; undefined when there is none. */
  take(): JobData | undefined;
  /** As the real queue, which lets only one run per key; a test that takes jobs by hand need not. */
  takeAlone(): { readonly job: JobData; readonly done: () => void } | undefined;
}

export const makeQueue = (): HandMadeQueue => {
  const waiting: WaitingJob[] = [];
  const active = new Set<string>();
  const takeNext = (): WaitingJob | undefined => {
    const [next] = waiting.filter(({ key }) => !active.has(key)).toSorted((left, right) => right.priority - left.priority);
    if (next !== undefined) waiting.splice(waiting.indexOf(next), 1);
    return next;
  };
  return {
    waiting,
    async send(_queue, data, { singletonKey = '', priority = 0 } = {}) {
      if (!waiting.some(({ key }) => key === singletonKey)) waiting.push({ data, key: singletonKey, priority });
    },
    take: () => takeNext()?.data,
    takeAlone() {
      const next = takeNext();
      if (next === undefined) return undefined;
      active.add(next.key);
      return { job: next.data, done: () => void active.delete(next.key) };
    },
  };
};

/** What a worker does with a job, as compose.ts wires it. */
export const doJob = async (job: JobData, work: RunDependencies, signal: AbortSignal): Promise<void> => {
  const { runId = '', table, part } = job;
  if (table === undefined) await executeRun(runId, work, signal);
  else await executePartition({ runId, table, part: Number(part) }, work, signal);
};

/** Works until no job waits. */
export const drainQueue = async (queue: HandMadeQueue, work: RunDependencies, signal: AbortSignal): Promise<void> => {
  for (let job = queue.take(); job !== undefined; job = queue.take()) await doJob(job, work, signal);
};
