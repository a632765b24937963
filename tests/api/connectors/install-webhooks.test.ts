import { hubSpotSandbox } from '../../../api/sandbox/src/hubspot/identity.ts';
import { northwindApiKey as apiKey } from '../../../api/sandbox/src/northwind/server.ts';
import { zendeskSandbox } from '../../../api/sandbox/src/zendesk/identity.ts';
import type { Manifest } from '../../../api/src/crm/manifest/schema/manifest.ts';
import { type OpenHubSpot, openHubSpot } from '../../sandbox/hubspot/hubspot.ts';
import { openNorthwind } from '../../sandbox/northwind/northwind.ts';
import type { Message } from '../../sandbox/support/webhook-receiver.ts';
import { client, openZendesk } from '../../sandbox/zendesk/zendesk.ts';
import { createMemoryCredentials } from '../crm/support/memory-credentials.ts';
import { install, place, received, requestOf, webhookScene } from './support/webhook-scene.ts';

const signal = new AbortController().signal;
const { clock, nowMs, closing, open, openReceiver } = webhookScene();

const outcomes = (changes: readonly { readonly outcome: string }[]): readonly string[] => [
  ...new Set(changes.map(({ outcome }) => outcome)),
];

describe('Zendesk’s webhook, over its API', () => {
  const signIn = { clientId: client.client_id, clientSecret: client.client_secret };
  type Webhooks = { readonly webhooks: readonly { readonly id: string; readonly endpoint: string; readonly status: string }[] };

  it('is made once, mended where it differs, and taken away without touching anybody else’s', async () => {
    const crm = closing(await openZendesk({ now: clock.now, contacts: 3 }));
    const connector = await open({ id: 'zendesk', settings: { address: crm.url, ...signIn } });
    const address = 'https://sync.example.com/webhooks/crm';
    const others = {
      name: 'Others',
      endpoint: 'https://others.example.com/',
      http_method: 'POST',
      request_format: 'json',
      status: 'active',
    };
    await crm.ask('POST', '/api/v2/webhooks', { webhook: { ...others, subscriptions: [] } });
    expect(await connector.webhookSetup.list(place(address), signal)).toEqual([{ what: 'webhook', item: null, state: 'missing' }]);
    expect(await install(connector, address)).toEqual([{ what: 'webhook', item: null, outcome: 'made' }]);
    expect(await install(connector, address)).toEqual([{ what: 'webhook', item: null, outcome: 'kept' }]);
    const webhooks = async () => (await crm.get<Webhooks>('/api/v2/webhooks')).body.webhooks;
    const ours = (await webhooks()).filter(({ endpoint }) => endpoint === address);
    expect(ours).toHaveLength(1);
    // Somebody switches it off, and it was made twice: the answer to a creation was lost.
    await crm.ask('PATCH', `/api/v2/webhooks/${ours[0]?.id}`, { webhook: { status: 'inactive' } });
    await crm.ask('POST', '/api/v2/webhooks', { webhook: { ...others, endpoint: address, subscriptions: [] } });
    expect(await connector.webhookSetup.list(place(address), signal)).toMatchObject([{ state: 'differs' }]);
    expect(await install(connector, address)).toMatchObject([{ outcome: 'changed' }]);
    expect((await webhooks()).filter(({ endpoint }) => endpoint === address)).toMatchObject([{ status: 'active' }]);
    expect(await connector.webhookSetup.remove(place(address), signal)).toMatchObject([{ outcome: 'removed' }]);
    expect(await connector.webhookSetup.remove(place(address), signal)).toMatchObject([{ outcome: 'absent' }]);
    expect(await webhooks()).toMatchObject([{ endpoint: others.endpoint }]);
  });

  it('is signed with the secret that Zendesk made, which every process on the same store believes from then on, and none any more once it is gone', async () => {
    const crm = closing(await openZendesk({ now: clock.now, contacts: 3 }));
    const receiver = await openReceiver();
    const source = { id: 'zendesk', settings: { address: crm.url, ...signIn }, credentials: createMemoryCredentials() };
    const [installing, receiving] = [await open(source), await open(source)];
    const judge = async (message: Parameters<typeof requestOf>[0]) =>
      receiving.webhook?.verifyWithStored?.(requestOf(message, receiver.url), nowMs());
    const refused = expect.objectContaining({ code: 'webhook.unauthorised' });
    const forged = {
      headers: { 'x-zendesk-webhook-signature': 'AAAA', 'x-zendesk-webhook-signature-timestamp': clock.now().toISOString() },
      body: '{}',
    };
    await expect(judge(forged)).rejects.toEqual(refused);
    await install(installing, receiver.url);
    const { body } = await crm.get<{ users: readonly { id: number }[] }>('/api/v2/users?role=end-user');
    const id = String(body.users[0]?.id);
    await crm.ask('PUT', `/api/v2/users/${id}`, { user: { name: 'New Name' } });
    const message = await received(receiver, 1);
    // The store is asked again at most once a second, however many forged deliveries come.
    clock.passMs(1_000);
    expect(await judge(message)).toMatchObject({ trust: 'full', events: [{ table: 'contact', recordIds: [id] }] });
    await expect(judge({ ...message, body: `${message.body} ` })).rejects.toEqual(refused);
    // Made anew by an admin in Zendesk: install reads it again.
    const { body: listed } = await crm.get<Webhooks & { readonly webhooks: readonly { id: string }[] }>('/api/v2/webhooks');
    await crm.ask('POST', `/api/v2/webhooks/${listed.webhooks[0]?.id}/signing_secret`);
    await crm.ask('PUT', `/api/v2/users/${id}`, { user: { name: 'Newer Name' } });
    const later = await received(receiver, 2);
    clock.passMs(1_000);
    await expect(judge(later)).rejects.toEqual(refused);
    await install(installing, receiver.url);
    clock.passMs(1_000);
    expect(await judge(later)).toMatchObject({ trust: 'full' });
    await installing.webhookSetup.remove(place(receiver.url), signal);
    clock.passMs(60_000);
    await expect(judge(later)).rejects.toEqual(refused);
  });

  it('needs an admin’s sign-in, and says what is lacking', async () => {
    const crm = closing(await openZendesk({ now: clock.now, settings: { callerRole: 'agent' } }));
    const { adminEmail: email, apiToken } = zendeskSandbox;
    const connector = await open({ id: 'zendesk', settings: { address: crm.url, signIn: 'token', email, apiToken } });
    await expect(install(connector, 'https://sync.example.com/')).rejects.toMatchObject({ code: 'crm.forbidden' });
  });
});

