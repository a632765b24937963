import { openConnector } from '../../../../api/src/crm/open-connector.ts';
import type { TenantStore } from '../../../../api/src/crm/types.ts';
import { createMemoryTenants } from '../../../../api/src/crm/tenant-guard.ts';
import { ask } from '../../../sandbox/support/ask.ts';
import { createMemoryCredentials } from '../../crm/support/memory-credentials.ts';
import { idsOf, never, readRecords } from '../../crm/support/people-crm.ts';
import { apiToken, oauthClient, type StartedZendesk, startZendesk, zendeskManifest } from './open-zendesk.ts';

const minuteMs = 60_000;
const callback = 'http://127.0.0.1:4500/callback';

let crm: StartedZendesk;
const start = async (): Promise<void> => {
  crm = await startZendesk({ contacts: 20 });
};
const stop = (): Promise<void> => crm.close();

/** The consent that a person gives in a browser; gives what the CRM sends back. */
const consent = async (address: string) => {
  const { searchParams, origin, pathname } = new URL(address);
  const answer = await ask(`${origin}${pathname}`, { form: { ...Object.fromEntries(searchParams), decision: 'allow' } });
  const back = new URL(answer.headers.get('location') ?? '').searchParams;
  return { state: back.get('state') ?? '', code: back.get('code') ?? '' };
};

const firstRefreshToken = async () => {
  const client_id = oauthClient.clientId ?? '';
  const query = new URLSearchParams({ response_type: 'code', client_id, redirect_uri: callback, scope: 'read', state: 'x' });
  const { code } = await consent(`${crm.url}/oauth/authorizations/new?${query.toString()}`);
  const { body } = await crm.token({ grant_type: 'authorization_code', redirect_uri: callback, code });
  return body.refresh_token ?? '';
};

describe('signing in to Zendesk', () => {
  beforeEach(start);
  afterEach(stop);

  it('works with an OAuth client, and asks for a new token when the old one has ended', async () => {
    const connector = await crm.connect();
    await connector.check(never);
    crm.passMs(2 * 60 * minuteMs);
    await connector.check(never);
    expect((await crm.requestsByRoute())['POST /oauth/tokens']).toBe(2);
  });

  it('asks for another token when Zendesk refuses the one it has', async () => {
    const connector = await crm.connect();
    await connector.check(never);
    await crm.ask('POST', '/sandbox/faults', { kind: 'unauthorised', count: 1, path: '/api/v2/ticket_fields' });
    await connector.check(never);
    expect((await crm.requestsByRoute())['POST /oauth/tokens']).toBe(2);
  });

  it('works with a refresh token that changes with every use, also after a restart', async () => {
    const credentials = createMemoryCredentials();
    const settings = { ...oauthClient, signIn: 'refresh', refreshToken: await firstRefreshToken() };
    await (await crm.connect(settings, { credentials })).check(never);
    crm.passMs(60 * minuteMs);
    await (await crm.connect(settings, { credentials })).check(never);
    // The configured one has been used up: without what was stored it lets nobody in.
    await expect((await crm.connect(settings)).check(never)).rejects.toMatchObject({ code: 'crm.signed_out' });
  });

  it('works with an admin’s browser, once', async () => {
    const credentials = createMemoryCredentials();
    const connector = await crm.connect({ ...oauthClient, signIn: 'browser' }, { credentials });
    await expect(connector.check(never)).rejects.toMatchObject({ code: 'crm.not_signed_in' });
    const begun = await connector.browserSignIn?.begin(callback);
    await connector.browserSignIn?.finish(await consent(begun?.address ?? ''), never);
    await connector.check(never);
    crm.passMs(60 * minuteMs);
    await connector.check(never);
  });

  it('works with an API token for as long as Zendesk has them, and says until when', async () => {
    const connector = await crm.connect(apiToken);
    expect((await connector.check(never)).notes).toEqual([expect.stringContaining('2027-04-30')]);
    await crm.ask('PATCH', '/sandbox/settings', { apiTokens: 'deactivated' });
    await expect(connector.check(never)).rejects.toMatchObject({ code: 'crm.unauthorised' });
    await (await crm.connect()).check(never);
  });

  it('names a wrong secret as such', async () => {
    const connector = await crm.connect({ ...oauthClient, clientSecret: 'wrong' });
    await expect(connector.check(never)).rejects.toMatchObject({ code: 'crm.sign_in_refused', details: { reason: 'invalid_client' } });
  });

  it('says what the caller may not read', async () => {
    await crm.ask('PATCH', '/sandbox/settings', { callerRole: 'agent' });
    const changes = (await crm.connect()).table('contact').listChanges({ fromMs: 0, toMs: crm.nowMs() }, null, never);
    await expect(readRecords(changes)).rejects.toMatchObject({ code: 'crm.forbidden' });
  });
});

