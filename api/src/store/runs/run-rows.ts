import type { JsonValue, PageCursor, TableName } from '../../crm/types.ts';
import type { Partition, PlannedChanges, Run, RunError, RunMode, RunNote, RunState } from './types.ts';

export interface PartitionRow {
  readonly run_id: string;
  readonly table_name: TableName;
  readonly state: Partition['state'];
  readonly read_count: number;
  readonly written_count: number;
  readonly unchanged_count: number;
  readonly stale_count: number;
  readonly filtered_count: number;
  readonly failed_count: number;
  readonly withheld_count: number;
  readonly expected_records: number | null;
  readonly cursor: PageCursor | null;
  readonly window_from_ms: number | null;
  readonly window_to_ms: number | null;
  readonly turn: number;
  readonly part: number;
  readonly slice: JsonValue;
  readonly is_held: boolean;
  readonly is_ended: boolean;
}

export interface RunRow {
  readonly id: string;
  readonly source_id: string;
  readonly mode: RunMode;
  readonly is_dry_run: boolean;
  readonly is_repairing: boolean;
  readonly requested_by: string;
  readonly state: RunState;
  readonly requested_on_ms: number;
  readonly started_on_ms: number | null;
  readonly finished_on_ms: number | null;
  readonly is_cancel_requested: boolean;
  readonly error: RunError | null;
  readonly planned_changes: readonly PlannedChanges[];
  readonly notes: readonly RunNote[];
  readonly accepts_fewer: boolean;
}

export const toPartition = (row: PartitionRow): Partition => ({
  table: row.table_name,
  state: row.state,
  counts: {
    read: row.read_count,
    written: row.written_count,
    unchanged: row.unchanged_count,
    stale: row.stale_count,
    filtered: row.filtered_count,
    failed: row.failed_count,
    withheld: row.withheld_count,
  },
  expectedRecords: row.expected_records,
  cursor: row.cursor,
  windowFromMs: row.window_from_ms,
  windowToMs: row.window_to_ms,
  turn: row.turn,
  part: row.part,
  slice: row.slice,
  isHeld: row.is_held,
  isEnded: row.is_ended,
});

export const toRun = (row: RunRow, partitionRows: readonly PartitionRow[]): Run => ({
  id: row.id,
  sourceId: row.source_id,
  mode: row.mode,
  isDryRun: row.is_dry_run,
  ...(row.is_repairing ? { repairs: true } : {}),
  tables: [...new Set(partitionRows.map((partition) => partition.table_name))],
  requestedBy: row.requested_by,
  state: row.state,
  requestedOnMs: row.requested_on_ms,
  startedOnMs: row.started_on_ms,
  finishedOnMs: row.finished_on_ms,
  isCancelRequested: row.is_cancel_requested,
  error: row.error,
  plannedChanges: row.planned_changes,
  notes: row.notes,
  acceptsFewer: row.accepts_fewer,
  partitions: partitionRows.map(toPartition),
});
