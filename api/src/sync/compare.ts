import type { UnreadableRecord } from '../crm/types.ts';
import { isAppError } from '../errors/app-error.ts';
import { errorRegistry } from '../errors/registry.ts';
import type { FailedRecord, KnownRecords, Link } from '../store/records/types.ts';
import { toFailedRecord } from './failed-record.ts';
import { findLookupRows } from './find-lookup-rows.ts';
import { findExistingParents } from './find-parents.ts';
import type { FoundLookups } from './lookups.ts';
import { hashWithMissing } from './map.ts';
import type { ComparedPage, MappedRecord, MappedRow, RecordIdentity, RemovedRecord, RowDecision, TableSync } from './types.ts';

export interface MappedPage {
  readonly records: readonly MappedRecord[];
  readonly unreadable: readonly UnreadableRecord[];
  /** When the CRM was asked for it: it may have been on its way while others looked at its records. */
  readonly askedOnMs: number;
}

/** A click looks at the row itself: true when it differs from what the CRM says, whatever our hash remembers. */
export type DriftCheck = (decision: RowDecision) => boolean;

export interface CompareOptions {
  readonly hasDrifted?: DriftCheck | undefined;
  /** Whatever the links say: somebody else may have written the rows since. */
  readonly isForced?: boolean;
  /** These very records were asked for, by their ids: who is gone is gone, and a page of a run that still has it is the older. */
  readonly isNamed?: boolean;
}

const isOlder = (modifiedOnMs: number | null, thanMs: number | null): boolean =>
  modifiedOnMs !== null && thanMs !== null && modifiedOnMs < thanMs;

/** Older than what was written. */
const isStale = ({ record }: MappedRecord, link: Link): boolean => isOlder(record.modifiedOnMs, link.sourceModifiedOnMs);

/**
 * Somebody has written it after this page was asked for (before that, what is read here is the newer), and the version does not say that
 * this is newer: a deletion often has none, a link does not learn that of one, and some CRMs count seconds. Which is right only the CRM
 * can say; of records that nobody can ask for, only the version.
 */
const isDoubtful = ({ record }: MappedRecord, link: Link, askedOnMs: number, { readCarried }: TableSync['reader']): boolean =>
  link.checkedOnMs > askedOnMs &&
  ((link.state === 'removed' && readCarried === undefined) || !isOlder(link.sourceModifiedOnMs, record.modifiedOnMs));

/** What somebody else has seen meanwhile, and wrote nothing for. */
const touched = ({ record }: MappedRow | RemovedRecord, link: Link, nowMs: number): Link => ({
  ...link,
  sourceModifiedOnMs: record.modifiedOnMs,
  checkedOnMs: nowMs,
});

const noContent = '0'.repeat(32);
/** We have never made or changed its row. */
export const isUnwritten = (link: Link | null): boolean => link === null || link.contentHash === noContent;

/** Of a record that is known by nothing but its end; what was posted before that, and comes late, is older. */
export const endOf = ({ id, modifiedOnMs }: Pick<RecordIdentity, 'id' | 'modifiedOnMs'>, nowMs: number): Link => ({
  recordId: id,
  contentHash: noContent,
  sourceModifiedOnMs: modifiedOnMs,
  parentId: null,
  state: 'removed',
  syncedOnMs: nowMs,
  checkedOnMs: nowMs,
});

/**
 * A page of a run that still has the record may be on its way, in another process, and is noted by nobody before it is compared: so it is
 * the link that tells whoever writes later.
 */
const goneLink = ({ record }: RemovedRecord, link: Link | null, nowMs: number): Link =>
  link === null ? endOf({ id: record.id, modifiedOnMs: null }, nowMs) : { ...link, checkedOnMs: nowMs };

/**
 * Of records that are gone: those that somebody else, who read them before, is making or has made. Asked before the links are looked at:
 * who has recorded by then has left one, and who has not is noted.
 */
const findOpenElsewhere = async (sync: TableSync, records: Iterable<MappedRecord>): Promise<ReadonlySet<string>> => {
  const ids: string[] = [];
  for (const { kind, record } of records) if (kind === 'removed') ids.push(record.id);
  if (ids.length === 0 || sync.writing.removed === 'ignore') return new Set();
  return sync.records.openElsewhere(sync.sourceId, sync.table, ids);
};

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

const nothingSettled: ReadonlySet<string> = new Set();

/** What is known of a page's records; `isEachLookedAt`: nothing is dropped because it is as it was. */
const findKnown = async (sync: TableSync, newest: ReadonlyMap<string, MappedRecord>, isEachLookedAt: boolean): Promise<KnownRecords> => {
  const { sourceId, table, records } = sync;
  if (isEachLookedAt) return { settledIds: nothingSettled, links: await records.findLinks(sourceId, table, [...newest.keys()]) };
  const seen = Array.from(newest.values(), (mapped) => ({
    recordId: mapped.record.id,
    contentHash: mapped.kind === 'row' ? mapped.contentHash : null,
    modifiedOnMs: mapped.record.modifiedOnMs,
  }));
  return records.findUnsettled(sourceId, table, seen);
};

const unreadableFailure = (sync: TableSync, record: UnreadableRecord): FailedRecord => ({
  table: sync.table,
  recordId: record.where,
  code: 'record.unreadable',
  failureClass: 'crm',
  reason: errorRegistry['record.unreadable'].title.replace('{problem}', record.reason),
});

interface Candidate {
  readonly row: MappedRow;
  readonly link: Link | null;
  readonly parentId: string | null;
}

