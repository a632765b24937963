import type { Jobs } from '../store/jobs/types.ts';
import { type RunStore, finalRunStates } from '../store/runs/types.ts';
import type { Sources } from '../sync/sources.ts';
import { sendRun } from './send-work.ts';

const newestRuns = 500;

/**
 * Sends the jobs of all work that is still open. A process that died between storing a run or a delivery and sending its job, or
 * with a queue that was lost, would leave it waiting for ever. A job too many finds nothing to do.
 */
export const takeUpOpenWork = async (parts: {
  readonly runs: Pick<RunStore, 'list'>;
  readonly jobs: Pick<Jobs, 'send'>;
  readonly sources: Sources;
}): Promise<void> => {
  // A paused run waits for whoever paused it.
  const open = (await parts.runs.list({ limit: newestRuns })).filter(({ state }) => !finalRunStates.has(state) && state !== 'paused');
  for (const { id } of open.toReversed()) await sendRun(parts.jobs, id);
  for (const { id, connector } of parts.sources.all()) {
    await parts.jobs.send('inbox', { sourceId: id }, { singletonKey: id });
    for (const table of connector.tables) {
      await parts.jobs.send('removals', { sourceId: id, table }, { singletonKey: `${id} ${table}` });
    }
  }
};
