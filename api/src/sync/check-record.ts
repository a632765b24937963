import { compare } from './compare.ts';
import { pull } from './pull.ts';
import { record } from './record.ts';
import { mapPages } from './sync-records.ts';
import type { ComparedPage, TableSync } from './types.ts';

const isAsItWas = ({ toWrite, removals, failures, doubtfulIds }: ComparedPage): boolean =>
  toWrite.length + removals.length + failures.length + doubtfulIds.length === 0;

/**
 * The first three steps for one record, and of the last only that we looked: one cheap request to the CRM, and nothing is written in
 * Dataverse. That it was the same is recorded; what differs is left to a sync.
 */
export const checkRecord = async (sync: TableSync, recordId: string, signal: AbortSignal): Promise<ComparedPage> => {
  const release = await sync.locks.hold(sync, [recordId]);
  try {
    for await (const page of mapPages(sync, pull(sync.reader, { kind: 'ids', ids: [recordId] }, signal))) {
      const compared = await compare(sync, page, signal);
      // Whoever has looked meanwhile has recorded what was seen, so there is nothing to do again.
      if (isAsItWas(compared))
        await record(sync, compared, { links: [], failures: [] }, null, { syncAgain: async () => [], openWrite: null });
      return compared;
    }
    throw new Error('a pull by id gave no page');
  } finally {
    release();
  }
};
