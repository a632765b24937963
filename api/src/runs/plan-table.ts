import type { ChangeWindow } from '../crm/types.ts';
import { AppError } from '../errors/app-error.ts';
import type { Partition, Watermark } from '../store/runs/types.ts';
import type { TableSync } from '../sync/types.ts';
import { describeNote } from './run-error.ts';
import type { RunTableContext } from './run-table-context.ts';

interface PlannedWindow extends ChangeWindow {
  /** The CRM has forgotten some of what changed since the last reading. */
  readonly isRetentionPassed: boolean;
}

/**
 * Up to when this pass will have read: the CRM's clock less the lag, fixed before the first page. What changes later is the
 * next run's. A change window starts where the last complete read ended, less the overlap; without one, all is read.
 */
const planWindow = (sync: TableSync, { run }: RunTableContext, watermark: Watermark | null): PlannedWindow => {
  const { lagMs, overlapMs, retentionMs, canListChanges } = sync.reader;
  const toMs = Math.max(0, sync.sourceClock.nowMs() - lagMs);
  const fromMs = watermark === null || run.mode === 'full' || !canListChanges ? 0 : Math.max(0, watermark.readUpToMs - overlapMs);
  const isRetentionPassed = fromMs > 0 && retentionMs !== null && toMs - fromMs > retentionMs;
  return { fromMs: isRetentionPassed ? 0 : fromMs, toMs, isRetentionPassed };
};

export const readsAll = ({ windowFromMs, windowToMs }: Pick<Partition, 'windowFromMs' | 'windowToMs'>): boolean =>
  windowFromMs === null || windowToMs === null || windowFromMs === 0;

export const noteRetentionPassed = (sync: TableSync, { run, runs }: RunTableContext): Promise<void> =>
  runs.addNote(run.id, describeNote(sync.table, new AppError('run.history_expired', { table: sync.table })));

/** Fixes what the table's workers read, once for a run: its window, and the slices where the connector knows how to share. */
export const planTable = async (sync: TableSync, context: RunTableContext): Promise<readonly Partition[]> => {
  const { run, runs, signal } = context;
  const { isRetentionPassed, ...window } = planWindow(sync, context, await runs.watermark(run.sourceId, sync.table));
  if (isRetentionPassed) await noteRetentionPassed(sync, context);
  // A dry run keeps no checkpoint, so no two workers could share it.
  const slices = run.isDryRun ? [] : ((await sync.reader.planSlices?.(window.fromMs === 0 ? null : window, signal)) ?? []);
  return runs.planTable(run.id, sync.table, { window, slices: slices.length > 1 ? slices : [] });
};
