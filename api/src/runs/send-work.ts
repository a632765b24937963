import type { Jobs } from '../store/jobs/types.ts';

/** Before all parts: it is short, unless the run is one of a single part. */
const runPriority = 1;
/** Behind the parts of every other source. */
const lastPriority = -1_000;

/** Calls for whatever is to be done next with a run. A call too many finds nothing to do. */
export const sendRun = (jobs: Pick<Jobs, 'send'>, runId: string, { isLast = false }: { readonly isLast?: boolean } = {}): Promise<void> =>
  jobs.send('run', { runId }, { singletonKey: runId, priority: isLast ? lastPriority : runPriority });

/**
 * Calls for a worker for one part. The later a part, the further behind it waits: so parts of several sources are taken in turns,
 * whoever came first with how many.
 */
export const sendPartition = (
  jobs: Pick<Jobs, 'send'>,
  runId: string,
  { table, part }: { readonly table: string; readonly part: number },
): Promise<void> => jobs.send('run', { runId, table, part: String(part) }, { singletonKey: `${runId} ${table} ${part}`, priority: -part });
