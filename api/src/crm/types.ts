/**
 * What every CRM looks like to the pipeline, whatever its API: pages of records with an id, a version and fields.
 * The manifest interpreter (and, later, drivers) implement `SourceConnector`; `sync` is its only caller.
 */

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

/** How one column (or several, when a transform gives a list) is filled from a record. Compiled once from the manifest. */
export interface ColumnRule {
  /** Logical names of Dataverse columns; more than one takes the elements of a list in turn. */
  readonly to: readonly string[];
  /** undefined = the CRM did not send the field: the column is not touched. null = it is empty. */
  readonly read: (fields: JsonObject) => JsonValue | undefined;
  readonly whenTooLong: 'truncate' | 'reject' | 'skip';
  readonly whenNull: 'clear' | 'keep';
  /** The column cannot take the value: no number, an unknown choice, no row that a lookup could point to. `reject` when left out. */
  readonly whenInvalid?: 'reject' | 'skip' | 'clear';
  /** For choices and yes/no: what the CRM's words stand for, a label or a value of the column. */
  readonly choices?: Readonly<Record<string, string | number | boolean>>;
  /** For dates: what a number counts, from 1970 on. */
  readonly epoch?: 'seconds' | 'milliseconds';
  /** For lookups: which row is meant. */
  readonly lookup?: LookupRule;
}

