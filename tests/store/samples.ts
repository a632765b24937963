import { createHash } from 'node:crypto';
import type { Counts, FailedRecord, Link, PageCommit } from '../../api/src/store/records/types.ts';

export const sourceId = 'northwind';

export const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32);

export const linkOf = (recordId: string, more: Partial<Link> = {}): Link => ({
  recordId,
  contentHash: hashOf(recordId),
  sourceModifiedOnMs: 1_000,
  parentId: null,
  state: 'linked',
  syncedOnMs: 2_000,
  checkedOnMs: 2_000,
  ...more,
});

export const failureOf = (recordId: string, more: Partial<FailedRecord> = {}): FailedRecord => ({
  table: 'contact',
  recordId,
  code: '0x80044331',
  failureClass: 'data',
  reason: 'A value is too long.',
  ...more,
});

export const noCounts: Counts = { read: 0, written: 0, unchanged: 0, stale: 0, filtered: 0, failed: 0, withheld: 0 };

/** A page of contacts; parts that are left out are empty. */
export const pageOf = (parts: Partial<PageCommit>): PageCommit => ({
  sourceId,
  table: 'contact',
  links: [],
  unchangedIds: [],
  failures: [],
  removals: [],
  ...parts,
});
