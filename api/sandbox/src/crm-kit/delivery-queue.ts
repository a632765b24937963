/** What became of one attempt. No status: there was no answer in time. */
export interface Outcome {
  readonly status?: number;
  readonly retryAfterSeconds?: number;
}

export interface Delivery {
  readonly url: string;
  /** Made anew for each attempt (from 1), since a signature holds the moment of sending. */
  readonly compose: (attempt: number) => { readonly headers: Readonly<Record<string, string>>; readonly body: string };
  /** Milliseconds until the next attempt; undefined: given up. */
  readonly retryDelayMs: (attempt: number, outcome: Outcome) => number | undefined;
  /** false: not sent any more, such as when its subscription is gone. */
  readonly isWanted: () => boolean;
  readonly onOutcome?: (outcome: Outcome) => void;
}

export interface DeliveryStatistics {
  /** Wait for their first or next attempt, or are on the way. */
  readonly waiting: number;
  readonly delivered: number;
  /** Given up, or not wanted any more. */
  readonly failed: number;
}

export const isTaken = ({ status }: Outcome): boolean => status !== undefined && status >= 200 && status < 300;

const secondsIn = (header: string | null): number | undefined => (header !== null && /^\d+$/.test(header) ? Number(header) : undefined);

/** Posts webhooks in the background: so many at once, again after a while when they are refused, in no promised order. */
export class DeliveryQueue {
  readonly #timeoutMs: number;
  readonly #queue: { readonly delivery: Delivery; readonly attempt: number }[] = [];
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #stopped = new AbortController();
  readonly #inFlight = new Set<Promise<void>>();
  /** Posts that may be under way at once. */
  concurrency: number;
  #delivered = 0;
  #failed = 0;

  constructor({ timeoutMs, concurrency }: { readonly timeoutMs: number; readonly concurrency: number }) {
    this.#timeoutMs = timeoutMs;
    this.concurrency = concurrency;
  }

  get statistics(): DeliveryStatistics {
    const waiting = this.#queue.length + this.#timers.size + this.#inFlight.size;
    return { waiting, delivered: this.#delivered, failed: this.#failed };
  }

  /** Returns at once. */
  add(delivery: Delivery, attempt = 1): void {
    this.#queue.push({ delivery, attempt });
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
    while (this.#inFlight.size < this.concurrency && !this.#stopped.signal.aborted) {
      const next = this.#queue.shift();
      if (!next) return;
      const sending = this.#attempt(next.delivery, next.attempt).finally(() => {
        this.#inFlight.delete(sending);
        this.#sendWaiting();
      });
      this.#inFlight.add(sending);
    }
  }

  async #attempt(delivery: Delivery, attempt: number): Promise<void> {
    if (!delivery.isWanted()) {
      this.#failed += 1;
      return;
    }
    const outcome = await this.#post(delivery, attempt);
    if (this.#stopped.signal.aborted) return;
    delivery.onOutcome?.(outcome);
    if (isTaken(outcome)) {
      this.#delivered += 1;
      return;
    }
    const delayMs = delivery.retryDelayMs(attempt, outcome);
    if (delayMs === undefined) {
      this.#failed += 1;
      return;
    }
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.add(delivery, attempt + 1);
    }, delayMs);
    this.#timers.add(timer);
  }

  async #post({ url, compose }: Delivery, attempt: number): Promise<Outcome> {
    const { headers, body } = compose(attempt);
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body,
        redirect: 'manual',
        signal: AbortSignal.any([this.#stopped.signal, AbortSignal.timeout(this.#timeoutMs)]),
      });
      await response.body?.cancel();
      const retryAfterSeconds = secondsIn(response.headers.get('retry-after'));
      return { status: response.status, ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }) };
    } catch {
      return {};
    }
  }
}
