import type { AbandonedWrite } from '../store/records/types.ts';
import { type SyncDependencies, openTableSync } from './open-table-sync.ts';
import { syncAgain } from './sync-again.ts';
import type { Source, TableSync } from './types.ts';

const recordsPerPull = 500;

const readAgain = async (sync: TableSync, { recordIds }: AbandonedWrite, signal: AbortSignal): Promise<void> => {
  for (let first = 0; first < recordIds.length; first += recordsPerPull) {
    const ids = recordIds.slice(first, first + recordsPerPull);
    const release = await sync.locks.hold(sync, ids);
    try {
      // The dead process may have been at a removal. Those that are gone from the CRM wait for the next run, which counts and guards them.
      await syncAgain(sync, ids, { signal, lane: 'bulk', mayBeInactive: true });
    } finally {
      release();
    }
  }
};

/**
 * What a process was writing when it died may be in Dataverse and in no link: a record that was deleted since would keep its row, and one
 * that another process wrote at the same time would stay older than its link says. So these records are read from the CRM once more, and
 * what it says now is written, whatever the links remember. Safe to repeat, and safe where the other process lives after all: it notices
 * that it was overtaken. Gives how many records that were.
 */
export const mendOpenWrites = async (source: Source, dependencies: SyncDependencies, signal: AbortSignal): Promise<number> => {
  const { records } = dependencies;
  let mended = 0;
  for (const table of source.connector.tables) {
    for (;;) {
      const abandoned = await records.takeAbandonedWrite(source.id, table);
      if (abandoned === null) break;
      try {
        // What is posted cannot be asked for: its delivery was not settled, so it is handled again from what came along.
        if (source.connector.table(table).readCarried === undefined)
          await readAgain(await openTableSync(source, table, dependencies, signal), abandoned, signal);
        await records.closeWrite(abandoned);
        mended += abandoned.recordIds.length;
      } finally {
        abandoned.leave();
      }
    }
  }
  return mended;
};