/** The rows whose content is new, or that wait for a parent which may have come. */
const isWorthALook = ({ row, link }: Candidate): boolean =>
  link === null || link.contentHash !== row.contentHash || link.state !== 'linked';

/** What the CRM does not say is as it was: a child that waits for its parent goes on waiting. */
const parentIdOf = ({ record }: MappedRow, link: Link | null): string | null => {
  if (record.parentId !== undefined) return record.parentId;
  return link?.state === 'waitingForParent' ? link.parentId : null;
};

const decide = ({ row, link, parentId }: Candidate, parentKeys: ReadonlyMap<string, string>, lookups: FoundLookups): RowDecision => {
  const parentKey = parentId === null ? null : (parentKeys.get(parentId) ?? null);
  const contentHash = hashWithMissing(row.contentHash, lookups.missing);
  return { row, link, lookups, contentHash, parentId, parentKey, isParentMissing: parentId !== null && parentKey === null };
};

/** Was the same, and what it waits for (a parent, a lookup's row) still is not there: nothing to write. */
const isAsItWas = ({ link, contentHash, isParentMissing }: RowDecision): boolean =>
  link?.contentHash === contentHash && (link.state === 'linked' || (link.state === 'waitingForParent' && isParentMissing));

/**
 * Step 3. Drops what has not changed (hash), what is older than what we wrote (version), and decides for the rest whether the
 * parent and the lookups can be bound. Call it while the page's records are held.
 */
export const compare = async (
  sync: TableSync,
  page: MappedPage,
  signal: AbortSignal,
  { hasDrifted, isForced = false, isNamed = false }: CompareOptions = {},
): Promise<ComparedPage> => {
  const newest = newestOf(page.records);
  const open = await findOpenElsewhere(sync, newest.values());
  const { settledIds, links } = await findKnown(sync, newest, hasDrifted !== undefined || isForced);

  const candidates: Candidate[] = [];
  const unchangedIds: string[] = [];
  const filteredIds: string[] = [];
  const goneIds: string[] = [];
  const removals: string[] = [];
  const failures: FailedRecord[] = [];
  const touchedLinks: Link[] = [];
  const doubtfulIds: string[] = [];
  const nowMs = sync.clock.nowMs();
  const keepUnchanged = (row: MappedRow, link: Link | null): void => {
    unchangedIds.push(row.record.id);
    if (link !== null && isOlder(link.sourceModifiedOnMs, row.record.modifiedOnMs)) touchedLinks.push(touched(row, link, nowMs));
  };
  let staleCount = page.records.length - newest.size;

  for (const [recordId, mapped] of newest) {
    if (settledIds.has(recordId)) {
      unchangedIds.push(recordId);
      continue;
    }
    const link = links.get(recordId) ?? null;
    if (link !== null && isStale(mapped, link)) staleCount += 1;
    else if (mapped.kind === 'failed') failures.push(mapped.failure);
    else if (mapped.kind === 'filtered') filteredIds.push(recordId);
    else if (mapped.kind === 'removed') {
      // Nobody can ask when it ended, so that is remembered.
      if (sync.reader.readCarried !== undefined)
        touchedLinks.push(link === null ? endOf(mapped.record, nowMs) : touched(mapped, link, nowMs));
      // What never had a row, may stay, or has been removed already needs nothing; unless somebody else may have made or activated it
      // just now.
      const isGone = (link === null || link.state === 'removed') && !isForced && !open.has(recordId);
      if (isGone && isNamed && sync.writing.removed !== 'ignore') touchedLinks.push(goneLink(mapped, link, nowMs));
      if (sync.writing.removed === 'ignore' || isGone) goneIds.push(recordId);
      else if (link !== null && link.state !== 'removed' && isDoubtful(mapped, link, page.askedOnMs, sync.reader))
        doubtfulIds.push(recordId);
      else removals.push(recordId);
    } else {
      const candidate: Candidate = { row: mapped, link, parentId: parentIdOf(mapped, link) };
      if (hasDrifted === undefined && !isForced && !isWorthALook(candidate)) keepUnchanged(mapped, link);
      else if (link !== null && isDoubtful(mapped, link, page.askedOnMs, sync.reader)) doubtfulIds.push(recordId);
      else candidates.push(candidate);
    }
  }

  const parentIds = new Set(candidates.map(({ parentId }) => parentId).filter((parentId) => parentId !== null));
  const parentKeys = await findExistingParents(sync, parentIds, signal);
  const findLookups = await findLookupRows(
    sync,
    candidates.map(({ row }) => row),
    signal,
  );
  const toWrite: RowDecision[] = [];
  for (const candidate of candidates) {
    const { row } = candidate;
    try {
      const decision = decide(candidate, parentKeys, findLookups(row));
      if (!isForced && isAsItWas(decision) && hasDrifted?.(decision) !== true) keepUnchanged(row, candidate.link);
      else toWrite.push(decision);
    } catch (error) {
      if (!isAppError(error, 'mapping.lookup_missing')) throw error;
      failures.push(toFailedRecord(sync.table, row.record.id, error));
    }
  }

  for (const record of page.unreadable) failures.push(unreadableFailure(sync, record));
  return {
    read: page.records.length + page.unreadable.length,
    toWrite,
    unchangedIds,
    staleCount: staleCount + doubtfulIds.length,
    filteredIds: goneIds.length === 0 ? filteredIds : [...filteredIds, ...goneIds],
    goneIds,
    removals,
    failures,
    touchedLinks,
    doubtfulIds,
    guard: { askedOnMs: page.askedOnMs, links },
  };
};
