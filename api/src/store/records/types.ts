import type { PageCursor, TableName } from '../../crm/types.ts';
import type { FailureClass } from '../../dataverse/types.ts';

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
