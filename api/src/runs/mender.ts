import { isAppError } from '../errors/app-error.ts';
import { mendOpenWrites } from '../sync/mend-open-writes.ts';
import type { SyncDependencies } from '../sync/open-table-sync.ts';
import type { Sources } from '../sync/sources.ts';
import { type Loop, createLoop } from './schedule/loop.ts';

const lookEveryMs = 30_000;

export interface MenderDependencies extends SyncDependencies {
  readonly sources: Sources;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly log: { info(details: object, message: string): void; warn(details: object, message: string): void };
}

/** Reads again what dead processes were writing, also while no run begins: clicks and webhooks leave such writes behind, too. */
export const createMender = ({ sources, sleep, log, ...dependencies }: MenderDependencies): Loop => {
  const look = async (signal: AbortSignal): Promise<void> => {
    for (const source of sources.all()) {
      try {
        const records = await mendOpenWrites(source, dependencies, signal);
        if (records > 0) log.info({ sourceId: source.id, records }, 'records that a process was writing when it ended were read again');
      } catch (error) {
        if (signal.aborted) return;
        log.warn({ sourceId: source.id, code: isAppError(error) ? error.code : 'internal' }, 'records could not be read again');
      }
    }
  };
  return createLoop({ work: look, everyMs: lookEveryMs, sleep });
};
