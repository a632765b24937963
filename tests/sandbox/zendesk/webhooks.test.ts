/** Pages: https://developer.zendesk.com/documentation/webhooks/verifying/, …/api-reference/webhooks/introduction/, …/event-types/user-events/ */
import { sign, testingSecret } from '../../../api/sandbox/src/zendesk/webhook-signature.ts';
import { handClock } from '../support/hand-clock.ts';
import { type OpenReceiver, type ScriptedReply, openReceiver } from '../support/webhook-receiver.ts';
import { type OpenZendesk, openZendesk } from './zendesk.ts';

const clock = handClock('2026-05-01T10:00:00.000Z');
let crm: OpenZendesk;
let receiver: OpenReceiver;

interface Event {
  readonly type: string;
  readonly subject: string;
  readonly detail: Readonly<Record<string, unknown>>;
  readonly event: Readonly<Record<string, unknown>>;
}

const eventIn = ({ body }: { readonly body: string }) => JSON.parse(body) as Event;

const open = async (replies: readonly ScriptedReply[] = []): Promise<void> => {
  receiver = await openReceiver(replies);
  crm = await openZendesk({ contacts: 20, now: clock.now, webhookRetryDelaysMs: [1, 1, 1] });
};
const subscribe = async (...types: readonly string[]) => {
  const subscriptions = types.map((type) => `zen:event-type:${type}`);
  const values = { name: 'Sync', endpoint: receiver.url, http_method: 'POST', request_format: 'json', status: 'active', subscriptions };
  const { status, body } = await crm.ask<{ webhook: { id: string } }>('POST', '/api/v2/webhooks', { webhook: values });
  expect(status).toBe(201);
  return body.webhook.id;
};
const secretOf = async (id: string) =>
  (await crm.get<{ signing_secret: { secret: string } }>(`/api/v2/webhooks/${id}/signing_secret`)).body.signing_secret.secret;
const change = async (user: object) => {
  const [id] = await crm.endUserIds(1);
  await crm.ask('PUT', `/api/v2/users/${id}`, { user });
  return id;
};
const restingStatistics = async (): Promise<unknown> => {
  for (;;) {
    const { webhooks } = (await crm.get<{ webhooks: { waiting: number } }>('/sandbox/statistics')).body;
    if (webhooks.waiting === 0) return webhooks;
  }
};

afterEach(async () => {
  await crm.close();
  await receiver.close();
});

describe('Zendesk’s webhooks', () => {
  it('are signed over time and body with the secret as it is written', async () => {
    await open();
    // The vector of the page on verifying.
    expect(sign(testingSecret, { timestamp: '2021-03-25T05:09:27Z', body: '{"event":"ticket.updated","id":123}' })).toBe(
      'S/RDdU2ERmj7LHDDoWJ2onPYH+t7/f2+LTM4dL7UiLM=',
    );
    const webhook = await subscribe('user.name_changed');
    await change({ name: 'New Name' });
    const [message] = await receiver.untilReceived(1);
    const timestamp = '2026-05-01T10:00:00Z';
    expect(message?.headers).toMatchObject({
      'x-zendesk-account-id': '22129848',
      'x-zendesk-webhook-id': webhook,
      'x-zendesk-webhook-signature-timestamp': timestamp,
      'x-zendesk-webhook-signature': sign(await secretOf(webhook), { timestamp, body: message?.body ?? '' }),
    });
  });

  it('tell one thing that changed each, with ids as text', async () => {
    await open();
    await subscribe('user.name_changed', 'user.custom_field_changed', 'user.identity_changed');
    const id = await change({ name: 'New Name', phone: '+15550100', user_fields: { city: 'Bonn' }, details: 'nobody hears of these' });
    const events = (await receiver.untilReceived(3)).map(eventIn);
    expect(events.map(({ type }) => type).toSorted()).toEqual([
      'zen:event-type:user.custom_field_changed',
      'zen:event-type:user.identity_changed',
      'zen:event-type:user.name_changed',
    ]);
    expect(events.find(({ type }) => type.endsWith('name_changed'))).toMatchObject({
      account_id: 22_129_848,
      zendesk_event_version: '2022-06-20',
      subject: `zen:user:${id}`,
      detail: { id: String(id), role: 'end-user' },
      event: { current: 'New Name', previous: 'Maria Anders' },
    });
    expect(events.find(({ type }) => type.endsWith('field_changed'))?.event).toMatchObject({ current: 'Bonn', previous: 'Berlin' });
  });

  it('tell of creation, deletion, merge and memberships', async () => {
    await open();
    await subscribe(
      'user.created',
      'user.deleted',
      'user.active_changed',
      'user.merged',
      'user.organization_membership_deleted',
      'organization.deleted',
    );
    await crm.ask('POST', '/api/v2/users', { user: { name: 'New' } });
    const [deleted, loser, winner] = await crm.endUserIds(3);
    await crm.ask('DELETE', `/api/v2/users/${deleted}`);
    await crm.ask('PUT', `/api/v2/users/${loser}/merge`, { user: { id: winner } });
    const { organizations } = (await crm.get<{ organizations: { id: number }[] }>('/api/v2/organizations?page[size]=1')).body;
    await crm.ask('DELETE', `/api/v2/organizations/${organizations[0]?.id}`);
    await restingStatistics();
    const events = receiver.messages.map(eventIn);
    expect(events.map(({ type }) => type.replace('zen:event-type:', '')).toSorted()).toEqual([
      'organization.deleted',
      'user.active_changed',
      'user.created',
      'user.deleted',
      'user.merged',
    ]);
    expect(events.find(({ type }) => type.endsWith('user.merged'))).toMatchObject({
      subject: `zen:user:${loser}`,
      event: { user: { id: String(winner) } },
    });
  });

  it('say nothing of an organization’s domains, details and notes', async () => {
    await open();
    await subscribe(
      'organization.name_changed',
      'organization.custom_field_changed',
      'organization.tags_changed',
      'organization.external_id_changed',
    );
    const { organizations } = (await crm.get<{ organizations: { id: number }[] }>('/api/v2/organizations?page[size]=1')).body;
    const organization = { domain_names: ['example.com'], details: 'a', notes: 'b' };
    await crm.ask('PUT', `/api/v2/organizations/${organizations[0]?.id}`, { organization });
    expect(await restingStatistics()).toEqual({ waiting: 0, delivered: 0, failed: 0 });
  });

  it('may spell some types with a slash, as the list of types does', async () => {
    await open();
    await subscribe('user.identity_changed');
    await crm.ask('PATCH', '/sandbox/settings', { eventSpelling: 'slash' });
    await change({ phone: '+15550100' });
    const [message] = await receiver.untilReceived(1);
    expect(message && eventIn(message).type).toBe('zen:event-type/user.identity_changed');
  });
});

