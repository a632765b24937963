import { testingSecret } from '../../../../api/sandbox/src/zendesk/webhook-signature.ts';
import type { SourceConnector } from '../../../../api/src/crm/types.ts';
import type { VerifiedDelivery } from '../../../../api/src/crm/webhook/types.ts';
import { type OpenReceiver, openReceiver } from '../../../sandbox/support/webhook-receiver.ts';
import { apiToken, type StartedZendesk, startZendesk } from './open-zendesk.ts';

const types = [
  'user.name_changed',
  'user.deleted',
  'user.merged',
  'organization.created',
  'organization.name_changed',
  'organization.deleted',
];

let crm: StartedZendesk;
let receiver: OpenReceiver;
let connector: SourceConnector;

beforeEach(async () => {
  receiver = await openReceiver();
  crm = await startZendesk({ contacts: 5 });
  const webhook = {
    name: 'CRM Sync',
    endpoint: receiver.url,
    http_method: 'POST',
    request_format: 'json',
    status: 'active',
    subscriptions: types.map((type) => `zen:event-type:${type}`),
  };
  const { body } = await crm.ask<{ webhook: { id: string } }>('POST', '/api/v2/webhooks', { webhook });
  const secret = await crm.get<{ signing_secret: { secret: string } }>(`/api/v2/webhooks/${body.webhook.id}/signing_secret`);
  connector = await crm.connect({ ...apiToken, webhookSecret: secret.body.signing_secret.secret });
});
afterEach(async () => {
  await crm.close();
  await receiver.close();
});

const verify = ({ headers, body }: { readonly headers: object; readonly body: string }, change = ''): VerifiedDelivery => {
  if (connector.webhook === null) throw new Error('no webhook');
  const rawBody = Buffer.from(`${body}${change}`);
  return connector.webhook.verify({ method: 'POST', url: receiver.url, headers: { ...headers }, rawBody }, crm.nowMs());
};

const deliveryAfter = async (count: number, act: () => Promise<unknown>): Promise<VerifiedDelivery> => {
  await act();
  const message = (await receiver.untilReceived(count)).at(-1);
  if (message === undefined) throw new Error('nothing came');
  return verify(message);
};

describe('Zendesk’s webhooks', () => {
  it('tell of users: changed, deleted, and both of a merge, however the type is spelt', async () => {
    const [first, second, third] = (await crm.endUserIds(3)).map(String);
    const changed = await deliveryAfter(1, () => crm.ask('PUT', `/api/v2/users/${first}`, { user: { name: 'New Name' } }));
    expect(changed.events).toEqual([{ table: 'contact', recordIds: [first], action: 'upsert', occurredOnMs: crm.nowMs() }]);
    const deleted = await deliveryAfter(2, () => crm.ask('DELETE', `/api/v2/users/${third}`));
    expect(deleted.events).toEqual([{ table: 'contact', recordIds: [third], action: 'delete', occurredOnMs: crm.nowMs() }]);
    await crm.ask('PATCH', '/sandbox/settings', { eventSpelling: 'slash' });
    const merged = await deliveryAfter(3, () => crm.ask('PUT', `/api/v2/users/${first}/merge`, { user: { id: second } }));
    expect(merged.events).toEqual([{ table: 'contact', recordIds: [first, second], action: 'merge', occurredOnMs: crm.nowMs() }]);
    expect(new Set([changed.deliveryId, deleted.deliveryId, merged.deliveryId]).size).toBe(3);
  });

  it('tell of organizations: made, changed, deleted', async () => {
    const made = await deliveryAfter(1, () => crm.ask('POST', '/api/v2/organizations', { organization: { name: 'New' } }));
    const id = made.events[0]?.recordIds[0] ?? '';
    expect(made.events).toEqual([{ table: 'account', recordIds: [id], action: 'upsert', occurredOnMs: crm.nowMs() }]);
    const changed = await deliveryAfter(2, () => crm.ask('PUT', `/api/v2/organizations/${id}`, { organization: { name: 'Newer' } }));
    expect(changed.events).toEqual([{ table: 'account', recordIds: [id], action: 'upsert', occurredOnMs: crm.nowMs() }]);
    const deleted = await deliveryAfter(3, () => crm.ask('DELETE', `/api/v2/organizations/${id}`));
    expect(deleted.events).toEqual([{ table: 'account', recordIds: [id], action: 'delete', occurredOnMs: crm.nowMs() }]);
  });

  it('are refused when changed, old, or signed with the secret of test deliveries, which anybody knows', async () => {
    const [first] = await crm.endUserIds(1);
    await crm.ask('PUT', `/api/v2/users/${first}`, { user: { name: 'New Name' } });
    const [message] = await receiver.untilReceived(1);
    if (message === undefined) throw new Error('nothing came');
    const refused = expect.objectContaining({ code: 'webhook.unauthorised' });
    expect(() => verify(message, ' ')).toThrow(refused);
    crm.passMs(6 * 60_000);
    expect(() => verify(message)).toThrow(refused);
    await expect(crm.connect({ ...apiToken, webhookSecret: testingSecret })).rejects.toMatchObject({ code: 'source.settings_invalid' });
  });
});
