import type { RecordStore } from './types.ts';

/** Remembers nothing: every record looks new, and every parent there. For measuring the pipeline without a store. */
export const createNullRecordStore = (): RecordStore => ({
  findLinks: async () => new Map(),
  findUnsettled: async () => ({ settledIds: new Set(), links: new Map() }),
  linkedIds: async (_sourceId, _table, recordIds) => new Set(recordIds),
  forgetLinks: async () => undefined,
  commitPage: async () => [],
  beginWrite: async () => ({ id: '', leave: () => undefined }),
  openElsewhere: async () => new Set(),
  takeAbandonedWrite: async () => null,
  closeWrite: async () => undefined,
});
