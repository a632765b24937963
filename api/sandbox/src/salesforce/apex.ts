import type { WebhookSender } from '../crm-kit/webhook-sender.ts';
import { orgId } from './data/identity.ts';
import type { Change } from './data/org.ts';

/**
 * A trigger sees at most so many records at once.
 * https://developer.salesforce.com/docs/atlas.en-us.apexcode.meta/apexcode/apex_triggers_bulk_idioms.htm
 */
const recordsPerTrigger = 200;

interface Told {
  readonly sender: WebhookSender;
  readonly now: () => Date;
}

/** What the triggers and the queueable of the connector's crm-side/ send: which records changed and no more, one message per chunk. */
export const announceChange = ({ sender, now }: Told, { sobject, op, ids, masterIds }: Change): void => {
  for (let start = 0; start < ids.length; start += recordsPerTrigger) {
    const change = { orgId, sobject, op, ids: ids.slice(start, start + recordsPerTrigger), occurredAt: now().getTime() };
    sender.announce(JSON.stringify(masterIds === undefined ? change : { ...change, masterIds }));
  }
};
