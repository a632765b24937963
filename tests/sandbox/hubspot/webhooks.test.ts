/** Pages: https://developers.hubspot.com/docs/api-reference/latest/webhooks/guide, …/authentication/request-validation */
import { hubSpotSandbox } from '../../../api/sandbox/src/hubspot/identity.ts';
import { signV3 } from '../../../api/sandbox/src/hubspot/webhook-signature.ts';
import { handClock } from '../support/hand-clock.ts';
import { type OpenReceiver, type ScriptedReply, openReceiver } from '../support/webhook-receiver.ts';
import { type OpenHubSpot, openHubSpot } from './hubspot.ts';

const clock = handClock('2026-05-01T10:00:00.000Z');
let crm: OpenHubSpot;
let receiver: OpenReceiver;

const developer = `hapikey=${hubSpotSandbox.developerApiKey}`;
const app = `/webhooks/v3/${hubSpotSandbox.appId}`;

type Notification = Readonly<Record<string, unknown>>;
const eventsIn = (body: string) => JSON.parse(body) as readonly Notification[];

const open = async (replies: readonly ScriptedReply[] = []): Promise<void> => {
  receiver = await openReceiver(replies);
  crm = await openHubSpot({ contacts: 300, accounts: 5, now: clock.now, webhookRetryDelaysMs: [1, 1, 1] });
  await crm.ask('PUT', `${app}/settings?${developer}`, { targetUrl: receiver.url, throttling: { maxConcurrentRequests: 10 } });
};
const subscribe = (eventType: string, propertyName?: string) =>
  crm.ask<{ id: string }>('POST', `${app}/subscriptions?${developer}`, {
    eventType,
    active: true,
    ...(propertyName === undefined ? {} : { propertyName }),
  });

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

describe('HubSpot’s signature, version 3', () => {
  it('is what the documented example gives', async () => {
    await open();
    const request = { method: 'POST', url: 'https://www.example.com/webhook_uri', body: "{'example_field':'example_value'}" };
    const secret = 'yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy';
    expect(signV3(secret, { ...request, timestampMs: 1693657560000 })).toBe('K36dawei4A+QBNolUOqo7s91KQDWQ5MXZ/QufNYuk/Y=');
    expect(signV3(secret, { ...request, timestampMs: 1700000300000 })).toBe('RnbPH7+UMKVkbV32P8bz450N4M56aPmcru1+D3kSDtw=');
    const escaped = { ...request, url: 'https://www.example.com/a?b=%2Fc%3a%20d', timestampMs: 1 };
    expect(signV3(secret, escaped)).toBe(signV3(secret, { ...escaped, url: 'https://www.example.com/a?b=/c:%20d' }));
  });
});

