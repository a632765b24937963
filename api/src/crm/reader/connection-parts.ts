import type { HostPolicy } from '../http/allowed-hosts.ts';
import type { CrmHttp } from '../http/crm-http.ts';
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
  /** The query parameter that holds the key, if sign-in works that way; it never goes into a checkpoint. */
  readonly secretParameter: string | null;
}
