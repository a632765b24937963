import type { WebhookHookBody } from '../contract/deliveries.ts';
import { isAppError } from '../errors/app-error.ts';
import type { DeliveryStore, ErasureStore } from '../store/inbox/types.ts';
import type { Jobs } from '../store/jobs/types.ts';
import type { Sources } from '../sync/sources.ts';
import type { Clock, Source } from '../sync/types.ts';
import type { WebhookHealth } from './webhook-health.ts';

export interface WebhookWatchDependencies {
  readonly sources: Sources;
  readonly deliveries: Pick<DeliveryStore, 'tidy'>;
  readonly erasures: Pick<ErasureStore, 'due'>;
  readonly health: WebhookHealth;
  readonly jobs: Pick<Jobs, 'send'>;
  readonly clock: Clock;
  readonly log: { info(details: object, message: string): void; warn(details: object, message: string): void };
}

/** How often somebody should look. */
export const watchEveryMs = 60_000;

/**
 * One look at every source: says once when a webhook has been silent for longer than is usual for it, and once when it is heard again;
 * calls a worker where deliveries wait, has what is to be erased tried again, and forgets what is old. What goes wrong with one source
 * keeps no other from being looked at.
 */
export const createWebhookWatch = (dependencies: WebhookWatchDependencies): (() => Promise<void>) => {
  const { sources, deliveries, erasures, health, jobs, clock, log } = dependencies;
  const silent = new Set<string>();

  const tellOfSilence = (source: Source, hooks: readonly WebhookHookBody[]): void => {
    for (const { hook = '', isSilent, lastOn, usualPauseMinutes } of hooks) {
      const name = `${source.id} ${hook}`;
      if (isSilent === silent.has(name)) continue;
      const details = { sourceId: source.id, hook, lastOn };
      if (isSilent) {
        silent.add(name);
        log.warn({ ...details, usualPauseMinutes }, 'a webhook has been silent for longer than is usual for it');
      } else {
        silent.delete(name);
        log.info(details, 'a webhook that was silent is heard again');
      }
    }
  };

  const hasErasuresDue = async ({ id, connector }: Source): Promise<boolean> => {
    for (const table of connector.tables) if ((await erasures.due(id, table, clock.nowMs(), 1)).length > 0) return true;
    return false;
  };

  return async () => {
    for (const source of sources.all()) {
      const { id: sourceId, connector } = source;
      if (connector.webhook === null) continue;
      try {
        const hooks = (await health(source))?.hooks ?? [];
        tellOfSilence(source, hooks);
        // Deliveries that wait have a job, unless the process that took them died before it had called for one.
        const isAnyWaiting = hooks.some(({ waiting }) => waiting > 0);
        if (isAnyWaiting || (await hasErasuresDue(source))) await jobs.send('inbox', { sourceId }, { singletonKey: sourceId });
        await deliveries.tidy(sourceId, clock.nowMs());
      } catch (error) {
        log.warn({ sourceId, code: isAppError(error) ? error.code : 'internal' }, 'webhooks could not be looked at');
      }
    }
  };
};
