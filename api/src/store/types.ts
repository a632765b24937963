import type { CredentialStore, PageCursor, TableName, TenantStore } from '../crm/types.ts';
import type { FailureClass } from '../dataverse/types.ts';
import type { VerifyStore } from './verify/types.ts';

/** The only way to the database: PostgreSQL's dialect, `$1` parameters, the same text on a server and on the embedded one. */
export interface Sql {
  query<Row extends object>(
    text: string,
    parameters?: readonly unknown[],
  ): Promise<{ readonly rows: readonly Row[]; readonly rowCount: number }>;
}

export interface SqlDatabase extends Sql {
  /** Commits when `work` resolves, rolls back when it rejects. */
  transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T>;
  /** e.g. `PostgreSQL 15.18` or `embedded PostgreSQL 18.6 in <folder>`. */
  describe(): string;
  close(): Promise<void>;
}

/** Every record that was read is counted once: read = written + unchanged + stale + filtered + failed + withheld. */
export interface Counts {
  readonly read: number;
  readonly written: number;
  readonly unchanged: number;
  readonly stale: number;
  readonly filtered: number;
  readonly failed: number;
  readonly withheld: number;
}

export type LinkState = 'linked' | 'waitingForParent' | 'removed';

/** What we know of a record that we wrote: no customer data, only ids, a hash and times. */
export interface Link {
  readonly recordId: string;
  /** 32 hex digits: first 128 bits of SHA-256 over the mapped columns. */
  readonly contentHash: string;
  readonly sourceModifiedOnMs: number | null;
  readonly parentId: string | null;
  readonly state: LinkState;
  readonly syncedOnMs: number;
  readonly checkedOnMs: number;
}

export interface FailedRecord {
  readonly table: TableName;
  readonly recordId: string;
  /** A code of our registry or Dataverse's own. */
  readonly code: string;
  readonly failureClass: FailureClass | 'crm';
  /** Never customer data. */
  readonly reason: string;
}

export interface PageCommit {
  readonly sourceId: string;
  readonly table: TableName;
  /** Written now. An older `sourceModifiedOnMs` than the stored one never replaces it. */
  readonly links: readonly Link[];
  /** Seen now and found the same: clears their failures. */
  readonly unchangedIds: readonly string[];
  /** When given, the links of `unchangedIds` get this checked time. A run leaves it out: its watermark says when all were checked. */
  readonly checkedOnMs?: number;
  readonly failures: readonly FailedRecord[];
  /** Records the CRM has deleted, to be removed when the run is complete. */
  readonly removals: readonly string[];
  /** Moved in the same transaction; absent for clicks and webhooks. */
  readonly checkpoint?: {
    readonly runId: string;
    readonly cursor: PageCursor | null;
    /** Of this page alone; added to the partition's. A count can be negative: a removal that is applied moves from withheld to written. */
    readonly counts: Counts;
    readonly isComplete: boolean;
    /** Of `startPartition`. Throws `run.taken_over`, and commits nothing, when another worker has taken the partition up since. */
    readonly turn?: number;
    /** How many records the CRM says the partition has; what was said last stays. */
    readonly expectedRecords?: number;
  };
}

/** Steps `compare` and `record` of the pipeline see only this. */
export interface RecordStore {
  findLinks(sourceId: string, table: TableName, recordIds: readonly string[]): Promise<ReadonlyMap<string, Link>>;
  /** Which of these records have a row: a link that is not removed. Parents are looked up with it before their children are bound. */
  linkedIds(sourceId: string, table: TableName, recordIds: readonly string[]): Promise<ReadonlySet<string>>;
  /** Their rows are gone from Dataverse: whoever reads these records next writes them anew. */
  forgetLinks(sourceId: string, table: TableName, recordIds: readonly string[]): Promise<void>;
  commitPage(commit: PageCommit): Promise<void>;
}

export type RunMode = 'full' | 'incremental' | 'verify';
export type RunState = 'queued' | 'running' | 'succeeded' | 'partial' | 'failed' | 'cancelled';
export const finalRunStates: ReadonlySet<RunState> = new Set(['succeeded', 'partial', 'failed', 'cancelled']);

export interface NewRun {
  readonly sourceId: string;
  readonly mode: RunMode;
  readonly isDryRun: boolean;
  readonly tables: readonly TableName[];
  /** Who asked: `agent:<object id>`, `cli`, `schedule`. Never a name. */
  readonly requestedBy: string;
  /** Of a verification: what differs is put right. */
  readonly repairs?: boolean;
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
}

/** Moves a partition's counts alone. `turn` as in a page's checkpoint. */
export interface CountsStep {
  readonly counts: Counts;
  readonly isComplete: boolean;
  readonly turn?: number;
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
  readonly partitions: readonly Partition[];
}

/** Up to when a source's table has been read completely; a completed run has checked every linked record. */
export interface Watermark {
  readonly readUpToMs: number;
  readonly completedOnMs: number;
  /** What the CRM gave to begin the next reading of changes with, where it gives such. */
  readonly changeToken?: string;
}

