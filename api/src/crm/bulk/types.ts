import type { CrmAnswer } from '../http/crm-http.ts';
import type { BuiltRequest } from '../reader/request-builder.ts';
import type { JsonObject, JsonValue } from '../types.ts';
import type { BulkDriverName } from './driver-names.ts';

/**
 * Another way to read all records of a table, for CRMs with an export of their own that no manifest can describe. A driver only asks
 * and reads: what a record is, which page comes again and where a run goes on are the caller's.
 */
export interface BulkDriver {
  /** Reads from the beginning, or from where a page said. Throws AppErrors; the signal's reason when aborted. */
  read(job: BulkJob, resumeFrom: JsonValue | null, signal: AbortSignal): AsyncIterable<BulkPage>;
}

/** Every driver, loaded when it is first used: most sources need none. */
export type BulkDrivers = Readonly<Record<BulkDriverName, () => Promise<BulkDriver>>>;

export interface BulkJob {
  readonly sourceId: string;
  /** For messages, such as “the export of account”. */
  readonly what: string;
  /** The manifest's request, ready to be sent: what begins the export. */
  readonly begin: BuiltRequest;
  /** What the CRM calls the table. */
  readonly entity: string;
  /** What the manifest asks for. */
  readonly fields: readonly string[];
  readonly send: BulkSend;
  readonly nowMs: () => number;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** Signed in, within the host policy and the request budget, and tried again like every request to the CRM. 404 means `missing`. */
export type BulkSend = (
  request: Pick<BuiltRequest, 'method' | 'url'> & Partial<BuiltRequest> & { readonly takesText?: true },
  signal: AbortSignal,
) => Promise<CrmAnswer>;

export interface BulkPage {
  /** Records as the CRM's other answers have them: the manifest's paths lead into them. */
  readonly values: readonly JsonObject[];
  /** Where to go on after this page, also in another process; null when it was the last. */
  readonly next: JsonValue | null;
  readonly expectedRecords?: number;
}
