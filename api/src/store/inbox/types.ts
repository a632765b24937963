import type { TableName } from '../../crm/types.ts';
import type { WebhookEvent } from '../../crm/webhook/types.ts';

export type DeliveryTrust = 'full' | 'hint';

export interface NewDelivery {
  readonly deliveryKey: string;
  readonly sourceId: string;
  readonly events: readonly WebhookEvent[];
  readonly receivedOnMs: number;
  /** Which of the source's webhooks; empty, or left out: the main one. */
  readonly hook?: string;
  /** The setting whose secret proved it. */
  readonly secret?: string;
  /** full when left out. */
  readonly trust?: DeliveryTrust;
}

export interface InboxDelivery {
  readonly deliveryKey: string;
  readonly sourceId: string;
  readonly events: readonly WebhookEvent[];
  readonly receivedOnMs: number;
}

/** What became of the records of a delivery. A record that two of its events name counts once. */
export type RecordOutcome = 'written' | 'unchanged' | 'stale' | 'filtered' | 'removed' | 'erased' | 'waitsForErasure' | 'failed';
export const recordOutcomes: readonly RecordOutcome[] = [
  'written',
  'unchanged',
  'stale',
  'filtered',
  'removed',
  'erased',
  'waitsForErasure',
  'failed',
];
/** In numbers; what is 0 is left out. */
export type DeliveryOutcome = Readonly<Partial<Record<RecordOutcome, number>>>;

export interface SettledDelivery {
  readonly deliveryKey: string;
  readonly outcome: DeliveryOutcome;
}

/** What the door and the drain need. */
export interface InboxStore {
  /**
   * Durable when it resolves; false when this delivery was stored before, which is then counted with it. One that came under the same key
   * and tells of something else, or came to another webhook, is stored under a longer key: taking it for a repeat would lose a change.
   * Throws `source.secrets_key_missing` when it brings records along and nothing can be sealed.
   */
  put(delivery: NewDelivery): Promise<boolean>;
  /**
   * Oldest first, not yet done; fewer than `limit` where what they bring along is much. An event that brought something along lacks it when
   * it was sealed with a key that we do not have any more. `tables`: only those that are about these tables and no other.
   */
  pending(sourceId: string, limit: number, tables?: readonly TableName[]): Promise<readonly InboxDelivery[]>;
  /** What they brought along is forgotten with it. */
  settle(sourceId: string, settled: readonly SettledDelivery[], nowMs: number): Promise<void>;
  /** Why they are not done yet: a code of the registry. */
  noteProblem(sourceId: string, deliveryKeys: readonly string[], code: string): Promise<void>;
}

/** A delivery as an admin sees it. */
export interface StoredDelivery {
  /** Ours; later deliveries have greater ones. */
  readonly id: number;
  /** The CRM's, or made of what it signed. */
  readonly deliveryKey: string;
  readonly hook: string;
  readonly trust: DeliveryTrust;
  readonly secret: string | null;
  readonly receivedOnMs: number;
  readonly occurredOnMs: number | null;
  /** null: it waits. */
  readonly doneOnMs: number | null;
  readonly repeats: number;
  readonly repeatedOnMs: number | null;
  readonly replayedOnMs: number | null;
  readonly problem: string | null;
  readonly outcome: DeliveryOutcome | null;
  readonly events: readonly (Omit<WebhookEvent, 'carried'> & { readonly isCarried?: boolean })[];
}

export interface DeliveryFilter {
  readonly hook?: string | undefined;
  /** failed: done, and not for all of its records. */
  readonly state?: 'waiting' | 'done' | 'failed' | undefined;
  readonly ids?: readonly number[] | undefined;
  /** Received from then on, and before then. */
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
}

export interface ReplayedDeliveries {
  readonly replayed: number;
  /** Those whose records came along: they are forgotten once written, and cannot be asked for. */
  readonly withoutPayload: number;
}

/** How long the newest deliveries took, in ms; null when none was measured. */
export interface Lag {
  readonly measured: number;
  readonly lastMs: number;
  readonly medianMs: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
}

export interface HookUse {
  readonly hook: string;
  readonly secret: string;
  /** Since 1970. */
  readonly hour: number;
  readonly deliveries: number;
  readonly lastOnMs: number;
}

export interface WaitingDeliveries {
  readonly hook: string;
  readonly waiting: number;
  readonly oldestOnMs: number;
  readonly newestOnMs: number;
}

export interface Refused {
  readonly sourceId: string;
  readonly hook: string;
  readonly reason: string;
  /** Since 1970. */
  readonly day: number;
  readonly refused: number;
  readonly lastOnMs: number;
}

export interface DeliveryStore {
  /** Newest first; those before `beforeId` where it is given. */
  list(
    sourceId: string,
    filter: DeliveryFilter & { readonly beforeId: number | null; readonly limit: number },
  ): Promise<readonly StoredDelivery[]>;
  /** They wait again. Those that wait already are not counted. */
  replay(sourceId: string, filter: DeliveryFilter, nowMs: number): Promise<ReplayedDeliveries>;
  waiting(sourceId: string): Promise<readonly WaitingDeliveries[]>;
  /** How each webhook was used from that hour on, by secret and hour; of those that are done. */
  use(sourceId: string, fromHour: number): Promise<readonly HookUse[]>;
  /** From what happened in the CRM to what was recorded for it. */
  lagFromEvent(sourceId: string, newest: number): Promise<Lag | null>;
  /** From the receipt to what was recorded for it. */
  lagFromReceipt(sourceId: string, newest: number): Promise<Lag | null>;
  /** Adds to what is counted. */
  addRefused(refused: readonly Refused[]): Promise<void>;
  refused(sourceId: string, fromDay: number): Promise<readonly Refused[]>;
  /** Forgets what is older, or more, than is kept. */
  tidy(sourceId: string, nowMs: number): Promise<void>;
}

export interface ErasureStore {
  add(sourceId: string, table: TableName, recordIds: readonly string[], nowMs: number): Promise<void>;
  /** To be tried by then; by id. */
  due(sourceId: string, table: TableName, nowMs: number, limit: number): Promise<readonly string[]>;
  /** Each time for twice as long, up to a day. */
  postpone(sourceId: string, table: TableName, recordIds: readonly string[], nowMs: number): Promise<void>;
  /** Their rows are erased: what we know of the records goes, too, and that they were to be erased stays. */
  forget(sourceId: string, table: TableName, recordIds: readonly string[]): Promise<void>;
  /**
   * A run of the source is under way, or was when it was paused: a page that it read before now may still bring a row back. Which that
   * is nobody has noted yet.
   */
  isRunUnderWay(sourceId: string): Promise<boolean>;
  /** The last step: nobody looks at them again. */
  finish(sourceId: string, table: TableName, recordIds: readonly string[]): Promise<void>;
  waiting(sourceId: string): Promise<number>;
}
