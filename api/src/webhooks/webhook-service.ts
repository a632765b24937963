import type { WebhookService } from '../contract/services.ts';
import type { VerifiedDelivery, WebhookDoor, WebhookRequest } from '../crm/types.ts';
import { AppError } from '../errors/app-error.ts';
import type { InboxStore, Jobs } from '../store/types.ts';
import type { Clock } from '../sync/types.ts';
import { hookAddress } from './hook-address.ts';

/** What of a source the door needs. */
export interface WebhookSource {
  readonly id: string;
  readonly connector: { readonly webhook: WebhookDoor | null };
}

export interface WebhookServiceDependencies {
  readonly sources: { all(): readonly WebhookSource[] };
  readonly inbox: Pick<InboxStore, 'put'>;
  readonly jobs: Pick<Jobs, 'send'>;
  readonly clock: Clock;
  /** Where the CRM reaches us, from the configuration; never rebuilt from a request's headers. */
  readonly publicUrl: string;
}

const verifyAt = async (webhook: WebhookDoor, request: WebhookRequest, nowMs: number): Promise<VerifiedDelivery> =>
  webhook.verifyWithStored === undefined ? webhook.verify(request, nowMs) : webhook.verifyWithStored(request, nowMs);

/**
 * The CRM's door: verify, store, answer. What is stored are ids, never the body: the record is read back from the CRM, so a
 * delivery can only ever cause a look, and its content needs no trust.
 */
export const createWebhookService = ({ sources, inbox, jobs, clock, publicUrl }: WebhookServiceDependencies): WebhookService => ({
  async receive(sourceId, { query, ...request }) {
    // No such source, no webhook declared or no secret: the same answer as for a forged one. Whoever has no signature learns nothing.
    const webhook = sources.all().find(({ id }) => id === sourceId)?.connector.webhook ?? null;
    if (webhook === null) throw new AppError('webhook.unauthorised', { reason: 'address' });
    const receivedOnMs = clock.nowMs();
    const url = `${hookAddress(publicUrl, sourceId, request.segments)}${query === '' ? '' : `?${query}`}`;
    const { kind, deliveryId, events, answer } = await verifyAt(webhook, { ...request, url }, receivedOnMs);
    if (kind === 'handshake') return answer;
    await inbox.put({ deliveryKey: deliveryId, sourceId, events, receivedOnMs });
    // A repeated delivery may mean that our answer was lost before the job was sent: send it again, it costs a look.
    await jobs.send('inbox', { sourceId }, { singletonKey: sourceId });
    return answer;
  },
});
