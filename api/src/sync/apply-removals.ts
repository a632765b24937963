import type { RowToWrite, WriteOptions } from '../dataverse/types.ts';
import type { Counts, FailedRecord, RunStore } from '../store/types.ts';
import { inactiveColumnsJson, lastSyncedOnColumn, syncStatus, syncStatusColumn } from './columns.ts';
import { toSourceKey } from './source-key.ts';
import type { TableSync } from './types.ts';

/** What became of some removals; one that no longer waits, as its record came back, is in none of them. */
export interface AppliedRemovals {
  /** Rows that were deactivated now. */
  readonly written: number;
  /** Rows that somebody had deleted in Dataverse already. */
  readonly missing: number;
  readonly failures: readonly FailedRecord[];
}

export interface RemovalOptions extends WriteOptions {
  /** Moves these counts with what they count, so that no crash comes between; absent for a click or a webhook. */
  readonly inRun?: { readonly runId: string; readonly turn: number; countsOf(applied: AppliedRemovals): Counts };
}

const deactivate = async (sync: TableSync, recordIds: readonly string[], nowMs: number, options: WriteOptions) => {
  const columnsJson = `${inactiveColumnsJson},"${syncStatusColumn}":${syncStatus.removed},"${lastSyncedOnColumn}":"${new Date(nowMs).toISOString()}"`;
  const rows = recordIds.flatMap((recordId): (RowToWrite & { readonly recordId: string })[] => {
    const sourceKey = toSourceKey(sync.sourceId, recordId);
    return sourceKey === null ? [] : [{ recordId, sourceKey, columnsJson }];
  });
  const outcomes = await sync.dataverse.update(sync.description, rows, { ...options, ...sync.writing.switches });

  const settledIds: string[] = [];
  const failures: FailedRecord[] = [];
  let missing = 0;
  rows.forEach(({ recordId }, index) => {
    const outcome = outcomes[index];
    if (outcome === undefined) throw new Error(`the writer gave ${outcomes.length} outcomes for ${rows.length} rows`);
    if (outcome.status === 'failed') {
      failures.push({ table: sync.table, recordId, code: outcome.code, failureClass: outcome.failureClass, reason: outcome.reason });
      return;
    }
    if (outcome.status === 'missing') missing += 1;
    settledIds.push(recordId);
  });
  return { settledIds, missing, failures };
};

/**
 * Deactivates the rows of records that the CRM has deleted. The row, its history and its cases stay; a record that comes back
 * is active again at its next sync. Safe to repeat: a removal is settled only after Dataverse has said so.
 */
export const applyRemovals = async (
  sync: TableSync,
  store: Pick<RunStore, 'settleRemovals' | 'stillPendingRemovals'>,
  recordIds: readonly string[],
  { inRun, ...options }: RemovalOptions,
): Promise<AppliedRemovals> => {
  const { sourceId, table } = sync;
  const release = await sync.locks.hold(sync, recordIds);
  try {
    // Asked while they are held: somebody may have read one of them from the CRM again since, and found it there.
    const stillPending = await store.stillPendingRemovals(sourceId, table, recordIds);
    const nowMs = sync.clock.nowMs();
    const { settledIds, missing, failures } = await deactivate(sync, stillPending, nowMs, options);
    const written = settledIds.length - missing;

    const step = (applied: AppliedRemovals) =>
      inRun === undefined ? undefined : { runId: inRun.runId, turn: inRun.turn, counts: inRun.countsOf(applied), isComplete: true };
    const settledStep = step({ written, missing, failures: [] });
    await store.settleRemovals({
      sourceId,
      table,
      recordIds: settledIds,
      nowMs,
      ...(settledStep === undefined ? {} : { inRun: settledStep }),
    });
    if (failures.length > 0) {
      const failedStep = step({ written: 0, missing: 0, failures });
      const checkpoint = failedStep === undefined ? {} : { checkpoint: { ...failedStep, cursor: null } };
      await sync.records.commitPage({ sourceId, table, links: [], unchangedIds: [], failures, removals: [], ...checkpoint });
    }
    return { written, missing, failures };
  } finally {
    release();
  }
};
