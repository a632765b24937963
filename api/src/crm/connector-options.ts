import type { SharedBudget } from './budget/shared-budget.ts';
import type { BulkDrivers } from './bulk/types.ts';
import type { CreateAxios, Interpose } from './http/exchange.ts';
import type { Manifest } from './manifest/schema/manifest.ts';
import type { CredentialStore } from './sign-in/types.ts';
import type { TenantStore } from './types.ts';

export type Sleep = (ms: number, signal: AbortSignal) => Promise<void>;

export interface SourceSettings {
  readonly id: string;
  /** By the names of `connection.settings`; secrets are resolved to their values. */
  readonly settings: Readonly<Record<string, string>>;
  /** Further values of secrets that webhooks are proved with, while they are being changed. */
  readonly furtherSecrets?: Readonly<Record<string, readonly string[]>>;
  /** The CRM is inside our own network: private addresses and plain http are allowed. */
  readonly allowPrivateNetwork?: boolean;
}

export interface OpenConnectorOptions {
  readonly manifest: Manifest;
  readonly source: SourceSettings;
  readonly clock: { nowMs(): number };
  /** Where tokens are kept that change with every use. Without it a connector that needs it is refused. */
  readonly credentials?: CredentialStore | null;
  /** Remembers whose data the source reads; without it that is remembered until the process ends. */
  readonly tenants?: TenantStore;
  /** Makes the HTTP client from our tuned configuration; axios itself when left out. */
  readonly createAxios?: CreateAxios;
  /** Stands between us and the CRM’s answers; only the conformance kit has something to say there. */
  readonly interpose?: Interpose;
  readonly sleep?: Sleep;
  readonly random?: () => number;
  /** Keeps all processes that read this CRM together within its limits; without it these are this process’s alone. */
  readonly sharedBudget?: SharedBudget;
  /** What manifests may name for large lists. Without them all lists are read as the manifest says, which gives the same records. */
  readonly drivers?: BulkDrivers;
  /** Where the manifest lies: what is deployed in the CRM lies beside it. */
  readonly folder?: string;
  /** With samples in several languages of how to post to us. */
  readonly samplesFolder?: string;
}
