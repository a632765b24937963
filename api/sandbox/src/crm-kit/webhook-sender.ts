import { randomUUID } from 'node:crypto';
import { decodeWebhookSecret, signatureHeaders } from './webhook-signature.ts';

export interface Subscription {
  readonly id: string;
  readonly url: string;
  readonly created_at: string;
}

export interface DeliveryStatistics {
  /** Messages that wait for their first or next attempt, or are on the way. */
  readonly waiting: number;
  readonly delivered: number;
  /** Given up after the last attempt. */
  readonly failed: number;
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

interface Delivery {
  readonly receiver: Receiver;
  readonly messageId: string;
  readonly body: string;
  readonly attempt: number;
}

const defaultRetryDelaysMs = [200, 1_000, 3_000, 10_000];
const attemptTimeoutMs = 10_000;
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
  readonly #queue: Delivery[] = [];
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #stopped = new AbortController();
  readonly #inFlight = new Set<Promise<void>>();
  #delivered = 0;
  #failed = 0;

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
    const waiting = this.#queue.length + this.#timers.size + this.#inFlight.size;
    return { waiting, delivered: this.#delivered, failed: this.#failed };
  }

  /** Returns at once. */
  announce(body: string): void {
    for (const receiver of this.#receivers.values()) {
      this.#queue.push({ receiver, messageId: `msg_${randomUUID()}`, body, attempt: 1 });
    }
    this.#sendWaiting();
  }

  async close(): Promise<void> {
    this.#stopped.abort();
    this.#queue.length = 0;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    await Promise.all(this.#inFlight);
  }

  #sendWaiting(): void {
    while (this.#inFlight.size < inFlightLimit && !this.#stopped.signal.aborted) {
      const delivery = this.#queue.shift();
      if (!delivery) return;
      const sending = this.#attempt(delivery).finally(() => {
        this.#inFlight.delete(sending);
        this.#sendWaiting();
      });
      this.#inFlight.add(sending);
    }
  }

  async #attempt(delivery: Delivery): Promise<void> {
    const status = await this.#post(delivery);
    if (status !== undefined && status >= 200 && status < 300) this.#delivered += 1;
    else if (status === httpGone) {
      // The spec's way of saying "never again".
      this.#receivers.delete(delivery.receiver.id);
      this.#failed += 1;
    } else this.#tryAgainLater(delivery);
  }

  /** The answer's status; undefined when there was no answer. */
  async #post({ receiver, messageId, body }: Delivery): Promise<number | undefined> {
    const timestampSeconds = Math.floor(this.#options.now().getTime() / 1000);
    try {
      const response = await fetch(receiver.url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(receiver.key ? signatureHeaders(receiver.key, { id: messageId, timestampSeconds, body }) : {}),
        },
        body,
        redirect: 'manual',
        signal: AbortSignal.any([this.#stopped.signal, AbortSignal.timeout(attemptTimeoutMs)]),
      });
      await response.body?.cancel();
      return response.status;
    } catch {
      return undefined;
    }
  }

  #tryAgainLater(delivery: Delivery): void {
    const delayMs = this.#options.retryDelaysMs[delivery.attempt - 1];
    if (delayMs === undefined || !this.#receivers.has(delivery.receiver.id)) {
      this.#failed += 1;
      return;
    }
    if (this.#stopped.signal.aborted) return;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.#queue.push({ ...delivery, attempt: delivery.attempt + 1 });
      this.#sendWaiting();
    }, delayMs);
    this.#timers.add(timer);
  }
}
