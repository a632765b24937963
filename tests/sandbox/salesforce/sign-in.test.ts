import { createHash } from 'node:crypto';
import { type CryptoKey, SignJWT, exportSPKI, generateKeyPair, importPKCS8 } from 'jose';
import { clientId, clientSecret, orgId, username } from '../../../api/sandbox/src/salesforce/data/identity.ts';
import { ask } from '../support/ask.ts';
import { handClock } from '../support/hand-clock.ts';
import { type OpenSalesforce, type Problem, openSalesforce } from './salesforce.ts';

const client = { client_id: clientId, client_secret: clientSecret };
const clock = handClock('2026-05-01T10:00:00.000Z');
let crm: OpenSalesforce;
beforeEach(async () => {
  crm = await openSalesforce({ now: clock.now });
});
afterEach(() => crm.close());

const versionsAs = (token: unknown) =>
  ask<Problem>(`${crm.url}/services/data/v66.0/limits`, { headers: { authorization: `Bearer ${String(token)}` } });

const assertion = async (
  claims: { readonly sub?: string; readonly aud?: string; readonly lifetimeSeconds?: number } = {},
  key?: CryptoKey,
) => {
  const { body } = await crm.control('GET', 'certificate');
  const seconds = Math.floor(clock.now().getTime() / 1000);
  return new SignJWT()
    .setProtectedHeader({ alg: 'RS256' })
    .setIssuer(clientId)
    .setSubject(claims.sub ?? username)
    .setAudience(claims.aud ?? 'https://login.salesforce.com')
    .setExpirationTime(seconds + (claims.lifetimeSeconds ?? 170))
    .sign(key ?? (await importPKCS8(String(body.privateKey), 'RS256')));
};
const bearer = async (...given: Parameters<typeof assertion>) =>
  crm.token({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: await assertion(...given) });

const authorizeUrl = (more: Readonly<Record<string, string>> = {}): string => {
  const parameters = { response_type: 'code', client_id: clientId, redirect_uri: 'http://127.0.0.1:9/callback', state: 'xyz', ...more };
  return `${crm.url}/services/oauth2/authorize?${new URLSearchParams(parameters).toString()}`;
};
const allow = async (more: Readonly<Record<string, string>> = {}): Promise<URL> => {
  const form = Object.fromEntries(new URL(authorizeUrl(more)).searchParams);
  const { headers } = await ask(`${crm.url}/services/oauth2/authorize`, { form: { ...form, decision: 'allow' } });
  return new URL(headers.get('location') ?? '');
};
const redeem = (code: string | null, more: Readonly<Record<string, string>> = {}) =>
  crm.token({ grant_type: 'authorization_code', ...client, code: code ?? '', redirect_uri: 'http://127.0.0.1:9/callback', ...more });

describe('Salesforce’s token endpoint (help.salesforce.com: remoteaccess_oauth_flows)', () => {
  it('gives the application a session that says where the organisation is, and not how long it lasts', async () => {
    const { status, body } = await crm.token({ grant_type: 'client_credentials', ...client });
    expect(status).toBe(200);
    expect(body).toMatchObject({ instance_url: crm.url, token_type: 'Bearer', id: expect.stringContaining(`/id/${orgId}/`) });
    expect(body).not.toHaveProperty('expires_in');
    expect(body).not.toHaveProperty('refresh_token');
    expect((await versionsAs(body.access_token)).status).toBe(200);
    const identity = await ask(String(body.id), { headers: { authorization: `Bearer ${String(body.access_token)}` } });
    expect(identity.body).toMatchObject({ organization_id: orgId, username });
  });

  it.each([
    [{ grant_type: 'client_credentials', ...client, client_secret: 'wrong' }, 'invalid_client'],
    [{ grant_type: 'client_credentials', ...client, client_id: 'wrong' }, 'invalid_client_id'],
    [{ grant_type: 'password', ...client }, 'unsupported_grant_type'],
    [{ grant_type: 'refresh_token', ...client, refresh_token: 'wrong' }, 'invalid_grant'],
    [{ grant_type: 'authorization_code', ...client, code: 'wrong' }, 'invalid_grant'],
  ])('refuses %j as %s', async (form, error) => {
    const { status, body } = await crm.token(form);
    expect(status).toBe(400);
    expect(body).toMatchObject({ error, error_description: expect.any(String) });
  });

  it('takes a JWT that the certificate’s owner signed, for login.salesforce.com or My Domain, of three minutes at most', async () => {
    expect((await bearer()).status).toBe(200);
    expect((await bearer({ aud: crm.url })).status).toBe(200);
    expect((await bearer({ aud: 'https://elsewhere.example' })).body).toMatchObject({ error: 'invalid_grant' });
    expect((await bearer({ lifetimeSeconds: 600 })).body).toMatchObject({ error: 'invalid_grant' });
    expect((await bearer({ lifetimeSeconds: -5 })).body).toMatchObject({ error: 'invalid_grant' });
    expect((await bearer({ sub: 'other@northwind.example' })).body).toMatchObject({
      error_description: "user hasn't approved this consumer",
    });
  });

  it('takes another certificate, and from then on no assertion of the old one', async () => {
    const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
    expect((await bearer({}, privateKey)).status).toBe(400);
    expect((await crm.control('PUT', 'certificate', { publicKey: await exportSPKI(publicKey) })).status).toBe(204);
    expect((await bearer({}, privateKey)).status).toBe(200);
    expect((await bearer()).status).toBe(400);
    expect((await crm.control('PUT', 'certificate', { publicKey: 'none' })).status).toBe(400);
  });
});