describe('HubSpot’s webhooks', () => {
  it('come as an array of events, signed over method, address, body and time', async () => {
    await open();
    await subscribe('contact.propertyChange', 'phone');
    await crm.ask('PATCH', '/crm/v3/objects/contacts/151', { properties: { phone: '1', city: 'Bonn' } });
    const [message] = await receiver.untilReceived(1);
    const timestampMs = clock.now().getTime();
    expect(eventsIn(message?.body ?? '')).toEqual([
      {
        eventId: expect.any(Number),
        subscriptionId: expect.any(Number),
        portalId: 62515,
        appId: 1160452,
        occurredAt: timestampMs,
        subscriptionType: 'contact.propertyChange',
        attemptNumber: 0,
        objectId: 151,
        changeSource: 'API',
        propertyName: 'phone',
        propertyValue: '1',
      },
    ]);
    expect(message?.headers['x-hubspot-request-timestamp']).toBe(String(timestampMs));
    expect(message?.headers['x-hubspot-signature-v3']).toBe(
      signV3(hubSpotSandbox.clientSecret, { method: 'POST', url: receiver.url, body: message?.body ?? '', timestampMs }),
    );
  });

  it('hold at most 100 events each', async () => {
    await open();
    await subscribe('contact.propertyChange', 'phone');
    await crm.ask('POST', '/sandbox/mass-update', { table: 'contacts', count: 250 });
    const messages = await receiver.untilReceived(3);
    expect(messages.map(({ body }) => eventsIn(body).length).toSorted((a, b) => a - b)).toEqual([50, 100, 100]);
  });

  it('are sent again under a higher attemptNumber, with a signature of their own, until they are taken', async () => {
    await open([500, 404]);
    await subscribe('contact.deletion');
    await crm.ask('DELETE', '/crm/v3/objects/contacts/151');
    const messages = await receiver.untilReceived(3);
    expect(messages.map(({ body }) => eventsIn(body)[0]?.attemptNumber)).toEqual([0, 1, 2]);
    expect(new Set(messages.map(({ headers }) => headers['x-hubspot-signature-v3'])).size).toBe(3);
    expect(await restingStatistics()).toEqual({ waiting: 0, delivered: 1, failed: 0 });
  });

  it('tell of creation, deletion, merge, privacy deletion and association, each in its own shape', async () => {
    await open();
    for (const type of ['creation', 'deletion', 'merge', 'privacyDeletion', 'associationChange']) await subscribe(`contact.${type}`);
    await subscribe('company.merge');
    const { body: created } = await crm.ask<{ id: string }>('POST', '/crm/v3/objects/contacts', { properties: { firstname: 'New' } });
    await crm.ask('POST', '/crm/v3/objects/contacts/merge', { primaryObjectId: '151', objectIdToMerge: '201' });
    await crm.ask('POST', '/crm/v3/objects/contacts/gdpr-delete', { objectId: created.id });
    const [one, other] = (await crm.page('/crm/v3/objects/companies?limit=2')).results.map(({ id }) => id);
    await crm.ask('PUT', `/crm/v4/objects/contacts/251/associations/default/companies/${other}`);
    await crm.ask('POST', '/crm/v3/objects/companies/merge', { primaryObjectId: one, objectIdToMerge: other });
    await restingStatistics();
    const events = receiver.messages.flatMap(({ body }) => eventsIn(body));
    const told = (type: string) => events.filter(({ subscriptionType }) => subscriptionType === type);
    expect(told('contact.creation')).toEqual([expect.objectContaining({ objectId: Number(created.id) })]);
    expect(told('contact.merge')).toEqual([expect.objectContaining({ primaryObjectId: 151, mergedObjectIds: [201], newObjectId: 151 })]);
    expect(told('contact.privacyDeletion')).toHaveLength(1);
    expect(told('contact.deletion')).toEqual([expect.objectContaining({ objectId: Number(created.id) })]);
    expect(told('contact.associationChange')).toEqual([
      expect.objectContaining({
        associationType: 'CONTACT_TO_COMPANY',
        fromObjectId: 251,
        toObjectId: Number(other),
        associationRemoved: false,
      }),
    ]);
    const [merge] = told('company.merge');
    expect(merge?.mergedObjectIds).toEqual([Number(one), Number(other)]);
    expect(merge?.newObjectId).not.toBe(Number(one));
  });

  it('come only for subscriptions that are active, and are managed with the developer’s key or token alone', async () => {
    await open();
    const { body } = await subscribe('contact.deletion');
    expect((await crm.get(`${app}/subscriptions`)).status).toBe(401);
    const { access_token } = (await (
      await crm.form('/oauth/v3/token', {
        client_id: hubSpotSandbox.clientId,
        client_secret: hubSpotSandbox.clientSecret,
        grant_type: 'client_credentials',
        scope: 'developer',
      })
    ).json()) as { access_token: string };
    const listed = await crm.ask<{ results: readonly { id: string }[] }>(
      'GET',
      `/app-webhooks/2026-09/${hubSpotSandbox.appId}/subscriptions`,
      undefined,
      access_token,
    );
    expect(listed.body.results.map(({ id }) => id)).toEqual([body.id]);
    await crm.ask('PATCH', `${app}/subscriptions/${body.id}?${developer}`, { active: false });
    await crm.ask('DELETE', '/crm/v3/objects/contacts/151');
    expect(await restingStatistics()).toEqual({ waiting: 0, delivered: 0, failed: 0 });
    expect((await crm.ask('DELETE', `${app}/subscriptions/${body.id}?${developer}`)).status).toBe(204);
    expect((await crm.get(`${app}/subscriptions/${body.id}?${developer}`)).status).toBe(404);
  });

  it('cannot be had for the change of “last modified”: every property is named', async () => {
    await open();
    expect((await subscribe('contact.propertyChange', 'lastmodifieddate')).status).toBe(400);
    expect((await subscribe('company.propertyChange', 'hs_lastmodifieddate')).status).toBe(400);
    expect((await subscribe('contact.propertyChange')).status).toBe(400);
    expect((await subscribe('company.propertyChange', 'name')).status).toBe(201);
  });
});