describe('whose Zendesk it is', () => {
  beforeAll(start);
  afterAll(stop);

  it('is remembered: another account under the same source is refused before anything is read', async () => {
    const tenants: TenantStore = createMemoryTenants();
    await (await crm.connect(oauthClient, { tenants })).check(never);
    const other = await startZendesk({ settings: { systemFieldsFrom: 7_000_000_100 } });
    try {
      const connector = await other.connect(oauthClient, { tenants });
      await expect(readRecords(connector.table('contact').listAll(null, never))).rejects.toMatchObject({ code: 'crm.other_tenant' });
      expect(Object.keys(await other.requestsByRoute())).not.toContain('GET /api/v2/users');
      await (await crm.connect(oauthClient, { tenants })).check(never);
    } finally {
      await other.close();
    }
  });

  it.each([
    ['https://acme.zendesk.com', true],
    ['https://acme.zendesk.com.evil.example', false],
    ['http://acme.zendesk.com', false],
    ['https://help.acme.com', false],
  ])('%s as its address: %s', async (address, isTaken) => {
    const manifest = await zendeskManifest();
    const open = () => openConnector({ manifest, source: { id: 'z', settings: { address, ...oauthClient } }, clock: { nowMs: () => 0 } });
    if (isTaken) expect(open().connectorId).toBe('zendesk');
    else expect(open).toThrow(expect.objectContaining({ code: 'source.settings_invalid' }));
  });
});

describe('Zendesk’s limits', () => {
  beforeEach(start);
  afterEach(stop);

  it('a refusal is obeyed to the second, and nothing is lost by it', async () => {
    const connector = await crm.connect();
    await crm.ask('POST', '/sandbox/faults', { kind: 'throttle', count: 1, retryAfterSeconds: 37, path: '/api/v2/users' });
    const ids = idsOf(await readRecords(connector.table('contact').listAll(null, never)));
    expect(crm.slept).toEqual([37_000]);
    expect(ids.length).toBeGreaterThan(20);
  });

  it('no more than eight exports a minute are asked for, of the ten that all share', async () => {
    await crm.ask('PATCH', '/sandbox/settings', { incrementalRequestsPerMinute: 10 });
    const contacts = (await crm.connect()).table('contact');
    const window = { fromMs: 0, toMs: crm.nowMs() };
    for (let time = 0; time < 9; time += 1) await readRecords(contacts.listChanges(window, null, never));
    expect(crm.slept.length).toBe(1);
    expect(crm.slept[0]).toBeGreaterThan(0);
  });

  it('the last fifth of the minute’s requests is left to others, and to a person who waits for one record', async () => {
    await crm.ask('PATCH', '/sandbox/settings', { requestsPerMinute: 10 });
    crm.passMs(2 * minuteMs);
    const connector = await crm.connect();
    const [id] = await crm.endUserIds(1);
    for (let time = 0; time < 8; time += 1) await connector.table('contact', 'person').getOne(String(id), never);
    expect(crm.slept).toEqual([]);
    await readRecords(connector.table('contact').listAll(null, never));
    expect(crm.slept.length).toBeGreaterThan(0);
  });
});

describe('trouble with Zendesk', () => {
  beforeAll(start);
  afterAll(stop);

  it.each(['conflict', 'internal', 'badGateway', 'unavailable', 'cutBody'])('%s is got over', async (kind) => {
    await crm.ask('POST', '/sandbox/faults', { kind, count: 1, path: '/api/v2/users' });
    expect((await readRecords((await crm.connect()).table('contact').listAll(null, never))).length).toBeGreaterThan(20);
  });

  it('a page that leads nowhere, or back to itself, stops the reading with a reason', async () => {
    const many = await startZendesk({ contacts: 400 });
    try {
      const connector = await many.connect();
      await connector.check(never);
      // On the first page the cursor that is repeated is none at all.
      await many.ask('POST', '/sandbox/faults', { kind: 'repeatedCursor', count: 1, path: '/api/v2/users' });
      const stuck = { code: 'crm.paging_stuck' };
      await expect(readRecords(connector.table('contact').listAll(null, never))).rejects.toMatchObject(stuck);
      const walk = connector.table('contact').listAll(null, never)[Symbol.asyncIterator]();
      await walk.next();
      await many.ask('POST', '/sandbox/faults', { kind: 'repeatedCursor', count: 50, path: '/api/v2/users' });
      const rest = async () => {
        while ((await walk.next()).done !== true);
      };
      await expect(rest()).rejects.toMatchObject(stuck);
    } finally {
      await many.close();
    }
  });
});
