import { type Delivery, DeliveryQueue, type DeliveryStatistics } from '../crm-kit/delivery-queue.ts';
import { hubSpotSandbox } from './identity.ts';
import type { PortalEvent } from './types.ts';
import { signatureHeaders } from './webhook-signature.ts';

export interface Subscription {
  readonly id: string;
  readonly eventType: string;
  readonly propertyName?: string;
  readonly active: boolean;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface WebhookSettings {
  readonly targetUrl: string;
  readonly maxConcurrentRequests: number;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface WebhooksOptions {
  readonly now: () => Date;
  /** Pauses before the further attempts: HubSpot's ten within a day, made short enough to watch. */
  readonly retryDelaysMs?: readonly number[];
}

/** https://developers.hubspot.com/docs/api-reference/error-handling#retries: up to 10 times. */
const defaultRetryDelaysMs = [100, 200, 400, 800, 1_600, 3_200, 6_400, 12_800, 25_600, 51_200];
const eventsOfRequest = 100;
const answerTimeoutMs = 5_000;

type Notification = Readonly<Record<string, unknown>>;

/** The app's subscriptions, and the sending of what happened: gathered, signed, at most 100 events a request, in no promised order. */
export class Webhooks {
  readonly #options: Required<WebhooksOptions>;
  readonly #queue = new DeliveryQueue({ timeoutMs: answerTimeoutMs, concurrency: 10 });
  readonly #subscriptions = new Map<string, Subscription>();
  #settings: WebhookSettings | undefined;
  #gathered: Notification[] = [];
  #nextSubscriptionId = 25;
  #nextEventId = 3_816_279_340;

  constructor({ now, retryDelaysMs = defaultRetryDelaysMs }: WebhooksOptions) {
    this.#options = { now, retryDelaysMs };
  }

  get settings(): WebhookSettings | undefined {
    return this.#settings;
  }

  configure({ targetUrl, maxConcurrentRequests }: Pick<WebhookSettings, 'targetUrl' | 'maxConcurrentRequests'>): WebhookSettings {
    const at = this.#options.now().toISOString();
    this.#settings = { targetUrl, maxConcurrentRequests, createdAt: this.#settings?.createdAt ?? at, updatedAt: at };
    this.#queue.concurrency = maxConcurrentRequests;
    return this.#settings;
  }

  clearSettings(): void {
    this.#settings = undefined;
  }

  get subscriptions(): readonly Subscription[] {
    return [...this.#subscriptions.values()];
  }

  subscription(id: string): Subscription | undefined {
    return this.#subscriptions.get(id);
  }

  subscribe(wanted: Pick<Subscription, 'eventType' | 'propertyName' | 'active'>): Subscription {
    const at = this.#options.now().toISOString();
    this.#nextSubscriptionId += 1;
    const subscription = { id: String(this.#nextSubscriptionId), ...wanted, createdAt: at, updatedAt: at };
    this.#subscriptions.set(subscription.id, subscription);
    return subscription;
  }

  activate(subscription: Subscription, active: boolean): Subscription {
    const changed = { ...subscription, active, updatedAt: this.#options.now().toISOString() };
    this.#subscriptions.set(changed.id, changed);
    return changed;
  }

  unsubscribe(id: string): boolean {
    return this.#subscriptions.delete(id);
  }

  get statistics(): DeliveryStatistics {
    const { waiting, ...others } = this.#queue.statistics;
    return { ...others, waiting: waiting + Math.ceil(this.#gathered.length / eventsOfRequest) };
  }

  /** Returns at once. */
  announce({ subscriptionType, occurredAtMs, changeSource, propertyName, details }: PortalEvent): void {
    if (!this.#settings) return;
    const isWanted = (one: Subscription): boolean =>
      one.active && one.eventType === subscriptionType && (one.propertyName === undefined || one.propertyName === propertyName);
    for (const { id } of this.subscriptions.filter(isWanted)) {
      if (this.#gathered.length === 0) setImmediate(() => this.#sendGathered());
      this.#nextEventId += 1;
      this.#gathered.push({
        eventId: this.#nextEventId,
        subscriptionId: Number(id),
        portalId: hubSpotSandbox.portalId,
        appId: hubSpotSandbox.appId,
        occurredAt: occurredAtMs,
        subscriptionType,
        attemptNumber: 0,
        changeSource,
        ...details,
      });
    }
  }

  close(): Promise<void> {
    this.#gathered = [];
    return this.#queue.close();
  }

  #sendGathered(): void {
    const gathered = this.#gathered;
    this.#gathered = [];
    for (let start = 0; start < gathered.length; start += eventsOfRequest) {
      this.#queue.add(this.#delivery(gathered.slice(start, start + eventsOfRequest)));
    }
  }

  #delivery(notifications: readonly Notification[]): Delivery {
    const url = this.#settings?.targetUrl ?? '';
    return {
      url,
      isWanted: () => this.#settings !== undefined,
      retryDelayMs: (attempt) => this.#options.retryDelaysMs[attempt - 1],
      compose: (attempt) => {
        const body = JSON.stringify(notifications.map((notification) => ({ ...notification, attemptNumber: attempt - 1 })));
        const timestampMs = this.#options.now().getTime();
        return { body, headers: signatureHeaders(hubSpotSandbox.clientSecret, { method: 'POST', url, body, timestampMs }) };
      },
    };
  }
}