export interface LookupRule {
  /** Logical name of the table that the lookup points to. */
  readonly table: string;
  /** The column of that table that holds the value; null: the value is the id of a record of this CRM. */
  readonly by: string | null;
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

/** merge, relink: more than one record may have changed; all are read again. erase: a person's data must go. */
export type WebhookAction = 'upsert' | 'delete' | 'merge' | 'relink' | 'erase';

export interface WebhookEvent {
  readonly table: TableName;
  readonly recordIds: readonly string[];
  readonly action: WebhookAction;
  /** When it happened in the CRM, epoch milliseconds; absent where the CRM does not say. */
  readonly occurredOnMs?: number;
  /** The record itself, of a table whose records cannot be read again. Customer data: never stored in the open, never logged. */
  readonly carried?: JsonValue;
}

export interface WebhookRequest {
  readonly method: string;
  /** The configured public address of the hook, never one rebuilt from headers; with the request's own query. */
  readonly url: string;
  /** The parts of the address behind the source's id, decoded; none when left out. */
  readonly segments?: readonly string[];
  /** Lower-case names, as node:http gives them. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly rawBody: Buffer;
}

export interface WebhookAnswer {
  readonly status: number;
  readonly type: string | null;
  readonly body: string;
}

export interface VerifiedDelivery {
  /** handshake: a question of the CRM, with nothing to store. */
  readonly kind: 'events' | 'handshake';
  /** The same for repeats of a delivery and for nothing else. */
  readonly deliveryId: string;
  readonly events: readonly WebhookEvent[];
  /** hint: nothing was signed, so the events say only which records are worth a look. All of them are `upsert`. */
  readonly trust: 'full' | 'hint';
  /** Which secret it was proved with, by the name of its setting; empty when it was not. */
  readonly secret: string;
  /** What the CRM wants to hear, once the events are stored. */
  readonly answer: WebhookAnswer;
}

export interface WebhookDoor {
  /** Throws `webhook.unauthorised` (one error for every failure) or `webhook.unreadable`. */
  verify(request: WebhookRequest, nowMs: number): VerifiedDelivery;
  /** The webhook that an address means: empty for the main one, null when there is none. */
  hookOf(segments: readonly string[]): string | null;
  /** The main one is the empty name. */
  readonly hooks: readonly string[];
  /** Events bring records along, which have to wait sealed. */
  readonly carriesRecords: boolean;
  /** The same with what is in the store beside what is configured; absent where the CRM makes no secrets that could be there. */
  readonly verifyWithStored?: (request: WebhookRequest, nowMs: number) => Promise<VerifiedDelivery>;
}

/** Where a CRM posts to: its address, and the name of the source in the configuration. */
export interface HookPlace {
  readonly address: string;
  readonly source: string;
}

/** Something that has to be there in the CRM, so that it posts what changes. */
export interface HookPart {
  /** As the manifest calls it, such as subscription. */
  readonly what: string;
  /** Which one of several; null when there is one alone. */
  readonly item: string | null;
}

/** others: it is there, and belongs to another receiver. */
export interface HookState extends HookPart {
  readonly state: 'right' | 'differs' | 'missing' | 'others';
}

export interface HookChange extends HookPart {
  readonly outcome: 'made' | 'changed' | 'kept' | 'removed' | 'absent' | 'failed';
  /** Why it failed. Never customer data, never a secret. */
  readonly problem?: string;
}

export interface HookFile {
  /** Below the folder that they are written to; slashes between its parts. */
  readonly path: string;
  readonly text: string;
}

export interface HookGuide {
  /** What the admin does in the CRM, in this order. */
  readonly steps: readonly string[];
  /** What is deployed in the CRM, or run somewhere. Never holds a secret. */
  readonly files: readonly HookFile[];
}

/** A delivery that we make ourselves, signed as the CRM signs. */
export interface SampleDelivery {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly rawBody: Buffer;
}

/** How the CRM is brought to post what changes. */
export interface WebhookSetup {
  /** Whether the CRM's API can be asked to post; else somebody deploys what `print` gives. */
  readonly isByApi: boolean;
  /** Of which `sample` is known. */
  readonly sampleTables: readonly TableName[];
  /** Throws `webhook.address_unusable`, as does `install`. */
  print(place: HookPlace): Promise<HookGuide>;
  /** Throws `webhook.not_by_api`. */
  list(place: HookPlace, signal: AbortSignal): Promise<readonly HookState[]>;
  /** Safe to repeat. Throws `webhook.not_by_api`, `webhook.taken` unless `isReplacing`, and what the CRM says against it. */
  install(place: HookPlace, options: { readonly isReplacing: boolean; readonly signal: AbortSignal }): Promise<readonly HookChange[]>;
  /** What `install` made, and nothing else. Throws `webhook.not_by_api`, and `webhook.taken` where it all is another receiver's by now. */
  remove(place: HookPlace, signal: AbortSignal): Promise<readonly HookChange[]>;
  /** Throws `webhook.no_sample` where no delivery can be imitated, `webhook.no_secret`. */
  sample(place: HookPlace, record: { readonly table: TableName; readonly id: string }, nowMs: number): Promise<SampleDelivery>;
}

/**
 * Where tokens that must outlive the process are kept, sealed. Every change is one that all processes on the same store see at once.
 */
export interface CredentialStore {
  /** null when nothing is stored. Throws `store.credential_unreadable` when it was sealed with a key that is not configured. */
  read(sourceId: string, name: string): Promise<string | null>;
  /** Durable when it resolves. false, and nothing stored, when something else than `before` is stored by now. */
  replace(sourceId: string, name: string, before: string | null, value: string): Promise<boolean>;
  /** false while another holder has it; a holder that died is forgotten after `forMs`. */
  claim(sourceId: string, name: string, holder: string, forMs: number): Promise<boolean>;
  release(sourceId: string, name: string, holder: string): Promise<void>;
}

/** What the CRM has said in a header of one of its budgets; null: it did not say. */
export interface ToldQuota {
  readonly header: string;
  readonly remaining: number | null;
  readonly used: number | null;
  readonly limit: number | null;
}

/** Numbers of requests by the names of a source’s limits. */
export type LimitCounts = Readonly<Record<string, number>>;

/** What one process has said of its part in a source’s request budget. */
export interface BudgetMember {
  readonly id: string;
  /** The CRM counts no more of its requests than this at any time; nobody else may use that. */
  readonly holds: LimitCounts;
  /** How many it counted when this was said. */
  readonly used: LimitCounts;
  readonly wants: LimitCounts;
  readonly isPersonWaiting: boolean;
  /** So long its word counts; negative since when it does not. */
  readonly leasedForMs: number;
}

/** What all processes have said of one source. All times are lengths by the ledger’s own clock, as those of the processes may differ. */
export interface BudgetState {
  readonly members: readonly BudgetMember[];
  readonly nowMs: number;
  /** How long the CRM still wants rest, and how long the rest of its budget is kept for persons. */
  readonly restsForMs: number;
  readonly sparesForMs: number;
}

export interface BudgetWord extends Omit<BudgetMember, 'id' | 'leasedForMs'> {
  readonly leaseMs: number;
  /** How long after the lease what it holds may count. */
  readonly keepMs: number;
  /** Requests since it last said so. */
  readonly sent: number;
  readonly restMs: number;
  readonly spareMs: number;
  /** null: nothing new. */
  readonly told: readonly ToldQuota[] | null;
}

export interface BudgetLook extends BudgetState {
  /** `2026-11-26`; days end at midnight UTC. */
  readonly day: string;
  /** By all processes on that day. */
  readonly sentToday: number;
  readonly told: readonly ToldQuota[];
  /** Epoch milliseconds; null when the CRM has told nothing yet. */
  readonly toldOnMs: number | null;
}

/** Where the processes that read one CRM agree on its request budget. */
export interface BudgetLedger {
  /** One process at a time for each source: `decide` hears the others, and what it gives is this one’s word, durable when this resolves. */
  settle(sourceId: string, memberId: string, decide: (others: BudgetState) => BudgetWord): Promise<void>;
  look(sourceId: string): Promise<BudgetLook>;
}

/** Whose data a source reads, as it was the first time. */
export interface TenantStore {
  /** Makes it this one unless one is known already; gives the one that is known. Only a hash is kept. */
  pin(sourceId: string, tenant: string): Promise<{ readonly isSame: boolean }>;
}

/** The part of signing in that only a person with a browser can do. */
export interface BrowserSignIn {
  /** The address to open. Whoever comes back to `redirectUri` with its state can be let in by `finish`, for a quarter of an hour. */
  begin(redirectUri: string): Promise<{ readonly address: string; readonly state: string }>;
  /** Throws `source.sign_in_stale` for a state that is not the last one that was begun. */
  finish(answer: { readonly state: string; readonly code: string }, signal: AbortSignal): Promise<void>;
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
