import type { OpenWrite } from '../store/types.ts';
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