describe('HubSpot’s webhook, over its API', () => {
  const portal = { portalId: String(hubSpotSandbox.portalId), accessToken: hubSpotSandbox.privateAppToken };
  const app = {
    appId: String(hubSpotSandbox.appId),
    developerApiKey: hubSpotSandbox.developerApiKey,
    webhookSecret: hubSpotSandbox.clientSecret,
  };
  const api = `/app-webhooks/2026-09/${hubSpotSandbox.appId}`;
  const hapikey = `hapikey=${hubSpotSandbox.developerApiKey}`;
  let crm: OpenHubSpot;
  beforeEach(async () => {
    crm = closing(await openHubSpot({ contacts: 5, accounts: 2, now: clock.now, webhookRetryDelaysMs: [1] }));
  });
  const connect = (more: Readonly<Record<string, string>> = app) =>
    open({ id: 'hubspot', settings: { ...portal, address: crm.url, appAddress: crm.url, ...more } });
  const subscriptions = async () =>
    (
      await crm.get<{ results: readonly { id: string; eventType: string; propertyName?: string; active: boolean }[] }>(
        `${api}/subscriptions?${hapikey}`,
      )
    ).body.results;

  it('has one subscription for each event and each property that is mapped, made once and mended', async () => {
    const connector = await connect();
    const made = await install(connector, 'https://sync.example.com/webhooks/crm');
    expect(outcomes(made)).toEqual(['made']);
    const first = await subscriptions();
    expect(first.map(({ eventType, propertyName = '' }) => `${eventType} ${propertyName}`.trim())).toEqual(
      expect.arrayContaining(['company.propertyChange domain', 'contact.propertyChange email', 'contact.merge', 'contact.privacyDeletion']),
    );
    expect(first).toHaveLength(made.length - 1);
    expect(outcomes(await install(connector, 'https://sync.example.com/webhooks/crm'))).toEqual(['kept']);
    await crm.ask('PATCH', `${api}/subscriptions/${first[0]?.id}?${hapikey}`, { active: false });
    await crm.ask('DELETE', `${api}/subscriptions/${first[1]?.id}?${hapikey}`);
    const mended = await install(connector, 'https://sync.example.com/webhooks/crm');
    expect(mended.filter(({ outcome }) => outcome !== 'kept').map(({ outcome }) => outcome)).toEqual(['changed', 'made']);
    expect((await subscriptions()).every(({ active }) => active)).toBe(true);
    expect(outcomes(await connector.webhookSetup.remove(place('https://sync.example.com/webhooks/crm'), signal))).toEqual(['removed']);
    expect(await subscriptions()).toEqual([]);
  });

  it('is not taken from somebody else, unless that is asked for', async () => {
    const connector = await connect();
    await crm.ask('PUT', `${api}/settings?${hapikey}`, {
      targetUrl: 'https://others.example.com/',
      throttling: { maxConcurrentRequests: 3 },
    });
    await expect(install(connector, 'https://sync.example.com/')).rejects.toMatchObject({ code: 'webhook.taken' });
    expect(await subscriptions()).toEqual([]);
    expect((await connector.webhookSetup.list(place('https://sync.example.com/'), signal))[0]).toMatchObject({
      what: 'target address',
      state: 'others',
    });
    // Nor is anything of theirs removed.
    await crm.ask('POST', `${api}/subscriptions?${hapikey}`, { eventType: 'contact.creation', active: true });
    await expect(connector.webhookSetup.remove(place('https://sync.example.com/'), signal)).rejects.toMatchObject({
      code: 'webhook.taken',
    });
    expect(await subscriptions()).toHaveLength(1);
    expect(outcomes(await install(connector, 'https://sync.example.com/', true))).toEqual(['made', 'kept']);
    expect((await crm.get<{ targetUrl: string }>(`${api}/settings?${hapikey}`)).body.targetUrl).toBe('https://sync.example.com/');
  });

  it('is not made in another account than the source’s', async () => {
    const connector = await connect({ ...app, portalId: '1' });
    await expect(install(connector, 'https://sync.example.com/')).rejects.toMatchObject({ code: 'crm.other_tenant' });
    expect(await subscriptions()).toEqual([]);
  });

  it('one property that HubSpot refuses does not keep the others from being subscribed to', async () => {
    const adapt = (manifest: Manifest): Manifest => {
      const { contact } = manifest.tables;
      if (contact === undefined) throw new Error('no contacts');
      const map = [...(contact.map ?? []), { to: 'fax', from: 'properties.no_such_property' }];
      return { ...manifest, tables: { ...manifest.tables, contact: { ...contact, map } } };
    };
    const settings = { ...portal, ...app, address: crm.url, appAddress: crm.url };
    const changes = await install(await open({ id: 'hubspot', settings, adapt }), 'https://sync.example.com/');
    expect(changes.filter(({ outcome }) => outcome !== 'made')).toEqual([
      {
        what: 'property subscription',
        item: 'contact.propertyChange no_such_property',
        outcome: 'failed',
        problem: expect.stringContaining('400'),
      },
    ]);
  });

  it('needs the app’s id and its developer’s key, and names what is missing', async () => {
    const connector = await connect({});
    await expect(install(connector, 'https://sync.example.com/')).rejects.toMatchObject({
      code: 'webhook.not_by_api',
      message: expect.stringContaining('appId'),
    });
  });

  it('tells of changes, deletions, merges and privacy deletions, signed as version 3 wants it, and only of this account', async () => {
    const receiver = await openReceiver();
    const connector = await connect();
    await install(connector, receiver.url);
    const judge = (message: Message) => connector.webhook?.verify(requestOf(message, receiver.url), nowMs());
    const list = async (type: string) =>
      (await crm.get<{ results: readonly { id: string }[] }>(`/crm/objects/2026-09/${type}?limit=10`)).body.results.map(({ id }) => id);
    const [[one = '', two = '', three = '', four = ''], [company = '']] = [await list('contacts'), await list('companies')];
    const told = new Map<string, unknown>();
    let count = 0;
    const after = async (name: string, act: () => Promise<unknown>): Promise<void> => {
      await act();
      count += 1;
      const message = await received(receiver, count);
      told.set(name, judge(message)?.events);
      expect(() => judge({ ...message, body: message.body.replace('62515', '62516') })).toThrow();
    };
    await after('changed', () => crm.ask('PATCH', `/crm/objects/2026-09/contacts/${one}`, { properties: { phone: '030-1' } }));
    await after('company', () => crm.ask('PATCH', `/crm/objects/2026-09/companies/${company}`, { properties: { city: 'Bonn' } }));
    await after('deleted', () => crm.ask('DELETE', `/crm/objects/2026-09/contacts/${two}`));
    await after('erased', () => crm.ask('POST', '/crm/objects/2026-09/contacts/gdpr-delete', { objectId: three }));
    expect(Object.fromEntries(told)).toMatchObject({
      changed: [{ table: 'contact', recordIds: [one], action: 'upsert' }],
      company: [{ table: 'account', recordIds: [company], action: 'upsert' }],
      deleted: [{ table: 'contact', recordIds: [two] }],
      erased: expect.arrayContaining([expect.objectContaining({ table: 'contact', recordIds: [three] })]),
    });
    await after('merged', () => crm.ask('POST', '/crm/objects/2026-09/contacts/merge', { primaryObjectId: one, objectIdToMerge: four }));
    const merged = (told.get('merged') as readonly { readonly recordIds: readonly string[] }[]).flatMap(({ recordIds }) => recordIds);
    expect(merged).toEqual(expect.arrayContaining([one, four]));
  });
});

