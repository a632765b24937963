import type { RowToWrite, RowUpdateOutcome, WriteOptions } from '../dataverse/types.ts';
import { AppError } from '../errors/app-error.ts';
import type { FailedRecord } from '../store/records/types.ts';
import type { RunStep, RunStore } from '../store/runs/types.ts';
import { inactiveColumnsJson, lastSyncedOnColumn, syncStatus, syncStatusColumn } from './columns.ts';
import { noted } from './noted-write.ts';
import { pull } from './pull.ts';
import { toSourceKey } from './source-key.ts';
import { maxLooks, syncAgain } from './sync-again.ts';
import type { TableSync } from './types.ts';

/** What became of some removals; one that no longer waits, as its record came back, is in none of them. */
export interface AppliedRemovals {
  /** Rows that were deactivated or deleted now. */
  readonly written: number;
  /** Rows that somebody had deleted in Dataverse already. */
  readonly missing: number;
  readonly failures: readonly FailedRecord[];
  /** Records that the CRM has after all: nothing was done to their rows. Whoever called reads them again. */
  readonly presentIds: readonly string[];
}

export interface RemovalOptions extends WriteOptions {
  /** Asks the CRM for each record once more. Left out only by who has just done so. */
  readonly mustConfirm: boolean;
  /** Moves these counts with what they count, so that no crash comes between; absent for a click or a webhook. */
  readonly inRun?: RemovalsInRun;
}

export interface RemovalsInRun {
  /** Changes nothing: a step that is refused is asked for again with fewer removals. */
  stepOf(applied: Omit<AppliedRemovals, 'presentIds'>): RunStep;
  onCommitted(step: RunStep): void;
}

interface RemovableRow extends RowToWrite {
  readonly recordId: string;
}

const removeRows = (sync: TableSync, rows: readonly RemovableRow[], options: WriteOptions): Promise<readonly RowUpdateOutcome[]> => {
  const { dataverse, description, writing } = sync;
  const write = { ...options, ...writing.switches };
  if (writing.removed !== 'delete') return dataverse.update(description, rows, write);
  return dataverse.delete(
    description,
    rows.map(({ sourceKey }) => sourceKey),
    write,
  );
};

const remove = async (sync: TableSync, recordIds: readonly string[], nowMs: number, options: WriteOptions) => {
  const columnsJson = `${inactiveColumnsJson},"${syncStatusColumn}":${syncStatus.removed},"${lastSyncedOnColumn}":"${new Date(nowMs).toISOString()}"`;
  const rows = recordIds.flatMap((recordId): RemovableRow[] => {
    const sourceKey = toSourceKey(sync.sourceId, recordId);
    return sourceKey === null ? [] : [{ recordId, sourceKey, columnsJson }];
  });
  const outcomes = await removeRows(sync, rows, options);

  const settled = new Map<string, 'written' | 'missing'>();
  const failures: FailedRecord[] = [];
  rows.forEach(({ recordId }, index) => {
    const outcome = outcomes[index];
    if (outcome === undefined) throw new Error(`the writer gave ${outcomes.length} outcomes for ${rows.length} rows`);
    if (outcome.status === 'failed') {
      failures.push({ table: sync.table, recordId, code: outcome.code, failureClass: outcome.failureClass, reason: outcome.reason });
      return;
    }
    settled.set(recordId, outcome.status);
  });
  return { outcomes: settled, failures };
};

/**
 * The CRM is asked once more, after the row is inactive and that is recorded: another process may have seen a record come back before
 * then, found it as it should be, and left nothing behind that could tell. (A run asks nobody: no other run of its source is there, and
 * clicks leave the time of their look.) Rows whose removal nobody waits for any more are brought to what the CRM says in any case.
 *
 * Gives those that the CRM has deleted meanwhile. Whoever removed them did it before the row that was just written came.
 */
const bringBack = async (
  sync: TableSync,
  settledIds: readonly string[],
  overtaken: readonly string[],
  options: WriteOptions,
): Promise<readonly string[]> => {
  const found =
    settledIds.length === 0 || sync.reader.readCarried !== undefined
      ? []
      : (await sync.reader.getMany(settledIds, options.signal)).filter(({ isDeleted }) => !isDeleted);
  const ids = [...found.map(({ id }) => id), ...overtaken];
  return ids.length === 0 ? [] : syncAgain(sync, ids, { signal: options.signal, lane: options.lane, mayBeInactive: true });
};

/** What a list, a feed or a walk said, said again by the CRM for each record. What it cannot tell of stays waiting. */
const confirm = async (sync: TableSync, recordIds: readonly string[], signal: AbortSignal) => {
  const goneIds: string[] = [];
  const presentIds: string[] = [];
  if (recordIds.length === 0) return { goneIds, presentIds };
  for await (const page of pull(sync.reader, { kind: 'ids', ids: recordIds }, signal)) {
    for (const { id, isDeleted } of page.records) (isDeleted ? goneIds : presentIds).push(id);
  }
  return { goneIds, presentIds };
};

