import type { UnreadableRecord } from '../crm/types.ts';
import { errorRegistry } from '../errors/registry.ts';
import type { FailedRecord, Link } from '../store/types.ts';
import { findExistingParents } from './find-parents.ts';
import type { ComparedPage, MappedRecord, MappedRow, RowDecision, TableSync } from './types.ts';

export interface MappedPage {
  readonly records: readonly MappedRecord[];
  readonly unreadable: readonly UnreadableRecord[];
  /** When the CRM was asked for it: it may have been on its way while others looked at its records. */
  readonly askedOnMs: number;
}

/** A click looks at the row itself: true when it differs from what the CRM says, whatever our hash remembers. */
export type DriftCheck = (row: MappedRow) => boolean;

const isOlder = (modifiedOnMs: number | null, thanMs: number | null): boolean =>
  modifiedOnMs !== null && thanMs !== null && modifiedOnMs < thanMs;

/** Older than what was written; or its row was deactivated after this page was asked for, when a deletion often has no version. */
const isStale = ({ record, kind }: MappedRecord, link: Link, askedOnMs: number): boolean =>
  isOlder(record.modifiedOnMs, link.sourceModifiedOnMs) || (link.state === 'removed' && kind === 'row' && link.checkedOnMs >= askedOnMs);

/** A page may hold a record twice (it changed while the CRM was listing): the newest counts, the later one when they are equal. */
const newestOf = (records: readonly MappedRecord[]): ReadonlyMap<string, MappedRecord> => {
  const newest = new Map<string, MappedRecord>();
  for (const mapped of records) {
    const { id, modifiedOnMs } = mapped.record;
    const previous = newest.get(id);
    if (previous === undefined || !isOlder(modifiedOnMs, previous.record.modifiedOnMs)) newest.set(id, mapped);
  }
  return newest;
};

const unreadableFailure = (sync: TableSync, record: UnreadableRecord): FailedRecord => ({
  table: sync.table,
  recordId: record.where,
  code: 'record.unreadable',
  failureClass: 'crm',
  reason: errorRegistry['record.unreadable'].title.replace('{problem}', record.reason),
});

/** The rows whose content is new, or that wait for a parent which may have come. */
const isWorthALook = (row: MappedRow, link: Link | null, hasDrifted: DriftCheck): boolean =>
  link === null || link.contentHash !== row.contentHash || link.state !== 'linked' || hasDrifted(row);

interface Candidate {
  readonly row: MappedRow;
  readonly link: Link | null;
}

const decide = ({ row, link }: Candidate, parentKeys: ReadonlyMap<string, string>): RowDecision => {
  const { parentId } = row.record;
  const parentKey = parentId === null ? null : (parentKeys.get(parentId) ?? null);
  return { row, link, parentKey, isParentMissing: parentId !== null && parentKey === null };
};

/** Waits already, is the same, and its parent still is not there: nothing to write. */
const stillWaits = (decision: RowDecision): boolean =>
  decision.isParentMissing && decision.link?.state === 'waitingForParent' && decision.link.contentHash === decision.row.contentHash;

/**
 * Step 3. Drops what has not changed (hash), what is older than what we wrote (version), and decides for the rest whether the
 * parent can be bound. Call it while the page's records are held.
 */
export const compare = async (
  sync: TableSync,
  page: MappedPage,
  signal: AbortSignal,
  hasDrifted: DriftCheck = () => false,
): Promise<ComparedPage> => {
  const newest = newestOf(page.records);
  const links = await sync.records.findLinks(sync.sourceId, sync.table, [...newest.keys()]);

  const candidates: Candidate[] = [];
  const parentIds = new Set<string>();
  const unchangedIds: string[] = [];
  const filteredIds: string[] = [];
  const removals: string[] = [];
  const failures: FailedRecord[] = [];
  let staleCount = page.records.length - newest.size;

  for (const [recordId, mapped] of newest) {
    const link = links.get(recordId) ?? null;
    if (link !== null && isStale(mapped, link, page.askedOnMs)) staleCount += 1;
    else if (mapped.kind === 'failed') failures.push(mapped.failure);
    else if (mapped.kind === 'filtered') filteredIds.push(recordId);
    else if (mapped.kind === 'removed') {
      // What never had a row, or is deactivated already, needs nothing.
      if (link === null || link.state === 'removed') filteredIds.push(recordId);
      else removals.push(recordId);
    } else if (isWorthALook(mapped, link, hasDrifted)) {
      candidates.push({ row: mapped, link });
      if (mapped.record.parentId !== null) parentIds.add(mapped.record.parentId);
    } else unchangedIds.push(recordId);
  }

  const parentKeys = await findExistingParents(sync, parentIds, signal);
  const toWrite: RowDecision[] = [];
  for (const candidate of candidates) {
    const decision = decide(candidate, parentKeys);
    if (stillWaits(decision) && !hasDrifted(candidate.row)) unchangedIds.push(candidate.row.record.id);
    else toWrite.push(decision);
  }

  for (const record of page.unreadable) failures.push(unreadableFailure(sync, record));
  return { read: page.records.length + page.unreadable.length, toWrite, unchangedIds, staleCount, filteredIds, removals, failures };
};
