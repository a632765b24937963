import type { BudgetLedger, CredentialStore, JsonValue, PageCursor, TableName, TenantStore } from '../crm/types.ts';
import type { FailureClass } from '../dataverse/types.ts';
import type { DeliveryStore, ErasureStore, InboxStore } from './inbox/types.ts';
import type { HookTrialStore } from './hook-trial-store.ts';
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

export interface CommitGuard {
  /** When the CRM was asked for the records. */
  readonly askedOnMs: number;
  /** The links of the records as they were found then; a record that is not in there had none. */
  readonly links: ReadonlyMap<string, Link>;
}

export interface PageCommit {
  readonly sourceId: string;
  readonly table: TableName;
  /** Written now. An older `sourceModifiedOnMs` than the stored one never replaces it. */
  readonly links: readonly Link[];
  /** Seen now and found the same: clears their failures. */
  readonly unchangedIds: readonly string[];
  /** Those of them that the CRM has deleted: a removal of theirs that waits goes on waiting. */
  readonly goneIds?: readonly string[];
  /** When given, the links of `unchangedIds` get this checked time. A run leaves it out: its watermark says when all were checked. */
  readonly checkedOnMs?: number;
  readonly failures: readonly FailedRecord[];
  /** Records the CRM has deleted, to be removed when the run is complete. */
  readonly removals: readonly string[];
  /** What was known when the records were looked at. Given, the commit is refused where somebody else has written one of them since. */
  readonly guard?: CommitGuard;
  /** Of `beginWrite`: over with this commit. */
  readonly openWriteId?: string;
  /** Moved in the same transaction; absent for clicks and webhooks. */
  readonly checkpoint?: {
    readonly runId: string;
    /** Which part of the table; 0 when left out. */
    readonly part?: number;
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

/** Records that this process is about to write, or has written and not recorded yet. */
export interface OpenWrite {
  readonly id: string;
  /** This process is not at it any more. Where nothing was recorded, it is abandoned after a while. */
  readonly leave: () => void;
}

/** What another process had in hand when it died, or this one when it gave up. */
export interface AbandonedWrite extends OpenWrite {
  readonly recordIds: readonly string[];
}

/** A record as the CRM has it now. */
export interface SeenRecord {
  readonly recordId: string;
  /** null: it has no row to be the same as. */
  readonly contentHash: string | null;
  readonly modifiedOnMs: number | null;
}

export interface KnownRecords {
  /** Linked, with this very content and version: nothing can be new of them. Their links are not in `links`. */
  readonly settledIds: ReadonlySet<string>;
  /** Of all others that are known. */
  readonly links: ReadonlyMap<string, Link>;
}

/** Steps `compare`, `write` and `record` of the pipeline see only this. */
export interface RecordStore {
  findLinks(sourceId: string, table: TableName, recordIds: readonly string[]): Promise<ReadonlyMap<string, Link>>;
  /** `findLinks` for a page of which nearly all may be as they were: only what differs travels. */
  findUnsettled(sourceId: string, table: TableName, seen: readonly SeenRecord[]): Promise<KnownRecords>;
  /** Which of these records have a row: a link that is not removed. Parents are looked up with it before their children are bound. */
  linkedIds(sourceId: string, table: TableName, recordIds: readonly string[]): Promise<ReadonlySet<string>>;
  /** Their rows are gone from Dataverse: whoever reads these records next writes them anew. */
  forgetLinks(sourceId: string, table: TableName, recordIds: readonly string[]): Promise<void>;
  /**
   * Gives the records that somebody else (another process) has written since they were looked at; then nothing is committed. Empty:
   * all of it is.
   */
  commitPage(commit: PageCommit): Promise<readonly string[]>;
  /** Notes, before the first row is sent, which records are to be written; it is durable when this resolves. */
  beginWrite(sourceId: string, table: TableName, recordIds: readonly string[]): Promise<OpenWrite>;
  /** Which of these records another process is about to write, or was when it died. */
  openElsewhere(sourceId: string, table: TableName, recordIds: readonly string[]): Promise<ReadonlySet<string>>;
  /** The oldest that nobody is at any more, and which is this process's now; null: there is none. */
  takeAbandonedWrite(sourceId: string, table: TableName): Promise<AbandonedWrite | null>;
  /** Its records are as the CRM says. */
  closeWrite(write: OpenWrite): Promise<void>;
}

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
  readonly inRun?: CountsStep & { readonly runId: string };
}

/** allowed: all but those that a person must approve whatever their number; approved: those that a person has approved. */
export type WhichRemovals = 'all' | 'allowed' | 'approved';

/** How far the comparison of all ids has come that looks for records which are gone without a trace. */
export interface Sweep {
  readonly cursor: PageCursor | null;
  readonly isComplete: boolean;
}

export interface SweptIds {
  readonly sourceId: string;
  readonly table: TableName;
  readonly runId: string;
  readonly ids: readonly string[];
  readonly cursor: PageCursor | null;
}

/** Step by step and durable, so that a walk which was interrupted goes on where it was, and only a complete one concludes anything. */
export interface SweepStore {
  /** Has a row that was written before that moment: otherwise there is nothing that could be missing. */
  hasOlderLinks(sourceId: string, table: TableName, beforeMs: number): Promise<boolean>;
  /** Another run's sweep is forgotten. */
  begin(sourceId: string, table: TableName, runId: string, nowMs: number): Promise<Sweep>;
  addPage(page: SweptIds): Promise<void>;
  /**
   * The walk is complete: linked records that it did not meet, and that were not written since it began, become removals, counted as read
   * and withheld by the run. Where it met nothing at all they must be approved. Gives their number; 0 when it was concluded before.
   */
  conclude(swept: { readonly sourceId: string; readonly table: TableName; readonly runId: string; readonly turn: number }): Promise<number>;
}

/** Removals as a person sees and decides them. */
export interface RemovalStore {
  /** `mark` stands for exactly these: it is another one as soon as one is added or gone. */
  summary(sourceId: string, table: TableName): Promise<{ readonly count: number; readonly mark: string }>;
  waiting(sourceId: string, table: TableName, afterId: string, limit: number): Promise<readonly string[]>;
  /** All that wait now; null, and none, when they are more than `atMost` or not those of the mark. What is added later is not approved. */
  approve(
    sourceId: string,
    table: TableName,
    limits: { readonly atMost: number; readonly mark?: string | undefined },
  ): Promise<number | null>;
  /** The rows stay; gives how many. */
  dismiss(sourceId: string, table: TableName): Promise<number>;
}

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

/** A record that failed, as the faces show it; one row per record, cleared by a later success. */
export interface OpenFailure extends FailedRecord {
  readonly firstSeenOnMs: number;
  readonly lastSeenOnMs: number;
  readonly tries: number;
}

/** One as an admin sees and decides it. */
export interface ManagedFailure extends OpenFailure {
  readonly isIgnored: boolean;
  readonly note: string | null;
  readonly isRetryAsked: boolean;
}

export interface FailureGroup {
  readonly table: TableName;
  readonly code: string;
  readonly failureClass: FailedRecord['failureClass'];
  readonly isIgnored: boolean;
  readonly count: number;
}

/** Which failures are meant; what is left out is not looked at. */
export interface FailureFilter {
  readonly table?: TableName | undefined;
  readonly code?: string | undefined;
  readonly isIgnored?: boolean | undefined;
  /** Needs `table`. */
  readonly recordIds?: readonly string[] | undefined;
}

export interface FailurePosition {
  readonly table: TableName;
  readonly recordId: string;
}

/** How long after its last try a record of a class is tried again; `tries` is how often it failed. No entry: it is not, by itself. */
export interface RetryDelay {
  readonly failureClass: FailedRecord['failureClass'];
  readonly tries: number;
  readonly delayMs: number;
}

export interface DueFailures {
  readonly delays: readonly RetryDelay[];
  readonly nowMs: number;
  readonly afterId: string;
  readonly limit: number;
}

export interface FailureStore {
  groups(sourceId: string): Promise<readonly FailureGroup[]>;
  /** By table and record id. */
  list(
    sourceId: string,
    filter: FailureFilter & { readonly after: FailurePosition | null; readonly limit: number },
  ): Promise<readonly ManagedFailure[]>;
  /** Each gives how many they were. An ignored one that is asked for again is open again. */
  askForRetry(sourceId: string, filter: FailureFilter, nowMs: number): Promise<number>;
  ignore(sourceId: string, filter: FailureFilter): Promise<number>;
  annotate(sourceId: string, filter: FailureFilter, note: string | null): Promise<number>;
  /** Ids of records that are to be tried now: somebody asked, or their delay is over. Not those that no id could be read of. */
  due(sourceId: string, table: TableName, due: DueFailures): Promise<readonly string[]>;
}

export interface RecordStatusStore {
  findFailure(sourceId: string, table: TableName, recordId: string): Promise<OpenFailure | null>;
}

export type QueueName = 'run' | 'inbox' | 'removals' | 'failures';

export interface SendOptions {
  /** While such a job waits, a second one is not added. */
  readonly singletonKey?: string;
  /** Higher goes first; 0 when left out. */
  readonly priority?: number;
}

/** The queue, pg-boss on either database. A job may run again: its work must be safe to repeat. */
export interface Jobs {
  start(): Promise<void>;
  send(queue: QueueName, data: Readonly<Record<string, string>>, options?: SendOptions): Promise<void>;
  /** `signal` aborts when the process stops; the job is then given back, to be taken again by whoever is there. */
  work(queue: QueueName, handler: (data: Readonly<Record<string, string>>, signal: AbortSignal) => Promise<void>): Promise<void>;
  /** Waits for the handlers to return, then stops. */
  stop(): Promise<void>;
}

export interface ScheduleMoment {
  /** The moment that is due. */
  readonly dueMs: number;
  readonly nowMs: number;
  /** How long whoever claimed it has time to start a run. */
  readonly claimLastsMs: number;
}

/** Up to when each schedule has been seen to, for all processes together. */
export interface ScheduleStore {
  /** False, and remembered, for a schedule that was not known before. */
  isDue(sourceId: string, key: string, moment: ScheduleMoment): Promise<boolean>;
  /** True for exactly one of all who ask. */
  claim(sourceId: string, key: string, moment: ScheduleMoment): Promise<boolean>;
  started(sourceId: string, key: string, run: { readonly dueMs: number; readonly runId: string }): Promise<void>;
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
  readonly sweeps: SweepStore;
  readonly removals: RemovalStore;
  readonly failures: FailureStore;
  readonly schedules: ScheduleStore;
  readonly inbox: InboxStore;
  readonly deliveries: DeliveryStore;
  readonly erasures: ErasureStore;
  readonly hookTrials: HookTrialStore;
  readonly environment: EnvironmentStore;
  readonly dailyRequests: DailyRequestsStore;
  readonly crmBudgets: BudgetLedger;
  /** null when no key for sealing was given. */
  readonly credentials: CredentialStore | null;
  readonly tenants: TenantStore;
  readonly jobs: Jobs;
  /** By which all who share the store tell what was first: the database's, where it is a server. */
  readonly clock: { nowMs(): number };
  ping(): Promise<void>;
  describe(): string;
  close(): Promise<void>;
}
