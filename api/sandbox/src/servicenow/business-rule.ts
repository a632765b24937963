import type { WebhookSender } from '../crm-kit/webhook-sender.ts';
import type { Change } from './data/instance.ts';
import { valueOf } from './data/row.ts';
import { isKindOf } from './data/tables.ts';

/** What an async business rule on accounts and contacts posts with a REST message: which row, and what happened to it. */
export const announceChange = (sender: WebhookSender, { table, operation, row }: Change): void => {
  if (!isKindOf(table, 'customer_account') && !isKindOf(table, 'customer_contact')) return;
  sender.announce(JSON.stringify({ table, operation, sys_id: valueOf(row, 'sys_id'), sys_mod_count: valueOf(row, 'sys_mod_count') }));
};
