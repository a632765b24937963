/**
 * What every CRM looks like to the pipeline, whatever its API: pages of records with an id, a version and fields.
 * The manifest interpreter (and, later, drivers) implement `SourceConnector`; `sync` is its only caller.
 */
import type { BrowserSignIn } from './sign-in/types.ts';
import type { ColumnRule } from './value/types.ts';
import type { WebhookSetup } from './webhook/install/types.ts';
import type { WebhookDoor } from './webhook/types.ts';

export type JsonPrimitive = string | number | boolean | null;
export type JsonValue = JsonPrimitive | JsonObject | readonly JsonValue[];
export interface JsonObject {
  readonly [name: string]: JsonValue | undefined;
}

/** The Dataverse tables that a source's records go to. */
export type TableName = 'account' | 'contact';
export const tableNames: readonly TableName[] = ['account', 'contact'];
export const isTableName = (text: unknown): text is TableName => tableNames.some((name) => name === text);

/** One record as it came from the CRM. */
export interface SourceRecord {
  /** The CRM's id as text, normalised as the manifest says; numbers beyond 2^53 survive. */
  readonly id: string;
  /** When the CRM last changed it, in epoch milliseconds; null when the CRM has not said (some do so before the first update). */
  readonly modifiedOnMs: number | null;
  /** The CRM marked it as deleted (a tombstone). */
  readonly isDeleted: boolean;
  /** True when the manifest says to leave it out (`skip`). */
  readonly isSkipped: boolean;
  /** The CRM id of its account; null when it has none, undefined when the CRM did not say: what is linked then stays linked. */
  readonly parentId: string | null | undefined;
  /** Where a person opens it in the CRM; http or https only, host allowed. */
  readonly url: string | null;
  readonly fields: JsonObject;
}

/** A thing in a page that is no usable record, for instance without an id. It counts as read and failed. */
export interface UnreadableRecord {
  /** What can be said to find it: its id if it has one, else its position in the page. Never customer data. */
  readonly where: string;
  readonly reason: string;
}

/** Opaque to all but the connector; JSON, so that a checkpoint can hold it. */
export type PageCursor = JsonValue;

export interface SourcePage {
  readonly records: readonly SourceRecord[];
  readonly unreadable: readonly UnreadableRecord[];
  /** Where to go on after this page; null when it was the last. */
  readonly next: PageCursor | null;
  /** How many records the CRM says there are in the whole list; for showing progress, never for knowing the end. */
  readonly expectedRecords?: number;
  /** On the last page, where the CRM counts changes itself: what the next reading of changes begins with. */
  readonly changeToken?: string;
}

export interface IdPage {
  readonly ids: readonly string[];
  readonly next: PageCursor | null;
}

/** A share of a table that one worker reads alone; JSON that only the connector understands. null: all of it. */
export type PageSlice = JsonValue;

/** Who waits for the CRM’s answer: an agent or an admin, a delivery that was posted, or a run. In this order requests go. */
export type Urgency = 'person' | 'webhook' | 'bulk';

/** Half open: from <= modified < to, epoch milliseconds. */
export interface ChangeWindow {
  readonly fromMs: number;
  readonly toMs: number;
  /** The `changeToken` of the last complete reading, where the CRM gives such. */
  readonly token?: string;
}

export interface ConnectionCheck {
  readonly isReachable: true;
  /** The CRM's clock less ours, from its Date header, in milliseconds; null when it sends none. */
  readonly clockSkewMs: number | null;
  readonly tookMs: number;
  /** What the admin should know, such as that the vendor ends something soon. */
  readonly notes: readonly string[];
  /** Whose data it is, where the manifest says how the CRM tells. */
  readonly tenant?: string;
}

/** A field of a CRM's records. Never a value: values are customer data. */
export interface FieldDescription {
  /** The names that lead to it, with dots between; lists on the way are passed through. */
  readonly name: string;
  /** What the CRM's people call it; null when the CRM does not say. */
  readonly label: string | null;
  /** As the CRM says, or what was seen: text, number, yes/no, list, object. */
  readonly type: string | null;
}

export interface FieldList {
  readonly fields: readonly FieldDescription[];
  /** Only fields below these names are listed; empty: all are. */
  readonly below: readonly string[];
}