describe('Northwind’s webhook, over its API', () => {
  it('is added with our secret, once, and removed', async () => {
    const crm = closing(await openNorthwind({ contacts: 3, now: clock.now }));
    const hookSecret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
    const connector = await open({ id: 'northwind', settings: { baseUrl: crm.url, apiKey, hookSecret } });
    const receiver = await openReceiver();
    expect(await install(connector, receiver.url)).toEqual([{ what: 'hook', item: null, outcome: 'made' }]);
    expect(await install(connector, receiver.url)).toEqual([{ what: 'hook', item: null, outcome: 'kept' }]);
    await crm.ask('PATCH', '/api/v1/people/100001', { title: 'Owner' });
    const request = requestOf(await received(receiver, 1), receiver.url);
    expect(connector.webhook?.verify(request, nowMs())).toMatchObject({
      events: [{ table: 'contact', recordIds: ['100001'] }],
    });
    expect(await connector.webhookSetup.remove(place(receiver.url), signal)).toMatchObject([{ outcome: 'removed' }]);
    const withoutSecret = await open({ id: 'northwind', settings: { baseUrl: crm.url, apiKey } });
    await expect(install(withoutSecret, receiver.url)).rejects.toMatchObject({ code: 'webhook.not_by_api' });
  });

  it('a CRM whose API knows no webhooks says so, and what to do instead', async () => {
    const connector = await open({ id: 'salesforce', settings: { address: 'http://127.0.0.1:1', clientId: 'a', clientSecret: 'b' } });
    expect(connector.webhookSetup.isByApi).toBe(false);
    await expect(install(connector, 'https://sync.example.com/')).rejects.toMatchObject({
      code: 'webhook.not_by_api',
      help: expect.stringContaining('webhooks print'),
    });
  });
});
