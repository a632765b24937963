import { randomUUID } from 'node:crypto';
import { type Delivery, DeliveryQueue, type DeliveryStatistics, type Outcome } from '../crm-kit/delivery-queue.ts';
import { createSecret } from '../crm-kit/secrets.ts';
import { CircuitBreaker } from './circuit-breaker.ts';
import { eventJson } from './event-json.ts';
import { zendeskSandbox } from './identity.ts';
import type { ZendeskSettings } from './settings.ts';
import { type DirectoryEvent, secondOf } from './types.ts';
import { sign, testingSecret } from './webhook-signature.ts';

export interface WebhookValues {
  readonly name: string;
  readonly description?: string;
  readonly endpoint: string;
  readonly http_method: string;
  readonly request_format: string;
  readonly status: 'active' | 'inactive';
  readonly subscriptions: readonly string[];
}

export interface Webhook extends WebhookValues {
  readonly id: string;
  readonly created_at: string;
  readonly updated_at: string;
}

interface Kept {
  readonly webhook: Webhook;
  readonly secret: string;
  readonly breaker: CircuitBreaker;
}

export interface WebhooksOptions {
  readonly now: () => Date;
  readonly settings: () => ZendeskSettings;
  /** Pauses before the further attempts after 409 or no answer; their number is also that of the attempts after 429 and 503. */
  readonly retryDelaysMs?: readonly number[];
}

const defaultRetryDelaysMs = [200, 1_000, 3_000];
const answerTimeoutMs = 12_000;
const longestRetryAfterSeconds = 60;

/** The account's webhooks, and the sending of what happened. https://developer.zendesk.com/api-reference/webhooks/introduction/#webhook-retries */
export class Webhooks {
  readonly #options: Required<WebhooksOptions>;
  readonly #kept = new Map<string, Kept>();
  readonly #queue = new DeliveryQueue({ timeoutMs: answerTimeoutMs, concurrency: 10 });
  #nextId = 1;

  constructor({ retryDelaysMs = defaultRetryDelaysMs, ...options }: WebhooksOptions) {
    this.#options = { ...options, retryDelaysMs };
  }

  get list(): readonly Webhook[] {
    return [...this.#kept.values()].map(({ webhook }) => webhook);
  }

  get(id: string): Webhook | undefined {
    return this.#kept.get(id)?.webhook;
  }

  create(values: WebhookValues): Webhook {
    const at = secondOf(this.#options.now());
    // A ULID's look: 26 characters.
    const id = `01${String(this.#nextId).padStart(24, '0')}`;
    this.#nextId += 1;
    const webhook = { id, ...values, created_at: at, updated_at: at };
    this.#kept.set(id, { webhook, secret: createSecret(''), breaker: new CircuitBreaker(this.#options.now) });
    return webhook;
  }

  update(id: string, values: Partial<WebhookValues>): void {
    const kept = this.#kept.get(id);
    if (kept) this.#kept.set(id, { ...kept, webhook: { ...kept.webhook, ...values, updated_at: secondOf(this.#options.now()) } });
  }

  delete(id: string): boolean {
    return this.#kept.delete(id);
  }

  secretOf(id: string): string | undefined {
    return this.#kept.get(id)?.secret;
  }

  resetSecret(id: string): void {
    const kept = this.#kept.get(id);
    if (kept) this.#kept.set(id, { ...kept, secret: createSecret('') });
  }

  get statistics(): DeliveryStatistics {
    return this.#queue.statistics;
  }

  /** Returns at once. One request for each event, to each webhook that wants it. */
  announce(event: DirectoryEvent): void {
    const wanted = `zen:event-type:${event.type}`;
    for (const { webhook } of this.#kept.values()) {
      if (webhook.status !== 'active' || !webhook.subscriptions.includes(wanted)) continue;
      const body = eventJson(event, {
        id: randomUUID(),
        time: this.#options.now().toISOString(),
        spelling: this.#options.settings().eventSpelling,
      });
      this.#queue.add(this.#delivery(webhook, body));
    }
  }

  /** As the "Test webhook" button: with a secret that everybody knows. */
  sendTest(endpoint: string, body: string): void {
    this.#queue.add({
      url: endpoint,
      compose: () => ({ body, headers: this.#headers({ webhookId: '', invocationId: randomUUID(), secret: testingSecret, body }) }),
      retryDelayMs: () => undefined,
      isWanted: () => true,
    });
  }

  close(): Promise<void> {
    return this.#queue.close();
  }

  #delivery({ id, endpoint }: Webhook, body: string): Delivery {
    const invocationId = randomUUID();
    return {
      url: endpoint,
      compose: () => ({ body, headers: this.#headers({ webhookId: id, invocationId, secret: this.secretOf(id) ?? '', body }) }),
      isWanted: () => this.#kept.get(id)?.breaker.isOpen === false,
      onOutcome: (outcome) => this.#kept.get(id)?.breaker.record(outcome),
      retryDelayMs: (attempt, outcome) => this.#retryDelayMs(attempt, outcome),
    };
  }

  /** Most refusals are final; a conflict, silence, and an overload that says when it is over are not. */
  #retryDelayMs(attempt: number, { status, retryAfterSeconds }: Outcome): number | undefined {
    const delayMs = this.#options.retryDelaysMs[attempt - 1];
    if (delayMs === undefined) return undefined;
    if (status === undefined || status === 409) return delayMs;
    const isOverload = status === 429 || status === 503;
    if (!isOverload || retryAfterSeconds === undefined || retryAfterSeconds >= longestRetryAfterSeconds) return undefined;
    return retryAfterSeconds * 1000;
  }

  #headers(delivery: { readonly webhookId: string; readonly invocationId: string; readonly secret: string; readonly body: string }) {
    const timestamp = secondOf(this.#options.now());
    return {
      'x-zendesk-account-id': String(zendeskSandbox.accountId),
      'x-zendesk-webhook-id': delivery.webhookId,
      'x-zendesk-webhook-invocation-id': delivery.invocationId,
      'x-zendesk-webhook-signature': sign(delivery.secret, { timestamp, body: delivery.body }),
      'x-zendesk-webhook-signature-timestamp': timestamp,
    };
  }
}
