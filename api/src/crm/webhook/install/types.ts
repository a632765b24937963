import type { TableName } from '../../types.ts';

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
