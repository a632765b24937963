import type { TableReader } from '../../crm/types.ts';
import type { Verdict, VerifyItem } from '../../store/verify/types.ts';
import { sourceRecordIdColumn } from '../columns.ts';
import { isAboutARecord, pull } from '../pull.ts';
import { toSourceKey } from '../source-key.ts';
import type { TableSync } from '../types.ts';
import { heldKeys, isStray, judgeStray, whereaboutsOf } from './judge-stray.ts';
import { type LookedAt, lookAtRecords } from './look-at-records.ts';
import { readRows } from './read-rows.ts';

export interface LookAgainOptions {
  /** Of the table that the records' parents are in; null when they have none. */
  readonly parents: TableReader | null;
  /** By the CRM's clock. What was changed after it is not judged. */
  readonly asOfMs: number;
  readonly signal: AbortSignal;
}

type RecordItem = VerifyItem & { readonly recordId: string };
const isOfRecord = (item: VerifyItem): item is RecordItem => item.recordId !== null && !isStray(item);

/** Reads the records from the CRM once more, by id, and puts them beside their rows as these are now. */
const lookAt = async (sync: TableSync, ids: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, LookedAt>> => {
  const found = new Map<string, LookedAt>();
  const askedOnMs = sync.clock.nowMs();
  try {
    for await (const page of pull(sync.reader, { kind: 'ids', ids }, signal)) {
      const items = await lookAtRecords(sync, { records: page.records.map(sync.map), unreadable: [], askedOnMs }, signal);
      for (const item of items) if (item.recordId !== null) found.set(item.recordId, item);
    }
  } catch (error) {
    // It refuses every one of them: then nothing is known of any, which is what the absence says.
    if (!isAboutARecord(error)) throw error;
  }
  return found;
};

/** A row whose key names a record that is gone, and that names, beside its key, another record which has a row of its own. */
const isDouble = async (sync: TableSync, { key }: VerifyItem, signal: AbortSignal): Promise<boolean> => {
  const named = (await readRows(sync, [key], signal)).get(key)?.[sourceRecordIdColumn];
  const recordId = typeof named === 'string' ? sync.reader.readId(named) : null;
  const otherKey = recordId === null ? null : toSourceKey(sync.sourceId, recordId);
  return otherKey !== null && otherKey !== key && (await heldKeys(sync, [otherKey], signal)).has(otherKey);
};

/** Somebody changed the record in the CRM since the verification began. That may be seen by its version, or by its content alone. */
const hasChanged = (before: VerifyItem, now: VerifyItem, asOfMs: number): boolean => {
  if (now.modifiedOnMs !== null && now.modifiedOnMs > asOfMs) return true;
  // A record that no list named, and that is there: it came while the list was read, or the list left it out, which is a finding.
  return before.isInCrm && (before.modifiedOnMs !== now.modifiedOnMs || before.crmHash !== now.crmHash);
};

const settle = async (sync: TableSync, before: RecordItem, now: LookedAt | undefined, options: LookAgainOptions): Promise<VerifyItem> => {
  const { signal, asOfMs } = options;
  // It could not be read: the CRM's answer for it made no sense.
  if (now === undefined) return { ...before, verdict: 'failed', isSettled: true };
  if (now.verdict !== 'orphaned' && now.verdict !== 'retired' && now.verdict !== 'deleted') {
    const verdict = now.verdict !== 'same' && now.verdict !== 'parentAbsent' && hasChanged(before, now, asOfMs) ? 'changed' : now.verdict;
    return { ...now, verdict, isSettled: true };
  }
  const { isInCrm } = before;
  if (now.verdict !== 'orphaned')
    return { ...now, isInCrm, verdict: isInCrm || now.rowId !== null ? now.verdict : 'gone', isSettled: true };
  const settled = (verdict: Verdict): VerifyItem => ({ ...now, isInCrm, verdict, isSettled: true });
  const whereabouts = await whereaboutsOf(sync, before.recordId, signal);
  if (whereabouts === 'unknown') return settled('failed');
  // It came back just now, or it was there when the list was read and was deleted since.
  if (whereabouts === 'there' || before.crmHash !== null) return settled('changed');
  return settled((await isDouble(sync, now, signal)) ? 'doubled' : 'orphaned');
};

/** Which of these parents the CRM does not have, or leaves out: no row of theirs will ever come. */
const absentParents = async (
  parents: TableReader | null,
  looked: Iterable<LookedAt>,
  signal: AbortSignal,
): Promise<ReadonlySet<string>> => {
  const ids = new Set<string>();
  for (const { verdict, parentId } of looked) if (verdict === 'waitingForParent' && parentId !== null) ids.add(parentId);
  const absent = new Set<string>();
  if (parents === null || ids.size === 0) return absent;
  try {
    for await (const { records } of pull(parents, { kind: 'ids', ids: [...ids] }, signal)) {
      for (const { id, isDeleted, isSkipped } of records) if (isDeleted || isSkipped) absent.add(id);
    }
  } catch (error) {
    if (!isAboutARecord(error)) throw error;
  }
  return absent;
};

/** Without a parent that cannot come the row says all that it can: it counts as equal to its record. */
const withoutAbsentParents = (looked: ReadonlyMap<string, LookedAt>, absent: ReadonlySet<string>): ReadonlyMap<string, LookedAt> =>
  new Map(
    [...looked].map(([id, item]) => {
      const isAbsent = item.verdict === 'waitingForParent' && item.parentId !== null && absent.has(item.parentId);
      return [id, isAbsent ? { ...item, verdict: 'parentAbsent' as const, rowHash: item.crmHash } : item];
    }),
  );

/**
 * Looks once more at what differed, before anything is said of it: both sides may have moved while they were walked. The records are
 * held meanwhile, so no click or page of ours is between its write and its record.
 */
export const lookAgain = async (
  sync: TableSync,
  items: readonly VerifyItem[],
  options: LookAgainOptions,
): Promise<readonly VerifyItem[]> => {
  const records = items.filter(isOfRecord);
  const ids = records.map(({ recordId }) => recordId);
  const release = await sync.locks.hold(sync, ids);
  try {
    const looked = ids.length === 0 ? new Map<string, LookedAt>() : await lookAt(sync, ids, options.signal);
    const now = withoutAbsentParents(looked, await absentParents(options.parents, looked.values(), options.signal));
    const settled: VerifyItem[] = [];
    for (const item of records) settled.push(await settle(sync, item, now.get(item.recordId), options));
    for (const item of items) if (!isOfRecord(item)) settled.push(await judgeStray(sync, item, options.signal));
    return settled;
  } finally {
    release();
  }
};
