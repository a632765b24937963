/** Dataverse's webhook on the table of requests: what a service endpoint and a step on Create, asynchronous, would do. */
import type { RowWrite } from '../store/database.ts';

export interface RequestWebhook {
  readonly url: string;
  /** Sent as the header `x-ccsync-key`: authentication type HttpHeader. */
  readonly key: string;
}

const table = 'ccsync_syncrequest';

/** After the commit and beside it; a receiver that is not there is tried no more, as the control's API looks for rows by itself. */
export const announceRequests = (
  writes: readonly RowWrite[],
  webhook: RequestWebhook | null,
  organizationId: string,
  send: typeof fetch = fetch,
): void => {
  if (webhook === null) return;
  for (const { table: written, kind, id } of writes) {
    if (written !== table || kind !== 'created') continue;
    const context = {
      MessageName: 'Create',
      PrimaryEntityName: table,
      PrimaryEntityId: id,
      OrganizationId: organizationId,
      Depth: 1,
      Mode: 1,
      Stage: 40,
    };
    const headers = {
      'content-type': 'application/json',
      'x-ms-dynamics-entity-name': table,
      'x-ms-dynamics-request-name': 'Create',
      'x-ccsync-key': webhook.key,
    };
    void send(webhook.url, { method: 'POST', headers, body: JSON.stringify(context) }).catch(() => undefined);
  }
};