describe('deliveries that fail', () => {
  it('are repeated after 409, and after 503 with a Retry-After under a minute, under one invocation id', async () => {
    await open([409, { status: 503, headers: { 'retry-after': '0' } }, 200]);
    await subscribe('user.name_changed');
    await change({ name: 'New Name' });
    const messages = await receiver.untilReceived(3);
    expect(new Set(messages.map(({ headers }) => headers['x-zendesk-webhook-invocation-id'])).size).toBe(1);
    expect(await restingStatistics()).toEqual({ waiting: 0, delivered: 1, failed: 0 });
  });

  it.each([
    ['500', 500],
    ['404', 404],
    ['503 that does not say when', 503],
    ['429 that asks for a minute', { status: 429, headers: { 'retry-after': '60' } }],
  ])('are lost after %s', async (_what, reply) => {
    await open([reply]);
    await subscribe('user.name_changed');
    await change({ name: 'New Name' });
    expect(await restingStatistics()).toEqual({ waiting: 0, delivered: 0, failed: 1 });
    expect(receiver.messages).toHaveLength(1);
  });

  it('open the circuit when 70 % of them failed: for a while nothing is sent', async () => {
    await open(Array.from({ length: 10 }, () => 500));
    await subscribe('user.name_changed');
    for (let index = 0; index < 10; index += 1) {
      await change({ name: `Name ${index}` });
      await restingStatistics();
    }
    await change({ name: 'Lost' });
    expect(await restingStatistics()).toEqual({ waiting: 0, delivered: 0, failed: 11 });
    expect(receiver.messages).toHaveLength(10);
    clock.passMs(5_000);
    await change({ name: 'Sent again' });
    expect(await restingStatistics()).toEqual({ waiting: 0, delivered: 1, failed: 11 });
  });
});

describe('managing webhooks', () => {
  it('lists, changes, switches off and deletes them, and can make a new secret', async () => {
    await open();
    const id = await subscribe('user.name_changed');
    expect(
      (await crm.get<{ webhooks: { id: string }[] }>('/api/v2/webhooks?page[size]=10')).body.webhooks.map((webhook) => webhook.id),
    ).toEqual([id]);
    const secret = await secretOf(id);
    await crm.ask('POST', `/api/v2/webhooks/${id}/signing_secret`);
    expect(await secretOf(id)).not.toBe(secret);
    expect((await crm.ask('PATCH', `/api/v2/webhooks/${id}`, { webhook: { status: 'inactive' } })).status).toBe(204);
    await change({ name: 'New Name' });
    expect(await restingStatistics()).toEqual({ waiting: 0, delivered: 0, failed: 0 });
    expect((await crm.ask('DELETE', `/api/v2/webhooks/${id}`)).status).toBe(204);
    expect((await crm.get(`/api/v2/webhooks/${id}`)).status).toBe(404);
  });

  it('tries an address out with the secret that everybody knows', async () => {
    await open();
    await crm.ask('POST', '/api/v2/webhooks/test', { request: { endpoint: receiver.url, payload: '{"test":true}' } });
    const [message] = await receiver.untilReceived(1);
    const timestamp = String(message?.headers['x-zendesk-webhook-signature-timestamp']);
    expect(message?.headers['x-zendesk-webhook-signature']).toBe(sign(testingSecret, { timestamp, body: '{"test":true}' }));
  });
});
