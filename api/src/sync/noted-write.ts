import type { OpenWrite } from '../store/records/types.ts';
import type { ComparedPage, TableSync } from './types.ts';

export const idsToWrite = ({ toWrite }: Pick<ComparedPage, 'toWrite'>): readonly string[] => toWrite.map(({ row }) => row.record.id);

/**
 * Work that changes the rows of these records, from its first request to Dataverse until what it did is recorded. It is noted first and
 * left in any case: what dies in between, or fails, is found and read again (mend-open-writes.ts). The work closes its note, with its
 * commit or after it; null where there is nothing to write.
 */
export const noted = async <Result>(
  sync: TableSync,
  recordIds: readonly string[],
  work: (write: OpenWrite | null) => Promise<Result>,
): Promise<Result> => {
  if (recordIds.length === 0) return work(null);
  const write = await sync.records.beginWrite(sync.sourceId, sync.table, recordIds);
  try {
    return await work(write);
  } finally {
    write.leave();
  }
};

/** What is asked for by id, from before it is read. */
export interface NotedRead {
  /** From now on something may be sent to Dataverse: the work closes the note with its commit, or leaves it to be found. */
  beginWriting(): OpenWrite;
  /** In any case. Where nothing was sent there is nothing to read again. */
  end(): Promise<void>;
}

/**
 * Records that are asked for by id are noted before they are read. Between that and the write they may be deleted; who learns of it
 * meanwhile, in another process, and finds no row, then knows that one may come.
 */
export const notedRead = async (sync: TableSync, recordIds: readonly string[]): Promise<NotedRead> => {
  const write = await sync.records.beginWrite(sync.sourceId, sync.table, recordIds);
  let isWriting = false;
  return {
    beginWriting() {
      isWriting = true;
      return write;
    },
    async end() {
      // One that stays is read again for nothing.
      if (!isWriting) await sync.records.closeWrite(write).catch(() => undefined);
      write.leave();
    },
  };
};
