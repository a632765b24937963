import { hubSpotSandbox } from '../../../api/sandbox/src/hubspot/identity.ts';
import { northwindApiKey as apiKey } from '../../../api/sandbox/src/northwind/server.ts';
import { zendeskSandbox } from '../../../api/sandbox/src/zendesk/identity.ts';
import { loadManifest } from '../../../api/src/crm/manifest/load-manifest.ts';
import { openConnector } from '../../../api/src/crm/open-connector.ts';
import type { CredentialStore } from '../../../api/src/crm/sign-in/types.ts';
import type { SourceConnector } from '../../../api/src/crm/types.ts';
import type { HookPlace, WebhookSetup } from '../../../api/src/crm/webhook/install/types.ts';
import { type OpenHubSpot, openHubSpot } from '../../sandbox/hubspot/hubspot.ts';
import { openNorthwind } from '../../sandbox/northwind/northwind.ts';
import { handClock } from '../../sandbox/support/hand-clock.ts';
import { openReceiver } from '../../sandbox/support/webhook-receiver.ts';
import { client, openZendesk } from '../../sandbox/zendesk/zendesk.ts';
import { createMemoryCredentials } from '../crm/support/memory-credentials.ts';

const clock = handClock('2026-05-01T10:00:00.000Z');
const nowMs = (): number => clock.now().getTime();
const signal = new AbortController().signal;
/** Waiting for a budget moves the time. */
const sleep = async (ms: number): Promise<void> => clock.passMs(ms);

/** Read once: that takes as long as most tests. */
const manifests = new Map<string, ReturnType<typeof loadManifest>>();
const manifestOf = (id: string): ReturnType<typeof loadManifest> => {
  const known = manifests.get(id) ?? loadManifest(`api/connectors/${id}/manifest.yaml`);
  manifests.set(id, known);
  return known;
};

/** Closed after each test, also after one that failed. */
const opened: { readonly close: () => Promise<void> }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});
const closing = <Opened extends { readonly close: () => Promise<void> }>(one: Opened): Opened => {
  opened.push(one);
  return one;
};

const open = async (
  id: string,
  settings: Readonly<Record<string, string>>,
  credentials: CredentialStore = createMemoryCredentials(),
): Promise<SourceConnector & { readonly webhookSetup: WebhookSetup }> => {
  const manifest = await manifestOf(id);
  const connector = openConnector({ manifest, source: { id, settings, allowPrivateNetwork: true }, clock: { nowMs }, credentials, sleep });
  const webhookSetup = connector.webhookSetups.get('');
  if (webhookSetup === undefined) throw new Error(`${id} has no webhook`);
  return { ...connector, webhookSetup };
};
const place = (address: string): HookPlace => ({ address, source: 'crm' });
const install = ({ webhookSetup }: { readonly webhookSetup: WebhookSetup }, address: string, isReplacing = false) =>
  webhookSetup.install(place(address), { isReplacing, signal });
const outcomes = (changes: readonly { readonly outcome: string }[]): readonly string[] => [
  ...new Set(changes.map(({ outcome }) => outcome)),
];