type Outcomes = ReadonlyMap<string, 'written' | 'missing'>;

const countOutcomes = (outcomes: Outcomes): Pick<AppliedRemovals, 'written' | 'missing'> => {
  const missing = [...outcomes.values()].filter((outcome) => outcome === 'missing').length;
  return { written: outcomes.size - missing, missing };
};

interface RemovedOnce {
  readonly outcomes: Outcomes;
  readonly failures: readonly FailedRecord[];
  /** Their rows were written again by the time that the CRM had deleted them once more. */
  readonly goneAgain: readonly string[];
}

const removeOnce = async (
  sync: TableSync,
  store: Pick<RunStore, 'settleRemovals'>,
  goneIds: readonly string[],
  { inRun, ...options }: Omit<RemovalOptions, 'mustConfirm'>,
): Promise<RemovedOnce> => {
  const { sourceId, table } = sync;
  const nowMs = sync.clock.nowMs();
  const { outcomes, failures } = await remove(sync, goneIds, nowMs, options);

  const settled = new Map(outcomes);
  const overtaken: string[] = [];
  for (;;) {
    const step = inRun?.stepOf({ ...countOutcomes(settled), failures: [] });
    const recordIds = [...settled.keys()];
    const others = await store.settleRemovals({ sourceId, table, recordIds, nowMs, ...(step === undefined ? {} : { inRun: step }) });
    if (others.length === 0) {
      if (step !== undefined) inRun?.onCommitted(step);
      break;
    }
    for (const recordId of others) settled.delete(recordId);
    overtaken.push(...others);
  }
  if (failures.length > 0) {
    const step = inRun?.stepOf({ ...countOutcomes(new Map()), failures });
    const checkpoint = step === undefined ? {} : { checkpoint: { ...step, cursor: null } };
    await sync.records.commitPage({ sourceId, table, links: [], unchangedIds: [], failures, removals: [], ...checkpoint });
    if (step !== undefined) inRun?.onCommitted(step);
  }
  const goneAgain = await bringBack(sync, inRun === undefined ? [...settled.keys()] : [], overtaken, options);
  return { outcomes: settled, failures, goneAgain };
};

/** Removes the rows of records that are held, and settles what became of them. */
const removeAndSettle = async (
  sync: TableSync,
  store: Pick<RunStore, 'settleRemovals'>,
  goneIds: readonly string[],
  options: Omit<RemovalOptions, 'mustConfirm'>,
): Promise<Omit<AppliedRemovals, 'presentIds'>> => {
  const outcomes = new Map<string, 'written' | 'missing'>();
  const failures: FailedRecord[] = [];
  let ids = goneIds;
  for (let looks = 1; ids.length > 0; looks += 1) {
    if (looks > maxLooks) throw new AppError('record.contended', { table: sync.table });
    const once = await removeOnce(sync, store, ids, options);
    for (const [recordId, outcome] of once.outcomes) outcomes.set(recordId, outcome);
    failures.push(...once.failures);
    ids = once.goneAgain;
  }
  return { ...countOutcomes(outcomes), failures };
};

/**
 * Deactivates the rows of records that the CRM has deleted, or deletes them where the source says so. A deactivated row keeps its history
 * and its cases; a record that comes back is active again at its next sync. Safe to repeat: a removal is settled only after Dataverse has
 * said so.
 */
export const applyRemovals = async (
  sync: TableSync,
  store: Pick<RunStore, 'settleRemovals' | 'stillPendingRemovals' | 'forgetRemovals'>,
  recordIds: readonly string[],
  { mustConfirm, ...options }: RemovalOptions,
): Promise<AppliedRemovals> => {
  const { sourceId, table } = sync;
  const release = await sync.locks.hold(sync, recordIds);
  try {
    // Asked while they are held: somebody may have read one of them from the CRM again since, and found it there.
    const stillPending = await store.stillPendingRemovals(sourceId, table, recordIds);
    const { goneIds, presentIds } = mustConfirm
      ? await confirm(sync, stillPending, options.signal)
      : { goneIds: stillPending, presentIds: [] };
    if (presentIds.length > 0) await store.forgetRemovals(sourceId, table, presentIds);
    return await noted(sync, goneIds, async (openWrite) => {
      const applied = await removeAndSettle(sync, store, goneIds, options);
      if (openWrite !== null) await sync.records.closeWrite(openWrite);
      return { ...applied, presentIds };
    });
  } finally {
    release();
  }
};
