import type { DeliveryBody } from '../contract/deliveries.ts';
import type { DeliveryService } from '../contract/services.ts';
import { AppError } from '../errors/app-error.ts';
import { helpFor } from '../errors/help-for.ts';
import type { DeliveryStore, StoredDelivery } from '../store/inbox/types.ts';
import type { Jobs } from '../store/jobs/types.ts';
import type { Clock } from '../sync/types.ts';
import type { SourceWithHooks, WebhookHealth } from './webhook-health.ts';

export interface DeliveryServiceDependencies {
  /** Throws `source.unknown`. */
  readonly sources: { get(sourceId: string): SourceWithHooks };
  readonly deliveries: Pick<DeliveryStore, 'list' | 'replay'>;
  readonly health: WebhookHealth;
  readonly jobs: Pick<Jobs, 'send'>;
  readonly clock: Clock;
}

const instant = (ms: number): string => new Date(ms).toISOString();

const readInstant = (text: string | undefined): number | undefined => {
  if (text === undefined) return undefined;
  const atMs = Date.parse(text);
  if (Number.isNaN(atMs)) throw new AppError('request.invalid', { problem: `“${text}” is no time` });
  return atMs;
};

const stateOf = ({ doneOnMs, outcome }: StoredDelivery): DeliveryBody['state'] => {
  if (doneOnMs === null) return 'waiting';
  return (outcome?.failed ?? 0) > 0 ? 'failed' : 'done';
};

const timesOf = ({ receivedOnMs, occurredOnMs, doneOnMs, repeatedOnMs, replayedOnMs }: StoredDelivery) => ({
  receivedOn: instant(receivedOnMs),
  ...(occurredOnMs === null ? {} : { happenedOn: instant(occurredOnMs) }),
  ...(doneOnMs === null ? {} : { doneOn: instant(doneOnMs) }),
  // Of one that was replayed they would tell when somebody replayed it.
  ...(doneOnMs === null || replayedOnMs !== null ? {} : { tookMilliseconds: Math.max(0, doneOnMs - receivedOnMs) }),
  ...(doneOnMs === null || occurredOnMs === null || replayedOnMs !== null ? {} : { lagMilliseconds: Math.max(0, doneOnMs - occurredOnMs) }),
  ...(repeatedOnMs === null ? {} : { repeatedOn: instant(repeatedOnMs) }),
  ...(replayedOnMs === null ? {} : { replayedOn: instant(replayedOnMs) }),
});

const toBody = (delivery: StoredDelivery): DeliveryBody => {
  const { id, deliveryKey, hook, trust, secret, repeats, events, outcome, problem } = delivery;
  return {
    id,
    deliveryKey,
    ...(hook === '' ? {} : { hook }),
    state: stateOf(delivery),
    trust,
    ...(secret === null ? {} : { secret }),
    ...timesOf(delivery),
    repeats,
    records: new Set(events.flatMap(({ table, recordIds }) => recordIds.map((recordId) => `${table} ${recordId}`))).size,
    ...(outcome === null ? {} : { outcome }),
    ...(problem === null ? {} : { problem: { code: problem, help: helpFor(problem) } }),
  };
};

/** What CRMs have posted: shown, and handled again when somebody asks for it. */
export const createDeliveryService = ({ sources, deliveries, health, jobs, clock }: DeliveryServiceDependencies): DeliveryService => ({
  async list(sourceId, { hook, state, from, to, before, limit }) {
    const source = sources.get(sourceId);
    const [webhooks, found] = await Promise.all([
      health(source),
      deliveries.list(sourceId, {
        hook,
        state,
        fromMs: readInstant(from),
        toMs: readInstant(to),
        beforeId: before ?? null,
        limit,
      }),
    ]);
    const last = found.length === limit ? found.at(-1) : undefined;
    return {
      sourceId,
      webhooks: webhooks ?? { hooks: [], erasuresWaiting: 0 },
      deliveries: found.map(toBody),
      ...(last === undefined ? {} : { nextBefore: last.id }),
    };
  },

  async get(sourceId, id) {
    sources.get(sourceId);
    const [delivery] = await deliveries.list(sourceId, { ids: [id], beforeId: null, limit: 1 });
    if (delivery === undefined) throw new AppError('delivery.unknown', { source: sourceId, delivery: id });
    return {
      delivery: toBody(delivery),
      events: delivery.events.map(({ table, action, recordIds, occurredOnMs }) => ({
        table,
        action,
        recordIds: [...recordIds],
        ...(occurredOnMs === undefined ? {} : { happenedOn: instant(occurredOnMs) }),
      })),
    };
  },

  async replay(sourceId, { ids, from, to, hook, failed }) {
    sources.get(sourceId);
    if (ids === undefined && from === undefined)
      throw new AppError('request.invalid', { problem: '“ids” or “from” is needed: nobody means all that is remembered' });
    const replayed = await deliveries.replay(
      sourceId,
      {
        hook,
        ids,
        state: failed === true ? 'failed' : 'done',
        fromMs: readInstant(from),
        toMs: readInstant(to),
      },
      clock.nowMs(),
    );
    if (replayed.replayed > 0) await jobs.send('inbox', { sourceId }, { singletonKey: sourceId });
    return replayed;
  },
});
