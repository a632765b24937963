import Type, { type Static } from 'typebox';
import { TableNameSchema, count, givenInstant, instant, textEnum } from './parts.ts';

const hook = Type.Optional(Type.String({ maxLength: 40, description: 'Which of the source’s webhooks; absent: the main one' }));

export const LagSchema = Type.Object(
  {
    measured: count('Deliveries that it was measured on, the newest ones'),
    lastMilliseconds: count('Of the newest'),
    medianMilliseconds: count('Half of them took no longer'),
    p95Milliseconds: count('95 of 100 took no longer'),
    p99Milliseconds: count('99 of 100 took no longer'),
  },
  { $id: 'Lag', description: 'How long it took until what a delivery tells was written to Dataverse and recorded' },
);

export const WebhookHookSchema = Type.Object(
  {
    hook,
    address: Type.String({ description: 'Where the CRM posts to; a secret that belongs to the address is left out' }),
    lastOn: Type.Optional(instant('When the last delivery came; absent: none is remembered')),
    lastDay: count('Deliveries of the last 24 hours that are done'),
    waiting: count('Deliveries that are not done yet'),
    oldestWaitingOn: Type.Optional(instant('When the oldest of them came')),
    isSilent: Type.Boolean({ description: 'Nothing has come for longer than is usual for it' }),
    usualPauseMinutes: Type.Optional(count('The longest pause that is remembered, in minutes')),
    secrets: Type.Array(
      Type.Object({ name: Type.String({ description: 'The setting' }), lastUsedOn: instant('When a delivery was last proved with it') }),
      { description: 'Which secrets deliveries are proved with: one that is no longer used can go' },
    ),
    refused: Type.Array(
      Type.Object({
        reason: Type.String({ description: 'address, noSecret, header, time, signature, token, tenant, unreadable, size or request' }),
        count: count('In the last 7 days'),
        lastOn: instant('The last time'),
      }),
      { description: 'Deliveries that were not let in; only counted' },
    ),
  },
  { $id: 'WebhookHook' },
);

export const WebhookHealthSchema = Type.Object(
  {
    hooks: Type.Array(WebhookHookSchema),
    lagFromEvent: Type.Optional(LagSchema),
    lagFromReceipt: Type.Optional(LagSchema),
    erasuresWaiting: count('Records whose person is to be forgotten, and that the CRM still has or whose row could not be erased yet'),
  },
  { $id: 'WebhookHealth', description: 'How the source’s webhooks do; `lagFromEvent` where the CRM says when things happen' },
);

export const DeliveryOutcomeSchema = Type.Object(
  {
    written: Type.Optional(count('Rows written')),
    unchanged: Type.Optional(count('The row was as it should be already')),
    stale: Type.Optional(count('Something newer was there already')),
    filtered: Type.Optional(count('Needs no row')),
    removed: Type.Optional(count('Gone in the CRM: the row was treated as removed')),
    erased: Type.Optional(count('Erased for a person’s privacy')),
    waitsForErasure: Type.Optional(count('To be erased as soon as the CRM no longer has the record')),
    failed: Type.Optional(count('Failed; each is listed with the source’s failed records')),
  },
  { $id: 'DeliveryOutcome', description: 'What became of the records, in numbers; what is 0 is absent' },
);

export const DeliveryStateSchema = textEnum(['waiting', 'done', 'failed'], 'failed: done, but some of its records failed');

export const DeliverySchema = Type.Object(
  {
    id: Type.Integer({ description: 'Later deliveries have greater ones' }),
    deliveryKey: Type.String({ description: 'The CRM’s own id of it, or made of what it signed' }),
    hook,
    state: DeliveryStateSchema,
    trust: textEnum(['full', 'hint'], 'hint: it showed a secret and signed nothing, so it only said where to look'),
    secret: Type.Optional(Type.String({ description: 'The setting whose secret proved it' })),
    receivedOn: instant('When it came'),
    happenedOn: Type.Optional(instant('When the newest of what it tells happened in the CRM')),
    doneOn: Type.Optional(instant('When what it tells was written and recorded')),
    tookMilliseconds: Type.Optional(count('From receipt to done')),
    lagMilliseconds: Type.Optional(count('From what happened in the CRM to done')),
    repeats: count('How often it came again; a repeat does nothing'),
    repeatedOn: Type.Optional(instant('When it last came again')),
    replayedOn: Type.Optional(instant('When somebody had it handled again')),
    records: count('Records that it names'),
    outcome: Type.Optional(DeliveryOutcomeSchema),
    problem: Type.Optional(
      Type.Object({ code: Type.String(), help: Type.String() }, { description: 'Why it waits: what its last try ended with' }),
    ),
  },
  { $id: 'Delivery' },
);

export const DeliveryDetailSchema = Type.Object(
  {
    delivery: DeliverySchema,
    events: Type.Array(
      Type.Object({
        table: TableNameSchema,
        action: textEnum(['upsert', 'delete', 'merge', 'relink', 'erase'], 'What the CRM says that happened'),
        recordIds: Type.Array(Type.String(), { description: 'Ids in the CRM' }),
        happenedOn: Type.Optional(instant('When it happened in the CRM')),
      }),
    ),
  },
  { $id: 'DeliveryDetail' },
);

export const DeliveriesSchema = Type.Object(
  {
    sourceId: Type.String(),
    webhooks: WebhookHealthSchema,
    deliveries: Type.Array(DeliverySchema, { description: 'Newest first, a page of those that the query names' }),
    nextBefore: Type.Optional(Type.Integer({ description: 'Ask with it for the next page' })),
  },
  { $id: 'Deliveries' },
);

export const ReplayDeliveriesSchema = Type.Object(
  {
    ids: Type.Optional(Type.Array(Type.Integer({ minimum: 1 }), { minItems: 1, maxItems: 500, description: 'Only these' })),
    from: Type.Optional(givenInstant('Only those that came then or later')),
    to: Type.Optional(givenInstant('Only those that came before')),
    hook: Type.Optional(Type.String({ maxLength: 40, description: 'Only of this webhook; empty: of the main one' })),
    failed: Type.Optional(Type.Boolean({ description: 'Only those with failed records' })),
  },
  { $id: 'ReplayDeliveries', additionalProperties: false, description: '`ids` or `from` is needed' },
);

export const ReplayedDeliveriesSchema = Type.Object(
  {
    replayed: count('Are handled again now'),
    withoutPayload: count('Are not: their records came along and were forgotten when they were written'),
  },
  { $id: 'ReplayedDeliveries' },
);

export type LagBody = Static<typeof LagSchema>;
export type WebhookHookBody = Static<typeof WebhookHookSchema>;
export type WebhookHealthBody = Static<typeof WebhookHealthSchema>;
export type DeliveryBody = Static<typeof DeliverySchema>;
export type DeliveryDetailBody = Static<typeof DeliveryDetailSchema>;
export type DeliveriesBody = Static<typeof DeliveriesSchema>;
export type ReplayDeliveriesBody = Static<typeof ReplayDeliveriesSchema>;
export type ReplayedDeliveriesBody = Static<typeof ReplayedDeliveriesSchema>;
