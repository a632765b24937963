import { apiKey, password, userName } from '../../../api/sandbox/src/servicenow/data/identity.ts';
import { ask } from '../support/ask.ts';
import { handClock } from '../support/hand-clock.ts';
import { type OpenServiceNow, basic, client, openServiceNow } from './servicenow.ts';

const clock = handClock('2026-05-01T10:00:00.000Z');
let crm: OpenServiceNow;
beforeEach(async () => {
  crm = await openServiceNow({ now: clock.now });
});
afterEach(() => crm.close());

const path = '/api/now/table/customer_account?sysparm_limit=1';
const statusWith = async (headers: Readonly<Record<string, string>>) => (await ask(`${crm.url}${path}`, { headers })).status;
const bearer = (token: unknown) => ({ authorization: `Bearer ${String(token)}` });

describe('ServiceNow’s doors (c_TableAPI, client-credentials)', () => {
  it('open to Basic and to an API key, and to nothing else', async () => {
    expect(await statusWith({ authorization: basic })).toBe(200);
    expect(await statusWith({ 'x-sn-apikey': apiKey })).toBe(200);
    expect(await statusWith({ 'x-sn-apikey': 'wrong' })).toBe(401);
    const refused = await ask(`${crm.url}${path}`);
    expect(refused.status).toBe(401);
    expect(refused.headers.get('www-authenticate')).toContain('BASIC');
    expect(refused.body).toEqual({
      error: { message: 'User Not Authenticated', detail: 'Required to provide Auth information' },
      status: 'failure',
    });
  });

  it('give a token for a password, that lives half an hour, and one to refresh it', async () => {
    const { status, body } = await crm.token({ grant_type: 'password', ...client, username: userName, password });
    expect(status).toBe(200);
    expect(body).toMatchObject({ token_type: 'Bearer', scope: 'useraccount', expires_in: 1_800, refresh_token: expect.any(String) });
    expect(await statusWith(bearer(body.access_token))).toBe(200);
    clock.passMs(1_800_000);
    expect(await statusWith(bearer(body.access_token))).toBe(401);
    const again = await crm.token({ grant_type: 'refresh_token', ...client, refresh_token: String(body.refresh_token) });
    expect(await statusWith(bearer(again.body.access_token))).toBe(200);
    clock.passMs(8_640_000_000);
    expect((await crm.token({ grant_type: 'refresh_token', ...client, refresh_token: String(body.refresh_token) })).status).toBe(401);
  });

  it('give a token for client credentials, without one to refresh it, when an admin allowed that', async () => {
    const ask = () => crm.token({ grant_type: 'client_credentials', ...client });
    const { body } = await ask();
    expect(body).not.toHaveProperty('refresh_token');
    expect(await statusWith(bearer(body.access_token))).toBe(200);
    await crm.set({ isClientCredentialsEnabled: false, isPasswordGrantEnabled: false });
    expect((await ask()).status).toBe(401);
    expect((await crm.token({ grant_type: 'password', ...client, username: userName, password })).body).toEqual({
      error: 'server_error',
      error_description: 'access_denied',
    });
  });

  it('refuse a wrong client, an unknown grant, and parameters in the address instead of the body', async () => {
    expect((await crm.token({ grant_type: 'client_credentials', ...client, client_secret: 'wrong' })).body).toMatchObject({
      error: 'invalid_client',
    });
    expect((await crm.token({ grant_type: 'magic', ...client })).body).toMatchObject({ error: 'unsupported_grant_type' });
    const inAddress = new URLSearchParams({ grant_type: 'client_credentials', ...client });
    expect((await ask(`${crm.url}/oauth_token.do?${inAddress.toString()}`, { form: {} })).status).toBe(401);
  });

  it('keep a session by its cookie, until an admin ends it', async () => {
    const first = await crm.send(path);
    const cookie = String(first.headers.get('set-cookie')).split(';')[0] ?? '';
    expect(cookie).toMatch(/^JSESSIONID=/);
    expect(await statusWith({ cookie })).toBe(200);
    expect(await statusWith({ cookie, authorization: 'Basic d3Jvbmc6d3Jvbmc=' })).toBe(401);
    expect((await crm.send(path, { headers: { cookie } })).headers.get('set-cookie')).toBeNull();
    await crm.control('DELETE', 'sessions');
    expect(await statusWith({ cookie })).toBe(401);
  });
});
