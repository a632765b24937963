import { clientId, clientSecret, orgId, username } from '../../../../api/sandbox/src/salesforce/data/identity.ts';
import { createMemoryTenants } from '../../../../api/src/crm/tenant-guard.ts';
import { createMemoryCredentials } from '../../crm/support/memory-credentials.ts';
import { ask } from '../../../sandbox/support/ask.ts';
import { type OpenSalesforce, openSalesforce } from '../../../sandbox/salesforce/salesforce.ts';
import { never, openSource, readRecords } from './support/open-source.ts';

const callback = 'http://127.0.0.1:9/api/sign-in/return';

describe('signing in to Salesforce', () => {
  let crm: OpenSalesforce;
  beforeEach(async () => {
    crm = await openSalesforce({ contacts: 5 });
  });
  afterEach(() => crm.close());

  const open = (settings: Readonly<Record<string, string>>, credentials = createMemoryCredentials()) =>
    openSource(crm.url, { settings: { address: crm.url, clientId, ...settings }, credentials });

  /** A person allows the app, with or without PKCE. */
  const allow = async (parameters: URLSearchParams): Promise<URL> => {
    const form = { ...Object.fromEntries(parameters), decision: 'allow' };
    const { headers } = await ask(`${crm.url}/services/oauth2/authorize`, { form });
    return new URL(headers.get('location') ?? '');
  };
  const refreshToken = async (): Promise<string> => {
    const asked = { response_type: 'code', client_id: clientId, redirect_uri: callback };
    const code = (await allow(new URLSearchParams(asked))).searchParams.get('code') ?? '';
    const form = { grant_type: 'authorization_code', client_id: clientId, client_secret: clientSecret, code, redirect_uri: callback };
    return String((await crm.token(form)).body.refresh_token);
  };

  it('works as the app itself, and again when the session has ended, once for all who wait', async () => {
    const { contacts, connector } = await open({ clientSecret });
    await connector.check(never);
    await crm.control('DELETE', 'sessions');
    await Promise.all(['1', '2', '3'].map((n) => contacts.getOne(`00300000000000${n}AAA`, never)));
    const { body } = await crm.control('GET', 'statistics');
    expect(body.requestsByRoute).toMatchObject({ 'POST /services/oauth2/token': 3 });
  });

  it('works with a certificate and no secret', async () => {
    const { body } = await crm.control('GET', 'certificate');
    const oneLine = String(body.privateKey).replaceAll('\n', '\\n');
    const { connector } = await open({ signIn: 'jwt', userName: username, privateKey: oneLine });
    expect(await connector.check(never)).toMatchObject({ isReachable: true });
    await expect(
      (await open({ signIn: 'jwt', userName: 'x@y.example', privateKey: oneLine })).connector.check(never),
    ).rejects.toMatchObject({
      code: 'crm.sign_in_refused',
    });
  });

  it('works with a refresh token that changes with every use, also in the next process', async () => {
    await crm.set({ rotatesRefreshTokens: true });
    const credentials = createMemoryCredentials();
    const settings = { signIn: 'refreshToken', clientSecret, refreshToken: await refreshToken() };
    for (let process = 0; process < 3; process += 1) {
      const { contacts } = await open(settings, credentials);
      expect(await readRecords(contacts.listAll(null, never))).not.toHaveLength(0);
      await crm.control('DELETE', 'sessions');
    }
  });

  it('works for a person who signs in once with a browser', async () => {
    const { connector } = await open({ signIn: 'browser', clientSecret });
    await expect(connector.check(never)).rejects.toMatchObject({ code: 'crm.not_signed_in' });
    const begun = await connector.browserSignIn?.begin(callback);
    const address = new URL(begun?.address ?? '');
    expect(address.origin).toBe(crm.url);
    expect(address.searchParams.get('code_challenge_method')).toBe('S256');
    const back = (await allow(address.searchParams)).searchParams;
    await connector.browserSignIn?.finish({ state: back.get('state') ?? '', code: back.get('code') ?? '' }, never);
    expect(await connector.check(never)).toMatchObject({ isReachable: true });
  });

  it('is refused in words that say why, and never with the secret', async () => {
    const { connector } = await open({ clientSecret: 'a-wrong-secret' });
    const error: unknown = await connector.check(never).catch((problem: unknown) => problem);
    expect(error).toMatchObject({ code: 'crm.sign_in_refused', message: expect.stringContaining('invalid_client') as string });
    expect(JSON.stringify(error) + String(error)).not.toContain('a-wrong-secret');
  });
});

describe('the organisation behind an address', () => {
  let crm: OpenSalesforce;
  beforeAll(async () => {
    crm = await openSalesforce({ contacts: 5 });
  });
  afterAll(() => crm.close());

  const openFor = (organisation: string) =>
    openSource(crm.url, { settings: { address: crm.url, clientId, clientSecret, orgId: organisation } });

  it.each([
    ['18 characters', orgId],
    ['15 characters, as Salesforce’s own pages show it', orgId.slice(0, 15)],
  ])('may be given with its %s', async (_what, id) => {
    expect(await (await openFor(id)).connector.check(never)).toMatchObject({ isReachable: true });
  });

  it('is another one than configured: nothing is read', async () => {
    const { contacts } = await openFor('00D5g00000ZZZZZ');
    await expect(readRecords(contacts.listAll(null, never))).rejects.toMatchObject({ code: 'crm.other_tenant' });
  });

  it('is another one than the first time: nothing is read', async () => {
    const tenants = createMemoryTenants();
    await tenants.pin('salesforce', '00D5g00000ZZZZZEAA');
    const { contacts } = await openSource(crm.url, { tenants });
    await expect(contacts.getOne('003000000000001AAA', never)).rejects.toMatchObject({ code: 'crm.other_tenant' });
  });

  it.each([
    'https://acme.lightning.force.com',
    'https://login.salesforce.com',
    'https://acme.my.salesforce.com.evil.example',
    'http://acme.my.salesforce.com',
  ])('cannot be %s, which is no My Domain address', async (address) => {
    await expect(openSource(address)).rejects.toMatchObject({ code: 'source.settings_invalid' });
  });
});
