import type { LagBody, WebhookHealthBody, WebhookHookBody } from '../contract/deliveries.ts';
import type { WebhookDoor } from '../crm/webhook/types.ts';
import type { DeliveryStore, ErasureStore, HookUse, Lag, Refused, WaitingDeliveries } from '../store/inbox/types.ts';
import type { Clock } from '../sync/types.ts';
import { judgeSilence } from './judge-silence.ts';

const hourMs = 3_600_000;
const hoursLookedAt = 35 * 24;
const refusedDays = 7;
const deliveriesMeasured = 500;

export interface WebhookHealthDependencies {
  readonly deliveries: Pick<DeliveryStore, 'waiting' | 'use' | 'lagFromEvent' | 'lagFromReceipt' | 'refused'>;
  readonly erasures: Pick<ErasureStore, 'waiting'>;
  readonly clock: Clock;
  /** Where CRMs reach us. */
  readonly publicUrl: string;
}

/** What of a source its webhooks' health is about. */
export interface SourceWithHooks {
  readonly id: string;
  readonly connector: { readonly webhook: Pick<WebhookDoor, 'hooks'> | null };
}

export const hookAddress = (publicUrl: string, sourceId: string, hook: string): string =>
  [publicUrl.replace(/\/+$/, ''), 'webhooks', sourceId, ...(hook === '' ? [] : [hook])].join('/');

const toLag = (lag: Lag | null): LagBody | null =>
  lag === null
    ? null
    : {
        measured: lag.measured,
        lastMilliseconds: lag.lastMs,
        medianMilliseconds: lag.medianMs,
        p95Milliseconds: lag.p95Ms,
        p99Milliseconds: lag.p99Ms,
      };

const instant = (ms: number): string => new Date(ms).toISOString();

const lastOf = <Key>(entries: Iterable<readonly [Key, number]>): ReadonlyMap<Key, number> => {
  const last = new Map<Key, number>();
  for (const [key, atMs] of entries) last.set(key, Math.max(atMs, last.get(key) ?? atMs));
  return last;
};

interface HookFacts {
  readonly use: readonly HookUse[];
  readonly waiting: WaitingDeliveries | undefined;
  readonly refused: readonly Refused[];
  readonly nowMs: number;
}

const describeHook = ({ use, waiting, refused, nowMs }: HookFacts): Omit<WebhookHookBody, 'hook' | 'address'> => {
  const hours = new Map<number, number>();
  for (const { hour, deliveries } of use) hours.set(hour, (hours.get(hour) ?? 0) + deliveries);
  const lastOnMs = Math.max(...use.map((one) => one.lastOnMs), waiting?.newestOnMs ?? Number.NEGATIVE_INFINITY);
  const silence = judgeSilence({ hours, lastOnMs, nowMs });
  const dayAgo = Math.floor(nowMs / hourMs) - 24;
  const secrets = lastOf(use.flatMap((one) => (one.secret === '' ? [] : [[one.secret, one.lastOnMs] as const])));
  const reasons = lastOf(refused.map((one) => [one.reason, one.lastOnMs] as const));
  return {
    ...(Number.isFinite(lastOnMs) ? { lastOn: instant(lastOnMs) } : {}),
    lastDay: [...hours].reduce((sum, [hour, count]) => (hour > dayAgo ? sum + count : sum), 0),
    waiting: waiting?.waiting ?? 0,
    ...(waiting === undefined ? {} : { oldestWaitingOn: instant(waiting.oldestOnMs) }),
    isSilent: silence.isUnusual,
    ...(silence.usualPauseMs === null ? {} : { usualPauseMinutes: Math.round(silence.usualPauseMs / 60_000) }),
    secrets: [...secrets].map(([name, atMs]) => ({ name, lastUsedOn: instant(atMs) })),
    refused: [...reasons].map(([reason, atMs]) => ({
      reason,
      count: refused.reduce((sum, one) => (one.reason === reason ? sum + one.refused : sum), 0),
      lastOn: instant(atMs),
    })),
  };
};

/** How a source's webhooks do; null where it has none. A few small queries. */
export const createWebhookHealth =
  ({ deliveries, erasures, clock, publicUrl }: WebhookHealthDependencies) =>
  async ({ id, connector }: SourceWithHooks): Promise<WebhookHealthBody | null> => {
    if (connector.webhook === null) return null;
    const nowMs = clock.nowMs();
    const hour = Math.floor(nowMs / hourMs);
    const [waiting, use, fromEvent, fromReceipt, refused, erasuresWaiting] = await Promise.all([
      deliveries.waiting(id),
      deliveries.use(id, hour - hoursLookedAt),
      deliveries.lagFromEvent(id, deliveriesMeasured),
      deliveries.lagFromReceipt(id, deliveriesMeasured),
      deliveries.refused(id, Math.floor(hour / 24) - refusedDays),
      erasures.waiting(id),
    ]);
    const [lagFromEvent, lagFromReceipt] = [toLag(fromEvent), toLag(fromReceipt)];
    return {
      hooks: connector.webhook.hooks.map((hook) => ({
        ...(hook === '' ? {} : { hook }),
        address: hookAddress(publicUrl, id, hook),
        ...describeHook({
          use: use.filter((one) => one.hook === hook),
          waiting: waiting.find((one) => one.hook === hook),
          refused: refused.filter((one) => one.hook === hook),
          nowMs,
        }),
      })),
      ...(lagFromEvent === null ? {} : { lagFromEvent }),
      ...(lagFromReceipt === null ? {} : { lagFromReceipt }),
      erasuresWaiting,
    };
  };

export type WebhookHealth = ReturnType<typeof createWebhookHealth>;
