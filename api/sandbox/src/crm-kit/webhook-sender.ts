import { randomUUID } from 'node:crypto';
import { DeliveryQueue, type DeliveryStatistics } from './delivery-queue.ts';
import { decodeWebhookSecret, signatureHeaders } from './webhook-signature.ts';

export interface Subscription {
  readonly id: string;
  readonly url: string;
  readonly created_at: string;
}

export interface WebhookSenderOptions {
  readonly now: () => Date;
  /** Pause before each further attempt; its length says how many there are. */
  readonly retryDelaysMs?: readonly number[];
}

interface Receiver extends Subscription {
  /** undefined: nobody signs. */
  readonly key: Buffer | undefined;
}

const defaultRetryDelaysMs = [200, 1_000, 3_000, 10_000];
const answerTimeoutMs = 10_000;
/** A mass change must not open thousands of sockets at once. */
const inFlightLimit = 8;
const httpGone = 410;

/**
 * Tells subscribers of changes: signed when they gave a secret, in the background, a few attempts each, in no promised order,
 * possibly more than once.
 */
export class WebhookSender {
  readonly #options: Required<WebhookSenderOptions>;
  readonly #receivers = new Map<string, Receiver>();
  readonly #queue = new DeliveryQueue({ timeoutMs: answerTimeoutMs, concurrency: inFlightLimit });

  constructor({ now, retryDelaysMs = defaultRetryDelaysMs }: WebhookSenderOptions) {
    this.#options = { now, retryDelaysMs };
  }

  /** undefined: the secret is none that Standard Webhooks allows. */
  subscribe({ url, secret }: { readonly url: string; readonly secret?: string }): Subscription | undefined {
    const key = secret === undefined ? undefined : decodeWebhookSecret(secret);
    if (secret !== undefined && !key) return undefined;
    const subscription = { id: randomUUID(), url, created_at: this.#options.now().toISOString() };
    this.#receivers.set(subscription.id, { ...subscription, key });
    return subscription;
  }

  unsubscribe(id: string): boolean {
    return this.#receivers.delete(id);
  }

  /** Without their secrets. */
  get subscriptions(): readonly Subscription[] {
    return [...this.#receivers.values()].map(({ id, url, created_at }) => ({ id, url, created_at }));
  }

  get statistics(): DeliveryStatistics {
    return this.#queue.statistics;
  }

  /** Returns at once. */
  announce(body: string): void {
    for (const receiver of this.#receivers.values()) this.#send(receiver, body);
  }

  close(): Promise<void> {
    return this.#queue.close();
  }

  #send({ id, url, key }: Receiver, body: string): void {
    const messageId = `msg_${randomUUID()}`;
    this.#queue.add({
      url,
      compose: () => {
        const timestampSeconds = Math.floor(this.#options.now().getTime() / 1000);
        return { body, headers: key ? signatureHeaders(key, { id: messageId, timestampSeconds, body }) : {} };
      },
      isWanted: () => this.#receivers.has(id),
      // Gone is the specification's way of saying "never again".
      onOutcome: ({ status }) => void (status === httpGone && this.#receivers.delete(id)),
      retryDelayMs: (attempt) => (this.#receivers.has(id) ? this.#options.retryDelaysMs[attempt - 1] : undefined),
    });
  }
}
