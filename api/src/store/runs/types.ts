import type { JsonValue, PageCursor, TableName } from '../../crm/types.ts';
import type { Counts, FailedRecord } from '../records/types.ts';
import type { VerifyStore } from '../verify/types.ts';

export type RunMode = 'full' | 'incremental' | 'verify';
/** partial: some records failed or removals wait. suspicious: what was read cannot be believed, so nothing was removed. */
export type RunState = 'queued' | 'running' | 'paused' | 'succeeded' | 'partial' | 'suspicious' | 'failed' | 'cancelled';
export const finalRunStates: ReadonlySet<RunState> = new Set(['succeeded', 'partial', 'suspicious', 'failed', 'cancelled']);

export interface NewRun {
  readonly sourceId: string;
  readonly mode: RunMode;
  readonly isDryRun: boolean;
  readonly tables: readonly TableName[];
  /** Who asked: `agent:<object id>`, `cli`, `schedule`. Never a name. */
  readonly requestedBy: string;
  /** A person says that far fewer records than before are as it should be. */
  readonly acceptsFewer?: boolean;
  /** Of a verification: what differs is put right. */
  readonly repairs?: boolean;
}

/** What whoever looks at the run should know; the run goes on. */
export interface RunNote extends RunError {
  readonly table: TableName;
}

export interface RunError {
  readonly code: string;
  readonly title: string;
  readonly help: string;
}

/** What a dry run would change in a table: rows and, per column, how many rows; a few record ids as samples, never values. */
export interface PlannedChanges {
  readonly table: TableName;
  readonly created: number;
  readonly updated: number;
  readonly columns: Readonly<Record<string, number>>;
  readonly sampleRecordIds: readonly string[];
}

export interface Partition {
  readonly table: TableName;
  readonly state: 'waiting' | 'running' | 'complete';
  readonly counts: Counts;
  /** As the CRM says, for showing progress; null when it does not. */
  readonly expectedRecords: number | null;
  readonly cursor: PageCursor | null;
  /** Fixed when the partition first starts, so that a resumed one reads the same window. */
  readonly windowFromMs: number | null;
  readonly windowToMs: number | null;
  /** Counts how often the partition was taken up; the newest is the only one that may move it. */
  readonly turn: number;
  /** A table that is read by one worker has only part 0. */
  readonly part: number;
  /** What of the table it is, opaque to all but the connector; null: all of it. */
  readonly slice: JsonValue;
  /** A worker is at it, or was when it died. */
  readonly isHeld: boolean;
  /** Of part 0: what follows a table's last page is done. */
  readonly isEnded: boolean;
}

export interface TablePlan {
  readonly window: { readonly fromMs: number; readonly toMs: number };
  /** One for each part; empty: one part, all of it. */
  readonly slices: readonly JsonValue[];
}

export interface PartitionAddress {
  readonly runId: string;
  readonly table: TableName;
  readonly part: number;
}

/** Moves a partition's counts alone. `turn` and `part` as in a page's checkpoint. */
export interface CountsStep {
  readonly part?: number;
  readonly counts: Counts;
  readonly isComplete: boolean;
  readonly turn?: number;
}

export interface RunStep extends CountsStep {
  readonly runId: string;
}

export interface Run extends NewRun {
  readonly id: string;
  readonly state: RunState;
  readonly requestedOnMs: number;
  readonly startedOnMs: number | null;
  readonly finishedOnMs: number | null;
  readonly isCancelRequested: boolean;
  readonly error: RunError | null;
  readonly plannedChanges: readonly PlannedChanges[];
  readonly notes: readonly RunNote[];
  readonly acceptsFewer: boolean;
  readonly partitions: readonly Partition[];
}

/** Up to when a source's table has been read completely; a completed run has checked every linked record. */
export interface Watermark {
  readonly readUpToMs: number;
  readonly completedOnMs: number;
  /** What the CRM gave to begin the next reading of changes with, where it gives such. */
  readonly changeToken?: string;
  /** How many records the last complete reading of the whole table found; what is left out stays. */
  readonly fullRecords?: number;
}

/** How the workers are shared out: what a worker needs to know whether to make room. */
export interface SourceShare {
  readonly sourceId: string;
  /** Partitions that a worker is at. */
  readonly workers: number;
  /** It has something that nobody is at. */
  readonly isWaiting: boolean;
}

