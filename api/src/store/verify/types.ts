import type { PageCursor, TableName } from '../../crm/types.ts';
import type { Counts } from '../records/types.ts';

/**
 * What a verification says of a record, of a row, or of both together.
 *
 * same · missing: no row · stale: the row holds what an earlier sync wrote · edited: somebody changed the row in Dataverse ·
 * waitingForParent: all but a parent that has no row yet · parentAbsent: all but a parent that has no row and will have none, as the CRM
 * does not have it · olderInCrm: the CRM shows an older version than was written, and no sync writes
 * older over newer · failed: the mapping refuses the record · leftOut: the manifest leaves it out · deleted: and it has no row ·
 * changed: the CRM changed it while the verification walked, so nothing is said of it.
 * Of rows: orphaned: its record is gone · doubled: another row is the record's · unkeyed: it names a record that has no row, and lacks
 * its key · retired: inactive, and its record is gone or another row is the record's · gone: nothing is there any more.
 */
export const verdicts = [
  'same',
  'missing',
  'stale',
  'edited',
  'orphaned',
  'doubled',
  'unkeyed',
  'waitingForParent',
  'parentAbsent',
  'olderInCrm',
  'failed',
  'changed',
  'leftOut',
  'deleted',
  'retired',
  'gone',
] as const;
export type Verdict = (typeof verdicts)[number];

export interface VerifyItem {
  /** The source key; for a row that belongs to no record by its key `!` and its GUID; for a record that can have no key `?` and its id. */
  readonly key: string;
  readonly recordId: string | null;
  /** GUID; null when there is no row. */
  readonly rowId: string | null;
  /** The CRM listed it, be it as deleted. */
  readonly isInCrm: boolean;
  /** 32 hex digits over what the mapping makes of the record; null when it makes nothing. */
  readonly crmHash: string | null;
  /** The same over the row, in what the record speaks of: equal when nothing differs. */
  readonly rowHash: string | null;
  readonly modifiedOnMs: number | null;
  readonly verdict: Verdict;
  /** False: looked at once, and to be looked at again before anything is said of it. */
  readonly isSettled: boolean;
}

export const verifyPhases = ['crm', 'dataverse', 'recheck', 'repair', 'recheckRepaired', 'done'] as const;
export type VerifyPhase = (typeof verifyPhases)[number];

export interface VerifyPart {
  readonly phase: VerifyPhase;
  readonly cursor: PageCursor | null;
  readonly unreadable: number;
}

export interface VerifyPlace {
  readonly runId: string;
  readonly table: TableName;
}

/** One step of a verification, all or nothing. */
export interface VerifyStep extends VerifyPlace {
  /** Throws `run.taken_over`, and keeps nothing, when another worker has taken the table up since. */
  readonly turn: number;
  readonly items: readonly VerifyItem[];
  /** Leaves standing what the items were found to be. */
  readonly isAfterRepair: boolean;
  readonly phase: VerifyPhase;
  readonly cursor: PageCursor | null;
  /** Added to the run's. */
  readonly counts: Counts;
  readonly unreadable?: number;
  readonly expectedRecords?: number;
}

/** How many items are alike in all that a statement counts by. */
export interface VerifyTally {
  readonly found: Verdict;
  readonly verdict: Verdict;
  readonly isInCrm: boolean;
  readonly hasRow: boolean;
  readonly count: number;
}

export interface VerifyStore {
  part(place: VerifyPlace): Promise<VerifyPart>;
  save(step: VerifyStep): Promise<void>;
  /** Those of the keys that no item has. */
  absentKeys(place: VerifyPlace, keys: readonly string[]): Promise<ReadonlySet<string>>;
  /** Not settled, by key; those after `afterKey`. */
  openItems(place: VerifyPlace, afterKey: string, limit: number): Promise<readonly VerifyItem[]>;
  /** Settled with one of the verdicts, none of which is `same`; by key. */
  settledItems(place: VerifyPlace, wanted: readonly Verdict[], afterKey: string, limit: number): Promise<readonly VerifyItem[]>;
  /** Every item, by key. */
  itemsInOrder(place: VerifyPlace, afterKey: string, limit: number): Promise<readonly VerifyItem[]>;
  /** Some that were found to be so, by key. */
  samples(place: VerifyPlace, found: Verdict, limit: number): Promise<readonly VerifyItem[]>;
  tally(place: VerifyPlace): Promise<readonly VerifyTally[]>;
  saveStatement(runId: string, statement: object): Promise<void>;
  /** null: the run is none that verifies, or it is not over. */
  statement(runId: string): Promise<unknown>;
  /** Forgets the items of runs that are over. */
  clearFinished(): Promise<void>;
}
