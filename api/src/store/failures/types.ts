import type { TableName } from '../../crm/types.ts';
import type { FailedRecord } from '../records/types.ts';

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
