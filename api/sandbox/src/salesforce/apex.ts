import type { WebhookSender } from '../crm-kit/webhook-sender.ts';
import { orgId } from './data/identity.ts';
import type { Change } from './data/org.ts';

/**
 * A trigger sees at most so many records at once.
 * https://developer.salesforce.com/docs/atlas.en-us.apexcode.meta/apexcode/apex_triggers_bulk_idioms.htm
 */
const recordsPerTrigger = 200;

/** What a trigger with a queueable callout sends: which records changed and no more, one message per chunk. */
export const announceChange = (sender: WebhookSender, { sobject, op, ids }: Change): void => {
  for (let start = 0; start < ids.length; start += recordsPerTrigger) {
    sender.announce(JSON.stringify({ orgId, sobject, op, ids: ids.slice(start, start + recordsPerTrigger) }));
  }
};
