import type { DailyUse } from './pace/daily-requests.ts';
import type { Lane } from './runtime.ts';
import type { DataverseSetup } from './setup/types.ts';

/**
 * Dataverse as the pipeline sees it: tables with columns, rows that are written by alternate key, and an outcome per row.
 * Nothing here knows of CRMs, runs or HTTP routes.
 */

/** One of the values of a choice; for yes/no 1 and 0. */
export interface ChoiceOption {
  readonly value: number;
  /** In every language that the environment has. */
  readonly labels: readonly string[];
  /** In the language of the application user. */
  readonly label: string;
}

/** A table that a lookup may point to. A customer column has two, each with a navigation property of its own. */
export interface LookupTarget {
  readonly table: string;
  /** What a write names: `<navigationProperty>@odata.bind`. */
  readonly navigationProperty: string;
}

/** What a date and time means: a day; a moment that everybody sees in the own zone; the same clock time everywhere. */
export type DateBehaviour = 'DateOnly' | 'UserLocal' | 'TimeZoneIndependent';

/** What stands behind a question mark is there only where the type has it. */
export interface ColumnDescription {
  readonly logicalName: string;
  /** Metadata's type: String, Memo, Integer, BigInt, Decimal, Double, Money, Boolean, DateTime, Picklist, MultiSelectPicklist, State, Status, Lookup, Customer, Owner, Uniqueidentifier, … */
  readonly type: string;
  /** In UTF-16 code units, as Dataverse counts; null when the type has none. */
  readonly maxLength: number | null;
  readonly displayName: string;
  readonly isValidForCreate: boolean;
  readonly isValidForUpdate: boolean;
  /** Dataverse itself refuses null (SystemRequired). What only forms require is not. */
  readonly isRequired?: boolean;
  readonly options?: readonly ChoiceOption[];
  /** Of numbers, both included. */
  readonly range?: { readonly min: number; readonly max: number };
  /** Decimal places that are kept. */
  readonly precision?: number;
  readonly dateBehaviour?: DateBehaviour;
  readonly targets?: readonly LookupTarget[];
  /** Column security is on: who may not read it sees nothing in it. */
  readonly isSecured?: boolean;
}

export interface TableDescription {
  readonly logicalName: string;
  readonly entitySetName: string;
  readonly primaryIdColumn: string;
  readonly columns: ReadonlyMap<string, ColumnDescription>;
  readonly supportsUpsertMultiple: boolean;
}

/** A row to create or update by its alternate key `ccsync_sourcekey`. */
export interface RowToWrite {
  /** Value of `ccsync_sourcekey`; unique among the rows of a call. */
  readonly sourceKey: string;
  /** The inside of a JSON object, without braces and without key columns: `"name":"A","telephone1":null`. Serialised once, by map. */
  readonly columnsJson: string;
}

/** A row that is there, to change by its GUID. */
export interface RowToUpdate {
  readonly rowId: string;
  /** As of `RowToWrite`; here it may hold key columns. */
  readonly columnsJson: string;
}

/** Who can mend it: data = the record, permission/configuration = the admin, limit/transient = waiting, plugin = the customer's own logic. */
export type FailureClass = 'data' | 'permission' | 'configuration' | 'limit' | 'transient' | 'plugin';

export type RowOutcome =
  | { readonly status: 'written' }
  | {
      readonly status: 'failed';
      readonly failureClass: FailureClass;
      /** Dataverse's code, e.g. 0x80044331; empty when there was none. */
      readonly code: string;
      /** Safe to log and store: Dataverse's message with quoted values removed. */
      readonly reason: string;
    };

/** `missing`: there is no such row. */
export type RowUpdateOutcome = RowOutcome | { readonly status: 'missing' };

/** One row as it is meant to become, if it still is what it was. */
export interface RowChange {
  readonly rowId: string;
  /** As of `RowToWrite`; here it may hold key columns. */
  readonly columnsJson: string;
  /** Its `@odata.etag` as it was read: whoever comes second gets `changed`. */
  readonly ifMatch: string;
  /** Entra object id: write with this person's rights as well as ours. */
  readonly asUser?: string;
  readonly signal: AbortSignal;
}

/**
 * changed: it is another version by now. missing: it is not there any more. taken: another row has the same alternate key. forbidden: the
 * person may not write this row.
 */
export type RowChangeOutcome =
  | { readonly status: 'written'; readonly etag: string | null }
  | { readonly status: 'changed' | 'missing' | 'taken' | 'forbidden' };

/** What Dataverse leaves out while it writes. Both are for the whole environment's own logic; ours has none. */
export interface LogicSwitches {
  /** Plug-ins and workflows of the customer: those that run before the answer, those after it, or both. Needs prvBypassCustomBusinessLogic. */
  readonly bypassCustomLogic?: 'sync' | 'async' | 'all';
  /** Power Automate flows that wait for such rows are not started; their owners are not told. */
  readonly suppressFlows?: boolean;
}

export interface WriteOptions extends LogicSwitches {
  readonly signal: AbortSignal;
  /** `interactive` never waits behind `bulk`. */
  readonly lane: 'bulk' | 'interactive';
}

