import type { BulkDrivers } from '../bulk/types.ts';
import type { CrmHttp } from '../http/crm-http.ts';
import type { HostPolicy } from '../http/allowed-hosts.ts';
import type { JsonObject } from '../types.ts';

/** What all tables of a source share. */
export interface ConnectionParts {
  readonly sourceId: string;
  readonly http: CrmHttp;
  readonly policy: HostPolicy;
  readonly baseUrl: string;
  readonly commonHeaders: Readonly<Record<string, string>>;
  readonly settings: JsonObject;
  readonly concurrency: number;
  readonly nowMs: () => number;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** The drivers that manifests may name; null where all is read as the manifest itself says. */
  readonly drivers: BulkDrivers | null;
  /** The query parameter that holds the key, if sign-in works that way; it never goes into a checkpoint. */
  readonly secretParameter: string | null;
  /** Before anything is read: whose data it is, and what is looked up once. Throws `crm.other_tenant`. */
  readonly prepare: (signal: AbortSignal) => Promise<Prepared>;
}

export interface Prepared {
  /** By the names of `discover`. */
  readonly found: JsonObject;
}
