import type { WebhookService } from '../contract/services.ts';
import type { VerifiedDelivery, WebhookDoor, WebhookRequest } from '../crm/webhook/types.ts';
import { AppError, isAppError } from '../errors/app-error.ts';
import type { InboxStore } from '../store/inbox/types.ts';
import type { Clock } from '../sync/types.ts';
import type { RefusalCounter } from './count-refusals.ts';
import type { DrainCaller } from './drain-caller.ts';
import { hookAddress } from './hook-address.ts';

/** What of a source the door needs. */
export interface WebhookSource {
  readonly id: string;
  readonly connector: { readonly webhook: Pick<WebhookDoor, 'verify' | 'verifyWithStored' | 'hookOf'> | null };
}

export interface WebhookServiceDependencies {
  readonly sources: { all(): readonly WebhookSource[] };
  readonly inbox: Pick<InboxStore, 'put'>;
  readonly drain: Pick<DrainCaller, 'call'>;
  readonly refusals: Pick<RefusalCounter, 'note'>;
  readonly clock: Clock;
  /** Where the CRM reaches us, from the configuration; never rebuilt from a request's headers. */
  readonly publicUrl: string;
}

const reasonOf = (error: unknown): string | null => {
  if (isAppError(error, 'webhook.unauthorised')) return String(error.details.reason ?? 'request');
  return isAppError(error, 'webhook.unreadable') ? 'unreadable' : null;
};
const verifyAt = async (
  webhook: Pick<WebhookDoor, 'verify' | 'verifyWithStored'>,
  request: WebhookRequest,
  nowMs: number,
): Promise<VerifiedDelivery> =>
  webhook.verifyWithStored === undefined ? webhook.verify(request, nowMs) : webhook.verifyWithStored(request, nowMs);

/**
 * The CRM's door: verify, store, answer. What is stored are ids, never the body: the record is read back from the CRM, so a
 * delivery can only ever cause a look, and its content needs no trust. (Only records that nobody can ask for are stored too, sealed.)
 */
export const createWebhookService = (dependencies: WebhookServiceDependencies): WebhookService => {
  const { sources, inbox, drain, refusals, clock, publicUrl } = dependencies;
  const find = (sourceId: string) => sources.all().find(({ id }) => id === sourceId)?.connector.webhook ?? null;

  return {
    async receive(sourceId, { query, ...request }) {
      // No such source, no webhook declared or no secret: the same answer as for a forged one. Whoever has no signature learns nothing.
      const webhook = find(sourceId);
      if (webhook === null) throw new AppError('webhook.unauthorised', { reason: 'address' });
      const receivedOnMs = clock.nowMs();
      const segments = request.segments ?? [];
      const url = `${hookAddress(publicUrl, sourceId, segments)}${query === '' ? '' : `?${query}`}`;
      const hook = webhook.hookOf(segments) ?? '';
      const verify = async (): Promise<VerifiedDelivery> => {
        try {
          return await verifyAt(webhook, { ...request, url }, receivedOnMs);
        } catch (error) {
          const reason = reasonOf(error);
          // Only names that the manifest knows: what an address says is the sender's choice, and would be stored.
          if (reason !== null) refusals.note({ sourceId, hook, reason });
          throw error;
        }
      };
      const { kind, deliveryId, events, trust, secret, answer } = await verify();
      if (kind === 'handshake') return answer;
      await inbox.put({ deliveryKey: deliveryId, sourceId, events, receivedOnMs, hook, trust, secret });
      // Also for a repeated delivery: our answer may have been lost with the call. It costs a look.
      drain.call(sourceId);
      return answer;
    },

    noteRefusal(sourceId, reason) {
      if (find(sourceId) !== null) refusals.note({ sourceId, hook: '', reason });
    },
  };
};
