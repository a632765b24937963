import type { JsonValue, TableName } from '../types.ts';

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
