import type { DataverseRow } from '../../dataverse/types.ts';
import type { Verdict, VerifyItem } from '../../store/verify/types.ts';
import { sourceKeyColumn, sourceRecordIdColumn } from '../columns.ts';
import { microsoftIdColumn } from '../microsoft/columns.ts';
import { isAboutARecord, pull } from '../pull.ts';
import { toSourceKey } from '../source-key.ts';
import type { TableSync } from '../types.ts';
import { isInactive } from './judge-row.ts';
import { type ListedRow, recordOfKey } from './list-rows.ts';
import { loneRowHash } from './look-at-records.ts';
import { stateColumn } from './read-rows.ts';

export const strayKey = (rowId: string): string => `!${rowId}`;
export const isStray = ({ key }: VerifyItem): boolean => key.startsWith('!');

/** A row that is no record's by its key, before anything is known of it but that. */
export const strayItem = ({ rowId, recordId, isActive }: ListedRow): VerifyItem => ({
  key: strayKey(rowId),
  recordId,
  rowId,
  isInCrm: false,
  crmHash: null,
  rowHash: loneRowHash(strayKey(rowId), rowId),
  modifiedOnMs: null,
  verdict: isActive ? 'unkeyed' : 'retired',
  isSettled: !isActive,
});

/**
 * Asks the CRM for this one record: an absence from a list, or from an answer for many, is no proof. `unknown`: it refuses the question,
 * as some do for what can be no id of theirs.
 */
export const whereaboutsOf = async (sync: TableSync, recordId: string, signal: AbortSignal): Promise<'gone' | 'there' | 'unknown'> => {
  try {
    for await (const { records } of pull(sync.reader, { kind: 'ids', ids: [recordId] }, signal)) {
      const [record] = records;
      if (record !== undefined) return record.isDeleted ? 'gone' : 'there';
    }
  } catch (error) {
    if (!isAboutARecord(error)) throw error;
  }
  return 'unknown';
};

/** Which of the keys a row has. */
export const heldKeys = async (sync: TableSync, keys: readonly string[], signal: AbortSignal): Promise<ReadonlySet<string>> => {
  if (keys.length === 0) return new Set();
  const rows = await sync.dataverse.readRowsByKey(sync.description, keys, { select: [sourceKeyColumn], signal });
  return new Set(rows.keys());
};

const readAgain = (sync: TableSync, rowId: string, signal: AbortSignal): Promise<DataverseRow | null> => {
  const { primaryIdColumn, columns } = sync.description;
  const microsoft = columns.has(microsoftIdColumn) ? [microsoftIdColumn] : [];
  const select = [primaryIdColumn, sourceKeyColumn, sourceRecordIdColumn, stateColumn, ...microsoft];
  return sync.dataverse.readRow(sync.description, { rowId }, { select, signal, patience: 'bulk' });
};

const verdictOf = async (sync: TableSync, item: VerifyItem, row: DataverseRow, signal: AbortSignal): Promise<Verdict> => {
  const key = row[sourceKeyColumn];
  // It has got its key since, and stands beside its record now.
  if (typeof key === 'string' && recordOfKey(sync, key) !== null) return 'gone';
  if (isInactive(row)) return 'retired';
  if (item.recordId === null) return 'unkeyed';
  const recordKey = toSourceKey(sync.sourceId, item.recordId);
  if (recordKey !== null && (await heldKeys(sync, [recordKey], signal)).has(recordKey)) return 'doubled';
  return (await whereaboutsOf(sync, item.recordId, signal)) === 'gone' ? 'orphaned' : 'unkeyed';
};

/** Looks once more at a row that is no record's by its key, and says what it is. */
export const judgeStray = async (sync: TableSync, item: VerifyItem, signal: AbortSignal): Promise<VerifyItem> => {
  const row = item.rowId === null ? null : await readAgain(sync, item.rowId, signal);
  const verdict = row === null ? 'gone' : await verdictOf(sync, item, row, signal);
  return { ...item, verdict, isSettled: true, ...(verdict === 'gone' ? { rowId: null, rowHash: null } : {}) };
};
