import { createMemoryTenants } from '../../../../api/src/crm/tenant-guard.ts';
import { type OpenHubSpot, openHubSpot } from '../../../sandbox/hubspot/hubspot.ts';
import { ask } from '../../../sandbox/support/ask.ts';
import { idsOf, never, readRecords } from '../../crm/support/people-crm.ts';
import { accessToken, client, openConnected } from './support.ts';

const companies = '/crm/objects/2026-09/companies?';
const callback = 'http://127.0.0.1:4500/callback';
const scope = 'oauth crm.objects.companies.read crm.objects.contacts.read';

describe('the settings of HubSpot', () => {
  it.each([
    ['address', 'https://api.hubapi.com.evil.example'],
    ['appAddress', 'https://evil.example'],
    ['apiVersion', 'v3'],
    ['portalId', '62515/..'],
  ])('refuses a %s such as %s', async (name, value) => {
    const opened = openConnected('http://127.0.0.1:1', { settings: { accessToken, [name]: value }, tenants: createMemoryTenants() });
    await expect(opened).rejects.toMatchObject({ code: 'source.settings_invalid' });
  });
});

describe('a HubSpot account', () => {
  let crm: OpenHubSpot;
  beforeEach(async () => {
    crm = await openHubSpot({ accounts: 260 });
  });
  afterEach(() => crm.close());

  /** What a person does: looks at the address that the app sends them to, and allows. */
  const allow = async (parameters: Readonly<Record<string, string>>): Promise<string> => {
    const answer = await ask(`${crm.url}/oauth/authorize`, { form: { ...parameters, decision: 'allow' } });
    return new URL(answer.headers.get('location') ?? '').searchParams.get('code') ?? '';
  };

  const installedRefreshToken = async (): Promise<string> => {
    const { clientId: client_id, clientSecret: client_secret } = client;
    const code = await allow({ client_id, redirect_uri: callback, scope });
    const fields = { grant_type: 'authorization_code', client_id, client_secret, redirect_uri: callback, code };
    const { refresh_token } = (await (await crm.form('/oauth/2026-09/token', fields)).json()) as { refresh_token: string };
    return refresh_token;
  };

  const total = async (): Promise<number> => (await crm.search('companies', { limit: 1 })).body.total;
  const set = (settings: object) => crm.ask('PATCH', '/sandbox/settings', settings);
  const fault = (body: object) => crm.ask('POST', '/sandbox/faults', { count: 1, ...body });

  describe('signing in to HubSpot', () => {
    it('lets in by the token of a private app or a service key', async () => {
      const { connector } = await openConnected(crm.url);
      expect(await connector.check(never)).toMatchObject({ isReachable: true });
    });

    it('lets in by a refresh token, and fetches a new access token in the middle of a list before the old one ends', async () => {
      const refreshToken = await installedRefreshToken();
      // Shorter than what is kept in reserve: every request fetches one.
      await set({ accessTokenSeconds: 60 });
      const { connector } = await openConnected(crm.url, { settings: { signIn: 'oauth', ...client, refreshToken } });
      const ids = idsOf(await readRecords(connector.table('account').listAll(null, never)));
      expect(new Set(ids).size).toBe(await total());
      const { requestsByRoute } = (await ask<{ requestsByRoute: Record<string, number> }>(`${crm.url}/sandbox/statistics`)).body;
      expect(requestsByRoute['POST /oauth/2026-09/token']).toBeGreaterThan(3);
    });

    it('fetches another token when HubSpot refuses one in the middle of a list', async () => {
      const refreshToken = await installedRefreshToken();
      const { connector } = await openConnected(crm.url, { settings: { signIn: 'oauth', ...client, refreshToken } });
      await fault({ kind: 'unauthorised', path: companies, after: 2 });
      expect(new Set(idsOf(await readRecords(connector.table('account').listAll(null, never)))).size).toBe(await total());
    });

    it('lets in by a browser once, and by itself from then on', async () => {
      const { connector } = await openConnected(crm.url, { settings: { signIn: 'connect', ...client } });
      await expect(connector.check(never)).rejects.toMatchObject({ code: 'crm.not_signed_in' });
      const begun = await connector.browserSignIn?.begin(callback);
      const address = new URL(begun?.address ?? '');
      expect(address.origin + address.pathname).toBe(`${crm.url}/oauth/authorize`);
      const code = await allow(Object.fromEntries(address.searchParams));
      await connector.browserSignIn?.finish({ state: begun?.state ?? '', code }, never);
      expect(await connector.check(never)).toMatchObject({ isReachable: true });
    });

    it('says so when a token or a secret is wrong, or a refresh token was taken back', async () => {
      const refused = async (settings: Readonly<Record<string, string>>) =>
        (await openConnected(crm.url, { settings })).connector.check(never);
      await expect(refused({ accessToken: 'pat-na1-wrong' })).rejects.toMatchObject({ code: 'crm.unauthorised' });
      const refreshToken = await installedRefreshToken();
      await expect(refused({ signIn: 'oauth', ...client, clientSecret: 'wrong', refreshToken })).rejects.toMatchObject({
        code: 'crm.sign_in_refused',
      });
      await expect(refused({ signIn: 'oauth', ...client, refreshToken: 'gone' })).rejects.toMatchObject({ code: 'crm.signed_out' });
    });

    it('fails clearly in the middle of a list when a private app was removed', async () => {
      const { connector } = await openConnected(crm.url);
      await fault({ kind: 'unauthorised', path: companies, after: 2 });
      await expect(readRecords(connector.table('account').listAll(null, never))).rejects.toMatchObject({ code: 'crm.unauthorised' });
    });

    it('names what may not be read when a scope is missing', async () => {
      await set({ scopes: ['oauth', 'crm.objects.companies.read'] });
      const { connector } = await openConnected(crm.url);
      await expect(readRecords(connector.table('contact').listAll(null, never))).rejects.toMatchObject({
        code: 'crm.forbidden',
        details: { what: 'the deletes of contact (GET /crm/objects/{{settings.apiVersion}}/contacts)' },
      });
    });
  });

  describe('whose HubSpot it is', () => {
    it('refuses another account than the one that the settings name, before anything is read', async () => {
      const { connector } = await openConnected(crm.url, { settings: { accessToken, portalId: '1' } });
      await expect(connector.check(never)).rejects.toMatchObject({ code: 'crm.other_tenant' });
      await expect(readRecords(connector.table('account').listAll(null, never))).rejects.toMatchObject({ code: 'crm.other_tenant' });
    });

    it('reads by the version of the API that the settings name', async () => {
      const { connector } = await openConnected(crm.url, { settings: { accessToken, apiVersion: '2026-03' } });
      expect((await readRecords(connector.table('account').listAll(null, never))).length).toBe(await total());
      const { requestsByRoute } = (await ask<{ requestsByRoute: Record<string, number> }>(`${crm.url}/sandbox/statistics`)).body;
      expect(Object.keys(requestsByRoute).filter((route) => route.includes('2026-09'))).toEqual([]);
    });
  });

  describe('HubSpot’s limits', () => {
    it('waits ten seconds when too much was asked in ten seconds, and then goes on', async () => {
      const { connector, slept } = await openConnected(crm.url);
      await fault({ kind: 'throttle', path: companies, after: 1 });
      expect((await readRecords(connector.table('account').listAll(null, never))).length).toBe(await total());
      expect(slept).toContain(10_000);
    });

    it('ends the run, to be resumed, when the day’s budget is used up', async () => {
      const { connector, slept } = await openConnected(crm.url);
      await fault({ kind: 'dailyLimit', path: companies, after: 1 });
      await expect(readRecords(connector.table('account').listAll(null, never))).rejects.toMatchObject({
        code: 'crm.rate_limited',
        isRetryable: true,
      });
      expect(slept).toEqual([]);
    });

    it('leaves a twentieth of the day’s budget to others', async () => {
      await set({ requestsPerDay: 40 });
      const { connector } = await openConnected(crm.url);
      const readOften = async (): Promise<void> => {
        for (let round = 0; round < 40; round += 1) await readRecords(connector.table('account').listAll(null, never));
      };
      await expect(readOften()).rejects.toMatchObject({ code: 'crm.rate_limited' });
      const left = (await crm.ask('GET', `${companies}limit=1`)).headers.get('x-hubspot-ratelimit-daily-remaining');
      expect(Number(left)).toBe(1);
    });

    it('ends the run while HubSpot moves the account to another data centre', async () => {
      const { connector } = await openConnected(crm.url);
      await fault({ kind: 'migrating', retryAfterSeconds: 86_400, path: companies });
      await expect(readRecords(connector.table('account').listAll(null, never))).rejects.toMatchObject({ code: 'crm.failing' });
    });

    it('reminds of the day on which an API version ends', async () => {
      const clock = { nowMs: () => Date.parse('2027-05-01') };
      const { connector } = await openConnected(crm.url, { clock });
      const { notes } = await connector.check(never);
      expect(notes).toContainEqual(expect.stringMatching(/^2027-09-30: HubSpot ends its support of API version 2026-03/));
    });
  });
});