export interface SettledRemovals {
  readonly sourceId: string;
  readonly table: TableName;
  readonly recordIds: readonly string[];
  readonly nowMs: number;
  /** Absent for clicks and webhooks. */
  readonly inRun?: CountsStep & { readonly runId: string };
}

export interface RunStore {
  /** Both sides of a table side by side, of a run that verifies. */
  readonly verify: VerifyStore;
  create(run: NewRun, nowMs: number): Promise<Run>;
  get(runId: string): Promise<Run | null>;
  /** Newest first. */
  list(options: { readonly limit: number; readonly sourceId?: string }): Promise<readonly Run[]>;
  /** queued → running; false when it is in a final state already. A run that was running (its process died) stays running. */
  start(runId: string, nowMs: number): Promise<boolean>;
  startPartition(runId: string, table: TableName, window: { readonly fromMs: number; readonly toMs: number } | null): Promise<Partition>;
  /** For a dry run, which commits no page. */
  addCounts(runId: string, table: TableName, step: CountsStep): Promise<void>;
  savePlannedChanges(runId: string, changes: readonly PlannedChanges[]): Promise<void>;
  finish(runId: string, state: RunState, error: RunError | null, nowMs: number): Promise<void>;
  requestCancel(runId: string): Promise<void>;
  failures(runId: string, limit: number): Promise<readonly FailedRecord[]>;
  watermark(sourceId: string, table: TableName): Promise<Watermark | null>;
  saveWatermark(sourceId: string, table: TableName, watermark: Watermark): Promise<void>;
  /** Ids of records that wait for a parent which has a link by now; keyset by id. */
  arrivedChildren(sourceId: string, table: TableName, parentTable: TableName, afterId: string, limit: number): Promise<readonly string[]>;
  linkedCount(sourceId: string, table: TableName): Promise<number>;
  pendingRemovals(sourceId: string, table: TableName, afterId: string, limit: number): Promise<readonly string[]>;
  pendingRemovalCount(sourceId: string, table: TableName): Promise<number>;
  /** Those of them that still wait: a record that came back meanwhile does not. */
  stillPendingRemovals(sourceId: string, table: TableName, recordIds: readonly string[]): Promise<readonly string[]>;
  /** Forgets the removals, marks the links as removed and moves the run's counts, in one transaction. */
  settleRemovals(settled: SettledRemovals): Promise<void>;
}

/** A record that failed, as the faces show it; one row per record, cleared by a later success. */
export interface OpenFailure extends FailedRecord {
  readonly firstSeenOnMs: number;
  readonly lastSeenOnMs: number;
  readonly tries: number;
}

export interface RecordStatusStore {
  findFailure(sourceId: string, table: TableName, recordId: string): Promise<OpenFailure | null>;
}

export interface InboxDelivery {
  readonly deliveryKey: string;
  readonly sourceId: string;
  readonly events: readonly { readonly table: TableName; readonly recordIds: readonly string[]; readonly action: 'upsert' | 'delete' }[];
  readonly receivedOnMs: number;
}

export interface InboxStore {
  /** Durable when it resolves; false when this delivery was stored before. */
  put(delivery: InboxDelivery): Promise<boolean>;
  /** Oldest first, not yet done. */
  pending(sourceId: string, limit: number): Promise<readonly InboxDelivery[]>;
  settle(sourceId: string, deliveryKeys: readonly string[], nowMs: number): Promise<void>;
}

/** The queue, pg-boss on either database. A job may run again: its work must be safe to repeat. */
export interface Jobs {
  start(): Promise<void>;
  /** `singletonKey`: while such a job waits, a second one is not added. */
  send(queue: 'run' | 'inbox', data: Readonly<Record<string, string>>, options?: { readonly singletonKey?: string }): Promise<void>;
  /** `signal` aborts when the process stops; the job is then given back, to be taken again by whoever is there. */
  work(queue: 'run' | 'inbox', handler: (data: Readonly<Record<string, string>>, signal: AbortSignal) => Promise<void>): Promise<void>;
  /** Waits for the handlers to return, then stops. */
  stop(): Promise<void>;
}

/** Which Dataverse environment the store's bookkeeping speaks of. */
export interface EnvironmentStore {
  /** Makes it ours unless rows of another one are known already; gives the one that it is. */
  claim(organizationId: string): Promise<string>;
}

/** How many requests of Dataverse's daily entitlement were used. */
export interface DailyRequestsStore {
  /** Adds to a day (`2026-11-26`, UTC) and gives its total, all processes together. */
  add(day: string, requests: number): Promise<number>;
}

export interface Store {
  readonly records: RecordStore & RecordStatusStore;
  readonly runs: RunStore;
  readonly inbox: InboxStore;
  readonly environment: EnvironmentStore;
  readonly dailyRequests: DailyRequestsStore;
  /** null when no key for sealing was given. */
  readonly credentials: CredentialStore | null;
  readonly tenants: TenantStore;
  readonly jobs: Jobs;
  ping(): Promise<void>;
  describe(): string;
  close(): Promise<void>;
}