describe('Zendesk’s webhook, over its API', () => {
  const signIn = { clientId: client.client_id, clientSecret: client.client_secret };
  type Webhooks = { readonly webhooks: readonly { readonly id: string; readonly endpoint: string; readonly status: string }[] };

  it('is made once, mended where it differs, and taken away without touching anybody else’s', async () => {
    const crm = closing(await openZendesk({ now: clock.now, contacts: 3 }));
    const connector = await open('zendesk', { address: crm.url, ...signIn });
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
    const receiver = closing(await openReceiver());
    const credentials = createMemoryCredentials();
    const settings = { address: crm.url, ...signIn };
    const [installing, receiving] = [await open('zendesk', settings, credentials), await open('zendesk', settings, credentials)];
    const judge = async ({ headers, body }: { readonly headers: object; readonly body: string }) =>
      receiving.webhook?.verifyWithStored?.(
        { method: 'POST', url: receiver.url, headers: { ...headers }, rawBody: Buffer.from(body) },
        nowMs(),
      );
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
    const [message] = await receiver.untilReceived(1);
    if (message === undefined) throw new Error('nothing came');
    // The store is asked again at most once a second, however many forged deliveries come.
    clock.passMs(1_000);
    expect(await judge(message)).toMatchObject({ trust: 'full', events: [{ table: 'contact', recordIds: [id] }] });
    await expect(judge({ ...message, body: `${message.body} ` })).rejects.toEqual(refused);
    // Made anew by an admin in Zendesk: install reads it again.
    const { body: listed } = await crm.get<Webhooks & { readonly webhooks: readonly { id: string }[] }>('/api/v2/webhooks');
    await crm.ask('POST', `/api/v2/webhooks/${listed.webhooks[0]?.id}/signing_secret`);
    await crm.ask('PUT', `/api/v2/users/${id}`, { user: { name: 'Newer Name' } });
    const later = (await receiver.untilReceived(2))[1];
    if (later === undefined) throw new Error('nothing came');
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
    const connector = await open('zendesk', {
      address: crm.url,
      signIn: 'token',
      email: zendeskSandbox.adminEmail,
      apiToken: zendeskSandbox.apiToken,
    });
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
    open('hubspot', { ...portal, address: crm.url, appAddress: crm.url, ...more });
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
    const connector = await open('hubspot', { ...portal, ...app, portalId: '1', address: crm.url, appAddress: crm.url });
    await expect(install(connector, 'https://sync.example.com/')).rejects.toMatchObject({ code: 'crm.other_tenant' });
    expect(await subscriptions()).toEqual([]);
  });

  it('one property that HubSpot refuses does not keep the others from being subscribed to', async () => {
    const manifest = await manifestOf('hubspot');
    const map = [...(manifest.tables.contact?.map ?? []), { to: 'fax', from: 'properties.no_such_property' }];
    const contact = manifest.tables.contact === undefined ? undefined : { ...manifest.tables.contact, map };
    const webhookSetup = openConnector({
      manifest: { ...manifest, tables: { ...manifest.tables, ...(contact === undefined ? {} : { contact }) } },
      source: { id: 'hubspot', settings: { ...portal, ...app, address: crm.url, appAddress: crm.url }, allowPrivateNetwork: true },
      clock: { nowMs },
      sleep,
    }).webhookSetups.get('');
    if (webhookSetup === undefined) throw new Error('no webhook');
    const changes = await install({ webhookSetup }, 'https://sync.example.com/');
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
    const receiver = closing(await openReceiver());
    const connector = await connect();
    await install(connector, receiver.url);
    const judge = ({ headers, body }: { readonly headers: object; readonly body: string }) =>
      connector.webhook?.verify({ method: 'POST', url: receiver.url, headers: { ...headers }, rawBody: Buffer.from(body) }, nowMs());
    const list = async (type: string) =>
      (await crm.get<{ results: readonly { id: string }[] }>(`/crm/objects/2026-09/${type}?limit=10`)).body.results.map(({ id }) => id);
    const [[one = '', two = '', three = '', four = ''], [company = '']] = [await list('contacts'), await list('companies')];
    const told = new Map<string, unknown>();
    let count = 0;
    const after = async (name: string, act: () => Promise<unknown>): Promise<void> => {
      await act();
      count += 1;
      const message = (await receiver.untilReceived(count))[count - 1];
      if (message === undefined) throw new Error('nothing came');
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
    const connector = await open('northwind', { baseUrl: crm.url, apiKey, hookSecret });
    const receiver = closing(await openReceiver());
    expect(await install(connector, receiver.url)).toEqual([{ what: 'hook', item: null, outcome: 'made' }]);
    expect(await install(connector, receiver.url)).toEqual([{ what: 'hook', item: null, outcome: 'kept' }]);
    await crm.ask('PATCH', '/api/v1/people/100001', { title: 'Owner' });
    const [message] = await receiver.untilReceived(1);
    if (message === undefined) throw new Error('nothing came');
    const { headers, body } = message;
    expect(connector.webhook?.verify({ method: 'POST', url: receiver.url, headers, rawBody: Buffer.from(body) }, nowMs())).toMatchObject({
      events: [{ table: 'contact', recordIds: ['100001'] }],
    });
    expect(await connector.webhookSetup.remove(place(receiver.url), signal)).toMatchObject([{ outcome: 'removed' }]);
    const withoutSecret = await open('northwind', { baseUrl: crm.url, apiKey });
    await expect(install(withoutSecret, receiver.url)).rejects.toMatchObject({ code: 'webhook.not_by_api' });
  });

  it('a CRM whose API knows no webhooks says so, and what to do instead', async () => {
    const connector = await open('salesforce', { address: 'http://127.0.0.1:1', clientId: 'a', clientSecret: 'b' });
    expect(connector.webhookSetup.isByApi).toBe(false);
    await expect(install(connector, 'https://sync.example.com/')).rejects.toMatchObject({
      code: 'webhook.not_by_api',
      help: expect.stringContaining('webhooks print'),
    });
  });
});
