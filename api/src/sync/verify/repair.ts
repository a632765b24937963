import type { DataverseRow, RowToUpdate } from '../../dataverse/types.ts';
import type { Link, RecordStore } from '../../store/records/types.ts';
import type { VerifyItem } from '../../store/verify/types.ts';
import {
  inactiveColumnsJson,
  lastSyncedOnColumn,
  sourceKeyColumn,
  sourceRecordIdColumn,
  syncStatus,
  syncStatusColumn,
} from '../columns.ts';
import { toSourceKey } from '../source-key.ts';
import { syncRecords } from '../sync-records.ts';
import type { TableSync } from '../types.ts';
import { isInactive } from './judge-row.ts';
import { parentProperty, readRows } from './read-rows.ts';

export interface RepairOptions {
  readonly signal: AbortSignal;
  /** What cannot be repaired is listed with this run. */
  readonly runId: string;
  readonly turn: number;
}

const bulk = { lane: 'bulk' } as const;
const noCounts = { read: 0, written: 0, unchanged: 0, stale: 0, filtered: 0, failed: 0, withheld: 0 };

/** Before a record was ever written: nothing that a comparison could find the same. */
const unwritten = (recordId: string): Link => ({
  recordId,
  contentHash: '',
  sourceModifiedOnMs: null,
  parentId: null,
  state: 'linked',
  syncedOnMs: 0,
  checkedOnMs: 0,
});

/**
 * The store as the rows themselves say: no link where there is no row, so that a new one gets what new rows get; removed where the row
 * is inactive, so that it is activated; with a parent where the row has one, so that it is taken away when the record has none.
 */
const storeAsRowsShow = (sync: TableSync, rows: ReadonlyMap<string, DataverseRow>, { runId, turn }: RepairOptions): RecordStore => {
  // By them a commit tells whether somebody else has written a record meanwhile.
  const real = new Map<string, Link>();
  return {
    ...sync.records,
    async findLinks(sourceId, table, recordIds) {
      const links = await sync.records.findLinks(sourceId, table, recordIds);
      for (const recordId of recordIds) real.delete(recordId);
      for (const [recordId, link] of links) real.set(recordId, link);
      const shown = new Map<string, Link>();
      for (const recordId of recordIds) {
        const key = toSourceKey(sourceId, recordId);
        const row = key === null ? undefined : rows.get(key);
        if (row === undefined) continue;
        const link = links.get(recordId) ?? unwritten(recordId);
        const hasParent = typeof row[parentProperty(sync)] === 'string';
        shown.set(recordId, {
          ...link,
          parentId: link.parentId ?? (hasParent ? '' : null),
          ...(isInactive(row) ? { state: 'removed' as const } : {}),
        });
      }
      return shown;
    },
    // Failures are to be found with this run; its counts are made up when the table is done.
    commitPage: (commit) =>
      sync.records.commitPage({
        ...commit,
        ...(commit.guard === undefined ? {} : { guard: { ...commit.guard, links: real } }),
        checkpoint: { runId, turn, cursor: null, counts: noCounts, isComplete: false },
      }),
  };
};

const idsOf = (items: readonly VerifyItem[]): readonly string[] =>
  items.map(({ recordId }) => recordId).filter((recordId) => recordId !== null);

/** Records whose row is missing or differs go through the five steps, by id; that they differ is known, whatever our hashes remember. */
export const repairRecords = async (sync: TableSync, items: readonly VerifyItem[], options: RepairOptions): Promise<void> => {
  const ids = idsOf(items);
  if (ids.length === 0) return;
  const rows = await readRows(
    sync,
    items.map(({ key }) => key),
    options.signal,
  );
  const asRowsShow = { ...sync, records: storeAsRowsShow(sync, rows, options) };
  const pages = syncRecords(
    asRowsShow,
    { kind: 'ids', ids },
    { ...bulk, signal: options.signal, runId: null, isDryRun: false, hasDrifted: () => true },
  );
  while ((await pages.next()).done !== true);
};

/** Gives rows that name a record without a row the key by which they are its row; the record's own repair writes the rest. */
export const giveKeys = async (sync: TableSync, items: readonly VerifyItem[], signal: AbortSignal): Promise<void> => {
  const rows = items.flatMap(({ rowId, recordId }): RowToUpdate[] => {
    const key = recordId === null ? null : toSourceKey(sync.sourceId, recordId);
    if (rowId === null || key === null) return [];
    const columns = { [sourceKeyColumn]: key, [sourceRecordIdColumn]: recordId };
    return [{ rowId, columnsJson: JSON.stringify(columns).slice(1, -1) }];
  });
  if (rows.length > 0) await sync.dataverse.updateById(sync.description, rows, { ...sync.writing.switches, ...bulk, signal });
};

/** Deactivates rows that are nobody's, by GUID: they stay, with their history, and agents meet them no more. */
export const retireRows = async (sync: TableSync, items: readonly VerifyItem[], signal: AbortSignal): Promise<void> => {
  const syncedOn = new Date(sync.clock.nowMs()).toISOString();
  const columnsJson = `${inactiveColumnsJson},"${syncStatusColumn}":${syncStatus.removed},"${lastSyncedOnColumn}":"${syncedOn}"`;
  const rows = items.flatMap(({ rowId }): RowToUpdate[] => (rowId === null ? [] : [{ rowId, columnsJson }]));
  if (rows.length > 0) await sync.dataverse.updateById(sync.description, rows, { ...sync.writing.switches, ...bulk, signal });
};
