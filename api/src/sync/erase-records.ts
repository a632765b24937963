import type { RowUpdateOutcome, WriteOptions } from '../dataverse/types.ts';
import type { ErasureStore } from '../store/inbox/types.ts';
import type { FailedRecord } from '../store/records/types.ts';
import {
  inactiveColumnsJson,
  lastSyncedOnColumn,
  parentLookups,
  sourceModifiedOnColumn,
  sourceUrlColumn,
  syncStatus,
  syncStatusColumn,
} from './columns.ts';
import { endOf } from './compare.ts';
import { pull } from './pull.ts';
import { toSourceKey } from './source-key.ts';
import type { TableSync } from './types.ts';
import { writeInstant } from './write-instant.ts';

/** What became of records whose person is to be forgotten. */
export interface ErasedRecords {
  /** Their rows are gone or empty, or there were none; nothing is known of them any more. */
  readonly erasedIds: readonly string[];
  /** The CRM still has them, or does not say. */
  readonly waitingIds: readonly string[];
  readonly failures: readonly FailedRecord[];
}

/** Nothing of the person, in every column that the mapping fills; the row stays for what hangs on it, inactive. */
const emptyColumnsJson = ({ reader, description, table }: TableSync, nowMs: number): string => {
  const row: Record<string, unknown> = {};
  for (const { to, lookup } of reader.columns) {
    for (const name of to) {
      const column = description.columns.get(name);
      const targets = lookup === undefined ? [] : (column?.targets ?? []).filter((target) => target.table === lookup.table);
      if (lookup === undefined) row[name] = null;
      for (const { navigationProperty } of targets) row[`${navigationProperty}@odata.bind`] = null;
    }
  }
  if (reader.parentTable !== null) row[parentLookups[table].bind] = null;
  row[sourceUrlColumn] = null;
  row[sourceModifiedOnColumn] = null;
  row[lastSyncedOnColumn] = writeInstant(nowMs);
  row[syncStatusColumn] = syncStatus.removed;
  return `${JSON.stringify(row).slice(1, -1)},${inactiveColumnsJson}`;
};

const eraseRows = async (sync: TableSync, sourceKeys: readonly string[], options: WriteOptions): Promise<readonly RowUpdateOutcome[]> => {
  const { dataverse, description, writing, clock } = sync;
  const write = { ...options, ...writing.switches };
  if (writing.erased === 'delete') return dataverse.delete(description, sourceKeys, write);
  const columnsJson = emptyColumnsJson(sync, clock.nowMs());
  return dataverse.update(
    description,
    sourceKeys.map((sourceKey) => ({ sourceKey, columnsJson })),
    write,
  );
};

/**
 * Who the CRM no longer has. One that cannot be read is not known to be gone. Who cannot be asked for is gone when the CRM said so. Whom
 * another process is just writing waits: its row would come after ours was deleted.
 */
const confirmGone = async (sync: TableSync, recordIds: readonly string[], signal: AbortSignal): Promise<ReadonlySet<string>> => {
  const { reader, records, sourceId, table } = sync;
  const gone = new Set<string>();
  if (reader.readCarried !== undefined) for (const id of recordIds) gone.add(id);
  else
    for await (const page of pull(reader, { kind: 'ids', ids: recordIds }, signal)) {
      for (const { id, isDeleted } of page.records) if (isDeleted) gone.add(id);
    }
  for (const id of await records.openElsewhere(sourceId, table, [...gone])) gone.delete(id);
  return gone;
};

/**
 * A privacy deletion: the row of a record that the CRM no longer has is deleted or emptied, also one that was deactivated before, and what
 * we know of the record is forgotten. Safe to repeat: that it is to be erased is forgotten last, and not while a run is under way that may
 * have read the record before.
 */
export const eraseRecords = async (
  sync: TableSync,
  erasures: Pick<ErasureStore, 'forget' | 'finish' | 'postpone' | 'isRunUnderWay'>,
  recordIds: readonly string[],
  options: WriteOptions,
): Promise<ErasedRecords> => {
  const { sourceId, table } = sync;
  const release = await sync.locks.hold(sync, recordIds);
  try {
    const gone = await confirmGone(sync, recordIds, options.signal);
    // Asked before the rows are deleted: what a run has written that ended just now is then deleted with them.
    const mayComeBack = sync.reader.readCarried === undefined && (await erasures.isRunUnderWay(sourceId));
    const rows = [...gone].flatMap((recordId) => {
      const sourceKey = toSourceKey(sourceId, recordId);
      return sourceKey === null ? [] : [{ recordId, sourceKey }];
    });
    const outcomes = await eraseRows(
      sync,
      rows.map(({ sourceKey }) => sourceKey),
      options,
    );
    const failures = rows.flatMap(({ recordId }, index): readonly FailedRecord[] => {
      const outcome = outcomes[index];
      if (outcome === undefined) throw new Error(`the writer gave ${outcomes.length} outcomes for ${rows.length} rows`);
      if (outcome.status !== 'failed') return [];
      return [{ table, recordId, code: outcome.code, failureClass: outcome.failureClass, reason: outcome.reason }];
    });
    const failedIds = new Set(failures.map(({ recordId }) => recordId));
    const erasedIds = [...gone].filter((recordId) => !failedIds.has(recordId));
    const notYetIds = recordIds.filter((recordId) => !gone.has(recordId) || failedIds.has(recordId));
    if (failures.length > 0) await sync.records.commitPage({ sourceId, table, links: [], unchangedIds: [], failures, removals: [] });
    await erasures.postpone(sourceId, table, mayComeBack ? recordIds : notYetIds, sync.clock.nowMs());
    await erasures.forget(sourceId, table, erasedIds);
    // Of what is posted, an older state may still be on its way: that it ended, and when, has to be known.
    if (sync.reader.readCarried !== undefined) {
      const nowMs = sync.clock.nowMs();
      const links = erasedIds.map((id) => endOf({ id, modifiedOnMs: nowMs }, nowMs));
      await sync.records.commitPage({ sourceId, table, links, unchangedIds: [], failures: [], removals: [] });
    }
    if (!mayComeBack) await erasures.finish(sourceId, table, erasedIds);
    return { erasedIds, waitingIds: notYetIds.filter((recordId) => !failedIds.has(recordId)), failures };
  } finally {
    release();
  }
};