export interface RemovedParents {
  readonly parentTable: TableName;
  readonly sinceMs: number;
  /** Only children of these; of all when left out. */
  readonly parentIds?: readonly string[];
}

export interface SettledRemovals {
  readonly sourceId: string;
  readonly table: TableName;
  readonly recordIds: readonly string[];
  readonly nowMs: number;
  /** Absent for clicks and webhooks. */
  readonly inRun?: RunStep;
}

/** allowed: all but those that a person must approve whatever their number; approved: those that a person has approved. */
export type WhichRemovals = 'all' | 'allowed' | 'approved';

export interface RunStore {
  /** Both sides of a table side by side, of a run that verifies. */
  readonly verify: VerifyStore;
  create(run: NewRun, nowMs: number): Promise<Run>;
  get(runId: string): Promise<Run | null>;
  /** Newest first. */
  list(options: { readonly limit: number; readonly sourceId?: string }): Promise<readonly Run[]>;
  /**
   * queued → running; false when it is paused, in a final state, or another run of its source is running: then it waits in line.
   * A run that was running (its process died) stays running.
   */
  start(runId: string, nowMs: number): Promise<boolean>;
  /** Fixes what the table's partitions read, the first time; gives them as they are. */
  planTable(runId: string, table: TableName, plan: TablePlan): Promise<readonly Partition[]>;
  /** Takes a partition up. The window counts only while none is fixed; the part is 0 when left out. */
  startPartition(
    runId: string,
    table: TableName,
    window: { readonly fromMs: number; readonly toMs: number } | null,
    part?: number,
  ): Promise<Partition>;
  /** The worker goes; nothing when another has taken it up since. */
  leavePartition(address: PartitionAddress, turn: number): Promise<void>;
  /** Begins the table anew as a reading of all, with one part; what was counted stays. */
  readAllInstead(runId: string, table: TableName, turn: number): Promise<Partition>;
  /** The table is done: its watermark and that are saved together. null leaves the watermark where it is. */
  endTable(runId: string, table: TableName, turn: number, watermark: Watermark | null): Promise<void>;
  addNote(runId: string, note: RunNote): Promise<void>;
  /** queued or running → paused; false when it was neither. */
  pause(runId: string): Promise<boolean>;
  /** paused → queued; false when it was not paused. */
  resume(runId: string): Promise<boolean>;
  shares(): Promise<readonly SourceShare[]>;
  /** For a dry run, which commits no page. */
  addCounts(runId: string, table: TableName, step: CountsStep): Promise<void>;
  savePlannedChanges(runId: string, changes: readonly PlannedChanges[]): Promise<void>;
  /** The first to finish it counts. Whoever is still at one of its partitions commits nothing any more. */
  finish(runId: string, state: RunState, error: RunError | null, nowMs: number): Promise<void>;
  requestCancel(runId: string): Promise<void>;
  failures(runId: string, limit: number): Promise<readonly FailedRecord[]>;
  watermark(sourceId: string, table: TableName): Promise<Watermark | null>;
  saveWatermark(sourceId: string, table: TableName, watermark: Watermark): Promise<void>;
  /** Ids of records that wait for a parent which has a link by now; keyset by id. */
  arrivedChildren(sourceId: string, table: TableName, parentTable: TableName, afterId: string, limit: number): Promise<readonly string[]>;
  linkedCount(sourceId: string, table: TableName): Promise<number>;
  pendingRemovals(sourceId: string, table: TableName, which: WhichRemovals, afterId: string, limit: number): Promise<readonly string[]>;
  pendingRemovalCount(sourceId: string, table: TableName): Promise<number>;
  /** Those of them that still wait: a record that came back meanwhile does not. */
  stillPendingRemovals(sourceId: string, table: TableName, recordIds: readonly string[]): Promise<readonly string[]>;
  /** Their records are there after all. */
  forgetRemovals(sourceId: string, table: TableName, recordIds: readonly string[]): Promise<void>;
  /** Linked children whose parent's row was removed since: in a merge the CRM may have given them another one. Keyset by id. */
  childrenOfRemoved(sourceId: string, table: TableName, of: RemovedParents, afterId: string, limit: number): Promise<readonly string[]>;
  /**
   * Forgets the removals, marks the links as removed and moves the run's counts, in one transaction. Gives those that wait no longer,
   * as somebody else has seen their records in the CRM meanwhile; then nothing is committed.
   */
  settleRemovals(settled: SettledRemovals): Promise<readonly string[]>;
}