describe('signing in with a browser (remoteaccess_oauth_web_server_flow)', () => {
  it('asks the person, and gives a code that works once and for this callback alone', async () => {
    const page = await ask(authorizeUrl());
    expect(page.text).toContain('Allow access?');
    const back = await allow();
    expect(back.searchParams.get('state')).toBe('xyz');
    const code = back.searchParams.get('code');
    const { body } = await redeem(code);
    expect(body).toMatchObject({ refresh_token: expect.any(String), scope: 'api refresh_token' });
    expect((await redeem(code)).body).toMatchObject({ error: 'invalid_grant' });
    const other = (await allow()).searchParams.get('code');
    expect((await redeem(other, { redirect_uri: 'http://127.0.0.1:9/other' })).body).toMatchObject({ error: 'redirect_uri_mismatch' });
  });

  it('wants the verifier whose challenge it was shown', async () => {
    const challenge = createHash('sha256').update('a-long-enough-verifier').digest('base64url');
    const more = { code_challenge: challenge, code_challenge_method: 'S256' };
    expect((await redeem((await allow(more)).searchParams.get('code'))).body).toMatchObject({ error: 'invalid_grant' });
    expect((await redeem((await allow(more)).searchParams.get('code'), { code_verifier: 'a-long-enough-verifier' })).status).toBe(200);
  });

  it('lets a code grow old, tells of a no, and sends nobody to a strange address', async () => {
    const code = (await allow()).searchParams.get('code');
    clock.passMs(16 * 60_000);
    expect((await redeem(code)).body).toMatchObject({ error: 'invalid_grant' });
    const form = Object.fromEntries(new URL(authorizeUrl()).searchParams);
    const denied = await ask(`${crm.url}/services/oauth2/authorize`, { form: { ...form, decision: 'deny' } });
    expect(denied.headers.get('location')).toContain('error=access_denied');
    expect((await ask(authorizeUrl({ redirect_uri: 'https://evil.example/' }))).status).toBe(400);
  });
});

describe('Salesforce’s sessions and refresh tokens', () => {
  const refresh = (token: unknown) => crm.token({ grant_type: 'refresh_token', ...client, refresh_token: String(token) });
  const refreshToken = async () => (await redeem((await allow()).searchParams.get('code'))).body.refresh_token;

  it('end when nobody used them for two hours, with 401 INVALID_SESSION_ID', async () => {
    const { access_token: token } = (await crm.token({ grant_type: 'client_credentials', ...client })).body;
    clock.passMs(3_600_000);
    expect((await versionsAs(token)).status).toBe(200);
    clock.passMs(7_100_000);
    expect((await versionsAs(token)).status).toBe(200);
    clock.passMs(7_200_000);
    const ended = await versionsAs(token);
    expect(ended.status).toBe(401);
    expect(ended.body).toEqual([{ message: 'Session expired or invalid', errorCode: 'INVALID_SESSION_ID' }]);
  });

  it('can be ended in the middle of a run by an admin, while refresh tokens stay', async () => {
    const token = await refreshToken();
    const before = (await refresh(token)).body.access_token;
    await crm.control('DELETE', 'sessions');
    expect((await versionsAs(before)).status).toBe(401);
    const after = await refresh(token);
    expect(after.body).not.toHaveProperty('refresh_token');
    expect((await versionsAs(after.body.access_token)).status).toBe(200);
  });

  it('rotate when the organisation wants that: each refresh token works once', async () => {
    const first = await refreshToken();
    await crm.set({ rotatesRefreshTokens: true });
    const { body } = await refresh(first);
    expect(body.refresh_token).toEqual(expect.any(String));
    expect((await refresh(first)).body).toMatchObject({ error: 'invalid_grant', error_description: 'expired access/refresh token' });
    expect((await refresh(body.refresh_token)).status).toBe(200);
  });

  it('can be revoked', async () => {
    const token = await refreshToken();
    expect((await ask(`${crm.url}/services/oauth2/revoke`, { form: { token: String(token) } })).status).toBe(200);
    expect((await refresh(token)).status).toBe(400);
  });
});
