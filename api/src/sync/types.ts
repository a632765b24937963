import type { SourceConnector, SourceRecord, TableName, TableReader, Urgency } from '../crm/types.ts';
import type { Dataverse, LogicSwitches, TableDescription } from '../dataverse/types.ts';
import type { CommitGuard, Counts, FailedRecord, Link, RecordStore } from '../store/records/types.ts';
import type { KnownRows } from './known-rows.ts';
import type { FoundLookups, LookupValue } from './lookups.ts';
import type { RecordLocks } from './record-locks.ts';

/**
 * What the steps after map need of a record. Its fields are left behind: held with a page on its way to Dataverse they would be
 * most of the process's memory, and most of what the collector copies.
 */
export type RecordIdentity = Pick<SourceRecord, 'id' | 'modifiedOnMs' | 'parentId' | 'url'>;

/** A record as map leaves it: a row to be, or the reason why it will not be one. */
export type MappedRecord = MappedRow | RemovedRecord | FilteredRecord | RefusedRecord;

/** The CRM has deleted it. */
export interface RemovedRecord {
  readonly kind: 'removed';
  readonly record: RecordIdentity;
}

/** The manifest leaves it out. */
export interface FilteredRecord {
  readonly kind: 'filtered';
  readonly record: RecordIdentity;
}

export interface MappedRow {
  readonly kind: 'row';
  readonly record: RecordIdentity;
  readonly sourceKey: string;
  /** Inside of a JSON object: the mapped columns and nothing of ours. */
  readonly columnsJson: string;
  /** What is looked up before the write, by a mapping that fills lookups. */
  readonly lookups: readonly LookupValue[];
  /** Over the mapped columns, the lookups' values, the parent and the link: what makes a row worth writing again. */
  readonly contentHash: string;
}

export interface RefusedRecord {
  readonly kind: 'failed';
  readonly record: RecordIdentity;
  readonly failure: FailedRecord;
}

/** Whose parent is known: bind it. Whose parent has no row: write without, and wait. */
export interface RowDecision {
  readonly row: MappedRow;
  readonly link: Link | null;
  readonly lookups: FoundLookups;
  /** What the link remembers: the row's own hash, or another where a lookup's row is missing and may come. */
  readonly contentHash: string;
  /** The parent that the record has, or is known to have when the CRM does not say. */
  readonly parentId: string | null;
  readonly parentKey: string | null;
  readonly isParentMissing: boolean;
}

export interface ComparedPage {
  readonly read: number;
  readonly toWrite: readonly RowDecision[];
  readonly unchangedIds: readonly string[];
  readonly staleCount: number;
  /** Need no row, and no failure of theirs is open any more. */
  readonly filteredIds: readonly string[];
  /** Those of them that the CRM has deleted, and that have no row as far as we know. */
  readonly goneIds: readonly string[];
  readonly removals: readonly string[];
  readonly failures: readonly FailedRecord[];
  /** Nothing to write, but the CRM has a newer version of them by now: their links learn of it. */
  readonly touchedLinks: readonly Link[];
  /** Written by somebody else after the CRM was asked for this page: only another look tells which is newer. Counted as stale. */
  readonly doubtfulIds: readonly string[];
  readonly guard: CommitGuard;
}

export interface WrittenPage {
  readonly links: readonly Link[];
  readonly failures: readonly FailedRecord[];
}

/** What a page came to, after record. */
export interface PageResult {
  readonly counts: Counts;
  readonly compared: ComparedPage;
  readonly failures: readonly FailedRecord[];
  /** Of the last page, where the CRM gives one. */
  readonly changeToken?: string;
}

export interface Clock {
  nowMs(): number;
}

/** What a write adds beside our own columns. */
export interface Mirror {
  /** Logical names; no mapping may fill them too. */
  readonly columns: readonly string[];
  /** Inside of a JSON object that goes on after other columns (`,"msdyn_source_crm_id":"7"`); empty when nothing is mirrored. */
  readonly columnsJson: (record: RecordIdentity) => string;
  /**
   * Which columns, and which value of the choice. Part of a row's content, so that a full run writes the rows anew that were written before
   * the columns were there, or with another choice. Empty when nothing is mirrored: installing us changes no hash.
   */
  readonly mark: string;
  /** Rows of this CRM may be older than we are: what Microsoft's flows have put into them is not what a new row has, which is nothing. */
  readonly mayHaveOlderRows: boolean;
}

/** One table of one source, ready to go through the five steps. */
export interface TableSync {
  readonly sourceId: string;
  readonly sourceName: string;
  readonly table: TableName;
  readonly reader: TableReader;
  /** Who waits for the records that are asked for by id. */
  readonly urgency: Urgency;
  readonly description: TableDescription;
  readonly map: (record: SourceRecord) => MappedRecord;
  readonly mirror: Mirror;
  readonly dataverse: Dataverse;
  readonly records: RecordStore;
  readonly locks: RecordLocks;
  readonly knownParents: KnownRows;
  readonly writing: RowWriting;
  readonly clock: Clock;
  /** The CRM's own time, from its answers: windows end by it, not by ours. */
  readonly sourceClock: Clock;
}

/** What becomes of the row of a record that the CRM has deleted. */
export type RemovalPolicy = 'deactivate' | 'delete' | 'ignore';

/** What becomes of the row of a record that the CRM has erased for a person's privacy. empty: it stays, inactive, with nothing of the person. */
export type ErasurePolicy = 'delete' | 'empty';

/** Whether a full run compares all ids of the CRM with the rows; auto: unless its deleted records stay, marked. */
export type SweepPolicy = 'auto' | 'always' | 'never';

/** How a source's rows are written, as the admin has configured it. */
export interface SourceWriting extends LogicSwitches {
  /** deactivate when left out. */
  readonly removed?: RemovalPolicy;
  /** delete when left out. */
  readonly erased?: ErasurePolicy;
  /** A team's name or GUID. `created`: rows that we make; what a person assigns later stays. `always`: with every write. */
  readonly owner?: { readonly team: string; readonly assign: 'created' | 'always' };
}

/** The same with the team found. */
export interface RowWriting {
  readonly removed: RemovalPolicy;
  readonly erased: ErasurePolicy;
  readonly switches: LogicSwitches;
  readonly owner: { readonly teamId: string; readonly assign: 'created' | 'always' } | null;
}

/** How a source stands to Microsoft's own columns, and to the rows that Microsoft's flows made. */
export interface MicrosoftSettings {
  /** Label or value of the option of `msdyn_source_crm` that stands for this CRM; null: the one labelled as the connector; false: none. */
  readonly sourceCrm: string | number | false | null;
  /** refuse: nothing that would double rows is done while some wait for adoption; leave: they are left alone. */
  readonly unadoptedRows: 'refuse' | 'leave';
}

/** A configured CRM and what it is called. */
export interface Source {
  readonly id: string;
  /** What agents read. */
  readonly name: string;
  readonly connector: SourceConnector;
  readonly writing?: SourceWriting;
  /** auto when left out. */
  readonly sweep?: SweepPolicy;
  /** Absent: the connector's label, and refuse. */
  readonly microsoft?: MicrosoftSettings;
}