export interface DataverseWriter {
  /** Outcomes in the order of the rows. Throws only when nothing can be said of any row any more (signed out, Dataverse down for good, aborted). Safe to repeat. */
  upsert(table: TableDescription, rows: readonly RowToWrite[], options: WriteOptions): Promise<readonly RowOutcome[]>;
  /** So many rows under way keep all lanes busy; more would only wait here. Changes with what Dataverse allows. */
  rowsWorthHolding(table: TableDescription): number;
  /** Update only: a key that has no row gives 'missing'. */
  update(table: TableDescription, rows: readonly RowToWrite[], options: WriteOptions): Promise<readonly RowUpdateOutcome[]>;
  /** Deletes the rows for good; a key that has none gives 'missing'. */
  delete(table: TableDescription, sourceKeys: readonly string[], options: WriteOptions): Promise<readonly RowUpdateOutcome[]>;
  /** The same as `update`, by GUID, for rows that may have no key yet. */
  updateById(table: TableDescription, rows: readonly RowToUpdate[], options: WriteOptions): Promise<readonly RowUpdateOutcome[]>;
  /** Deletes the rows for good; one that is not there gives 'missing'. */
  deleteById(table: TableDescription, rowIds: readonly string[], options: WriteOptions): Promise<readonly RowUpdateOutcome[]>;
  /** One row, at once, and only if nobody has changed it since it was read. Throws what is not about this row. */
  changeRow(table: TableDescription, change: RowChange): Promise<RowChangeOutcome>;
}

/** A row as read; values as the Web API gives them. */
export type DataverseRow = Readonly<Record<string, unknown>>;

export interface ReadRowOptions {
  readonly select: readonly string[];
  readonly signal: AbortSignal;
  /** Entra object id: read with this person's rights (CallerObjectId). */
  readonly asUser?: string;
  /** Beside each value its text for people, under the name that `formattedValueOf` gives. */
  readonly withFormattedValues?: boolean;
  readonly patience?: Patience;
}

/** Rows in a total order, page by page. */
export interface RowPagesQuery {
  readonly select: readonly string[];
  /** An OData filter, not encoded. */
  readonly filter: string;
  readonly orderBy: readonly string[];
  /** At most 5,000. */
  readonly rowsPerPage: number;
  readonly signal: AbortSignal;
}
/** Where a row read with formatted values holds the text of a property, for instance the name of the row that a lookup points to. */
export const formattedValueOf = (property: string): string => `${property}@OData.Community.Display.V1.FormattedValue`;

export type RowAddress = { readonly rowId: string } | { readonly sourceKey: string };

export interface DataverseReader {
  /** null: there is no such row, or the person may not know of it. */
  readRow(table: TableDescription, address: RowAddress, options: ReadRowOptions): Promise<DataverseRow | null>;
  /** The rows that exist, by source key; one or a few requests for the lot. */
  readRowsByKey(
    table: TableDescription,
    sourceKeys: readonly string[],
    options: ReadRowOptions,
  ): Promise<ReadonlyMap<string, DataverseRow>>;
  readRowPages(table: TableDescription, query: RowPagesQuery): AsyncIterable<readonly DataverseRow[]>;
  /** The rows whose text column holds one of the values, by Dataverse's comparison: case, accents and spaces at the end do not count. */
  readRowsByColumn(
    table: TableDescription,
    column: string,
    values: readonly string[],
    options: ReadRowOptions,
  ): Promise<readonly DataverseRow[]>;
}

export interface DataverseIdentity {
  /** The environment, e.g. https://contoso.crm4.dynamics.com. */
  readonly address: string;
  readonly userId: string;
  readonly organizationId: string;
}

/** How fast each application user may go at present, and what of the day's requests is used. */
export interface DataverseUse {
  readonly users: readonly {
    readonly clientId: string;
    /** Bulk requests at once. */
    readonly lanes: number;
    /** Until Dataverse takes this user's requests again; 0 when it does now. */
    readonly pausedForMs: number;
    /** Execution time in five minutes that was learned from a refusal; null until there was one. */
    readonly learnedExecutionMs: number | null;
  }[];
  /** Bulk requests wait so long for room in the five minutes that Dataverse counts; 0 when none does. */
  readonly bulkWaitsForMs: number;
  readonly daily: DailyUse;
}

/** How long to keep trying while Dataverse fails: `interactive`, when left out, for seconds; `bulk` as long as a run does. */
export type Patience = Lane;

export interface Dataverse extends DataverseWriter, DataverseReader, DataverseSetup {
  whoAmI(signal: AbortSignal, patience?: Patience): Promise<DataverseIdentity>;
  /** Columns, lengths, what the table supports; refuses with `dataverse.solution_missing` when our columns or the active key are not there. Cached. */
  describeTable(logicalName: string, signal: AbortSignal, patience?: Patience): Promise<TableDescription>;
  use(): Promise<DataverseUse>;
  /** The same of a table that lookups point to: it need not have our columns. Throws `dataverse.table_unknown`. */
  describeTargetTable(logicalName: string, signal: AbortSignal, patience?: Patience): Promise<TableDescription>;
  /** GUID of the one team with this name or GUID that may own rows; throws `dataverse.team_unknown`. Cached. */
  findTeam(nameOrId: string, signal: AbortSignal, patience?: Patience): Promise<string>;
  close(): Promise<void>;
}
