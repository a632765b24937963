import type { WebhookSender } from '../crm-kit/webhook-sender.ts';
import type { Change } from './data/instance.ts';
import { valueOf } from './data/row.ts';
import { isKindOf } from './data/tables.ts';

interface Told {
  readonly sender: WebhookSender;
  readonly now: () => Date;
}

/**
 * What the business rules and the script action of the connector's crm-side/ send: which row, and what happened to it. The table is the
 * one that the rule is on, whatever class the row is of.
 */
export const announceChange = ({ sender, now }: Told, { table, operation, row }: Change): void => {
  const ruled = ['customer_account', 'customer_contact'].find((name) => isKindOf(table, name));
  if (ruled === undefined) return;
  sender.announce(JSON.stringify({ operation, table: ruled, sys_id: valueOf(row, 'sys_id'), occurredAt: now().getTime() }));
};
