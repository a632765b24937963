import { createHmac } from 'node:crypto';
import { address, golden, judge, openInBox } from './support.ts';

const nowMs = Date.UTC(2026, 10, 2, 9, 30);
const secret = 'a-secret-that-is-long-enough';

const fromHubSpot = async (events: readonly object[]) => {
  const connector = await openInBox('hubspot', { settings: { webhookSecret: secret }, nowMs });
  const body = JSON.stringify(events.map((event) => ({ portalId: 62515, occurredAt: nowMs - 4_000, ...event })));
  const signature = createHmac('sha256', secret).update(`POST${address}${body}${nowMs}`).digest('base64');
  const headers = { 'x-hubspot-signature-v3': signature, 'x-hubspot-request-timestamp': String(nowMs) };
  return judge(connector, { headers, body }, nowMs).events;
};

const fromStandardWebhooks = async (connectorId: string, event: object) => {
  const connector = await openInBox(connectorId, { settings: { webhookSecret: golden.secret }, nowMs });
  const body = JSON.stringify(event);
  const seconds = Math.floor(nowMs / 1000);
  const key = Buffer.from(golden.secret.slice('whsec_'.length), 'base64');
  const signature = createHmac('sha256', key).update(`msg_1.${seconds}.${body}`).digest('base64');
  const headers = { 'webhook-id': 'msg_1', 'webhook-timestamp': String(seconds), 'webhook-signature': `v1,${signature}` };
  return judge(connector, { headers, body }, nowMs).events;
};

describe('what the CRMs in the box post means', () => {
  it.each([
    ['contact.privacyDeletion', { objectId: 7 }, 'erase', ['7']],
    ['contact.deletion', { objectId: 7 }, 'delete', ['7']],
    ['contact.merge', { primaryObjectId: 7, mergedObjectIds: [8, 9], newObjectId: 10 }, 'merge', ['7', '8', '9', '10']],
    ['contact.associationChange', { fromObjectId: 7, toObjectId: 1 }, 'relink', ['7']],
    ['contact.propertyChange', { objectId: 7, propertyName: 'email' }, 'upsert', ['7']],
  ])('HubSpot’s %s with %j is %s of %j, and says when it happened', async (subscriptionType, event, action, recordIds) => {
    expect(await fromHubSpot([{ subscriptionType, ...event }])).toEqual([
      { table: 'contact', action, recordIds, occurredOnMs: nowMs - 4_000 },
    ]);
  });

  it.each([
    ['merge', 'merge', ['001A000000AbCdEIAV', '001A000000XyZaBIAV']],
    ['delete', 'delete', ['001A000000AbCdEIAV']],
    ['update', 'upsert', ['001A000000AbCdEIAV']],
  ])('Salesforce’s %s is %s, with the one that stayed where records were merged', async (op, action, recordIds) => {
    const [gone, stayed] = ['001A000000AbCdEIAV', '001A000000XyZaBIAV'];
    const event = { sobject: 'Account', op, ids: [gone], occurredAt: nowMs - 4_000, ...(op === 'merge' ? { masterIds: [stayed] } : {}) };
    const [told] = await fromStandardWebhooks('salesforce', event);
    expect(told).toMatchObject({ table: 'account', action, occurredOnMs: nowMs - 4_000 });
    expect(told?.recordIds).toEqual(recordIds);
  });

  it('ServiceNow says when a record was changed, so that the lag can be told', async () => {
    const event = { operation: 'update', table: 'customer_contact', sys_id: '0'.repeat(31).concat('a'), occurredAt: nowMs - 4_000 };
    expect(await fromStandardWebhooks('servicenow', event)).toMatchObject([{ table: 'contact', occurredOnMs: nowMs - 4_000 }]);
  });
});