/** What a person looks for: a whole e-mail address, a phone number however written, or words of a name. */
export interface SearchTerm {
  readonly by: 'email' | 'phone' | 'name';
  readonly text: string;
}

export interface TableReader {
  readonly table: TableName;
  readonly columns: readonly ColumnRule[];
  /** The table that `parentId` points to; null when this table's records have no parent. */
  readonly parentTable: TableName | null;
  readonly canListChanges: boolean;
  /** How far before the last watermark a change window starts, and how far behind the CRM's clock it ends. */
  readonly overlapMs: number;
  readonly lagMs: number;
  /** An id that somebody else wrote down, normalised as this table's ids are; null when it can be none. */
  readId(text: string): string | null;
  /** null: the CRM says that there is no such record (404, 410 …). */
  getOne(id: string, signal: AbortSignal): Promise<SourceRecord | null>;
  /** In any order; ids that the CRM does not have are absent. Splits into requests of the size that the CRM takes. */
  getMany(ids: readonly string[], signal: AbortSignal): Promise<readonly SourceRecord[]>;
  /** Deleted records stay where they are, marked: none is ever gone without a trace. A list of deletions may forget, or be closed to us. */
  readonly marksDeleted: boolean;
  /** How long the CRM remembers changes, in ms: after a longer pause all has to be read. null: for ever. */
  readonly retentionMs: number | null;
  /** The ids of all records, by the cheapest request, to notice those that are gone without a trace. */
  listIds(resumeFrom: PageCursor | null, signal: AbortSignal): AsyncIterable<IdPage>;
  listAll(resumeFrom: PageCursor | null, signal: AbortSignal, slice?: PageSlice): AsyncIterable<SourcePage>;
  listChanges(window: ChangeWindow, resumeFrom: PageCursor | null, signal: AbortSignal, slice?: PageSlice): AsyncIterable<SourcePage>;
  /**
   * How workers can share the reading: slices that together hold every record once, whatever comes or goes meanwhile. null: of all
   * records. Fewer than two: it is read as one. Absent where the CRM cannot.
   */
  planSlices?(window: ChangeWindow | null, signal: AbortSignal): Promise<readonly PageSlice[]>;
  /**
   * Only of a table whose records cannot be asked for: reads one that a webhook brought along. `atMs` is its version where it says none
   * itself. All that asks the CRM throws `record.push_only`.
   */
  readonly readCarried?: (carried: JsonValue, atMs: number | null) => SourceRecord | UnreadableRecord;
  /** The fields that the CRM says its records have; left out where it does not say. */
  readonly listFields?: (signal: AbortSignal) => Promise<FieldList>;
  /** A few records that hold the term, as the CRM's own search finds them; left out where the manifest does not say how. */
  readonly search?: (term: SearchTerm, signal: AbortSignal) => Promise<readonly SourceRecord[]>;
}

/** Whose data a source reads, as it was the first time. */
export interface TenantStore {
  /** Makes it this one unless one is known already; gives the one that is known. Only a hash is kept. */
  pin(sourceId: string, tenant: string): Promise<{ readonly isSame: boolean }>;
}

/** One configured CRM instance, ready to be read. */
export interface SourceConnector {
  readonly connectorId: string;
  readonly displayName: string;
  /** In writing order: parents first. */
  readonly tables: readonly TableName[];
  /** Its requests for single records are as urgent as said, bulk when left out; lists are always bulk. */
  table(name: TableName, urgency?: Urgency): TableReader;
  check(signal: AbortSignal): Promise<ConnectionCheck>;
  /** Whether a person may be sent there: http or https, and a host that the manifest allows. */
  isLinkAllowed(url: string): boolean;
  /** The CRM's present time as well as it is known, epoch milliseconds. */
  nowMs(): number;
  /** null unless the source signs in with a browser. */
  readonly browserSignIn: BrowserSignIn | null;
  /** null when the manifest declares no webhook. */
  readonly webhook: WebhookDoor | null;
  /** By the names of the webhooks; the main one's is empty. */
  readonly webhookSetups: ReadonlyMap<string, WebhookSetup>;
}
