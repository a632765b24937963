import type { TableName } from '../../crm/types.ts';
import { isAppError } from '../../errors/app-error.ts';
import type { FailureStore } from '../../store/failures/types.ts';
import type { Jobs } from '../../store/jobs/types.ts';
import { openTableSync } from '../../sync/open-table-sync.ts';
import type { Sources } from '../../sync/sources.ts';
import { type NamedRecordsDependencies, syncNamedRecords } from '../../sync/sync-named-records.ts';
import { type Loop, createLoop } from '../schedule/loop.ts';
import { retryDelays } from './retry-delays.ts';

const recordsPerPull = 200;
const lookEveryMs = 30_000;

export interface RetryDependencies extends NamedRecordsDependencies {
  readonly sources: Sources;
  readonly failures: FailureStore;
}

/**
 * Tries the records that are due once more, by id, through the five steps: a success clears them, another failure counts as one more try.
 * Safe to repeat.
 */
export const retryFailures = async (
  { sourceId, table }: { readonly sourceId: string; readonly table: TableName },
  dependencies: RetryDependencies,
  signal: AbortSignal,
): Promise<void> => {
  const { sources, failures, clock } = dependencies;
  const source = sources.all().find(({ id }) => id === sourceId);
  // No longer configured: a job that failed for that would be tried again for ever.
  if (source === undefined || !source.connector.tables.includes(table)) return;
  // Nobody can ask for them again: the CRM posts them anew.
  if (source.connector.table(table).readCarried !== undefined) return;
  const sync = await openTableSync(source, table, dependencies, signal);
  const nowMs = clock.nowMs();
  let afterId = '';
  for (;;) {
    const ids = await failures.due(sourceId, table, { delays: retryDelays, nowMs, afterId, limit: recordsPerPull });
    const last = ids.at(-1);
    if (last === undefined) return;
    await syncNamedRecords(sync, source, ids, dependencies, { signal, isDryRun: false, lane: 'bulk' });
    afterId = last;
  }
};

export interface RetrierDependencies extends Pick<RetryDependencies, 'sources' | 'failures' | 'clock'> {
  readonly jobs: Pick<Jobs, 'send'>;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly log: { warn(details: object, message: string): void };
}

/** Sends the job for every table that has something due; of several processes' jobs one is kept. */
export const createRetrier = ({ sources, failures, clock, jobs, sleep, log }: RetrierDependencies): Loop & { look(): Promise<void> } => {
  const look = async (): Promise<void> => {
    for (const { id: sourceId, connector } of sources.all()) {
      for (const table of connector.tables) {
        if (connector.table(table).readCarried !== undefined) continue;
        try {
          const due = { delays: retryDelays, nowMs: clock.nowMs(), afterId: '', limit: 1 };
          if ((await failures.due(sourceId, table, due)).length === 0) continue;
          await jobs.send('failures', { sourceId, table }, { singletonKey: `${sourceId} ${table}` });
        } catch (error) {
          log.warn({ sourceId, table, code: isAppError(error) ? error.code : 'internal' }, 'failed records could not be looked at');
        }
      }
    }
  };
  return { ...createLoop({ work: look, everyMs: lookEveryMs, sleep }), look };
};
