import { createRemoteJWKSet, jwtVerify } from 'jose';
import { type RunningIssuer, startIssuer } from '../../../api/sandbox/src/issuer/server.ts';
import { handClock } from '../support/hand-clock.ts';

const tenant = '11111111-1111-4111-8111-111111111111';
const clientId = '22222222-2222-4222-8222-222222222222';
const goodForm = {
  grant_type: 'client_credentials',
  client_id: clientId,
  client_secret: 'sandbox-secret',
  scope: 'http://127.0.0.1:4510/.default',
};

const clock = handClock(new Date().toISOString());
let issuer: RunningIssuer;
beforeAll(async () => {
  issuer = await startIssuer({ host: '127.0.0.1', port: 0, now: clock.now });
});
afterAll(() => issuer.close());

const askForToken = async (form: Readonly<Record<string, string>>, tenantId = tenant) => {
  const response = await fetch(`${issuer.url}/${tenantId}/oauth2/v2.0/token`, { method: 'POST', body: new URLSearchParams(form) });
  return { status: response.status, body: (await response.json()) as Readonly<Record<string, unknown>> };
};
const signIn = async (body: object, headers: Readonly<Record<string, string>> = {}) => {
  const response = await fetch(`${issuer.url}/${tenant}/sandbox/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  return { response, body: (await response.json()) as { access_token: string; expires_in: number; token_type: string } };
};

describe('the sandbox’s sign-in', () => {
  it('publishes what a client needs to check its tokens', async () => {
    const configuration = (await (await fetch(`${issuer.url}/${tenant}/v2.0/.well-known/openid-configuration`)).json()) as Record<
      string,
      string
    >;
    expect(configuration.issuer).toBe(`${issuer.url}/${tenant}/v2.0`);
    expect(configuration.token_endpoint).toBe(`${issuer.url}/${tenant}/oauth2/v2.0/token`);
    const { body } = await askForToken(goodForm);
    const keys = createRemoteJWKSet(new URL(configuration.jwks_uri ?? ''));
    const { payload, protectedHeader } = await jwtVerify(String(body.access_token), keys, {
      issuer: `${issuer.url}/${tenant}/v2.0`,
      audience: 'http://127.0.0.1:4510',
    });
    expect(protectedHeader.alg).toBe('RS256');
    expect(payload).toMatchObject({ azp: clientId, idtyp: 'app', tid: tenant });
  });

  it('never shows the private key', async () => {
    const { keys } = (await (await fetch(`${issuer.url}/${tenant}/discovery/v2.0/keys`)).json()) as { keys: readonly object[] };
    expect(Object.keys(keys[0] ?? {}).toSorted()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use']);
  });

  it.each([
    ['a wrong secret', { ...goodForm, client_secret: 'x' }, 401, 'invalid_client', 7000215],
    ['an unknown application', { ...goodForm, client_id: tenant }, 400, 'unauthorized_client', 700016],
    ['another grant', { ...goodForm, grant_type: 'password' }, 400, 'unsupported_grant_type', 70003],
    ['a scope without /.default', { ...goodForm, scope: 'http://127.0.0.1:4510' }, 400, 'invalid_scope', 1002012],
    ['no scope', { ...goodForm, scope: '' }, 400, 'invalid_request', 900144],
  ])('refuses %s in the words of Entra ID', async (_what, form, status, error, code) => {
    const answer = await askForToken(form);
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({ error, error_codes: [code] });
    expect(String(answer.body.error_description)).toMatch(
      new RegExp(`^AADSTS${code}: .+Trace ID: [0-9a-f-]{36} Correlation ID: .+Timestamp: `),
    );
    expect(JSON.stringify(answer.body)).not.toContain('sandbox-secret');
  });

  it('knows one tenant', async () => {
    const { status, body } = await askForToken(goodForm, '99999999-9999-4999-8999-999999999999');
    expect({ status, codes: body.error_codes }).toEqual({ status: 400, codes: [90002] });
  });

  it.each([
    ['admin', '33333333-3333-4333-8333-333333333333', 'Ada Admin', 'Sync.Admin'],
    ['agent', '44444444-4444-4444-8444-444444444444', 'Alex Agent', 'Sync.Agent'],
    ['restricted', '55555555-5555-4555-8555-555555555555', 'Robin Restricted', 'Sync.Agent'],
  ])('signs %s in with name and role', async (user, oid, name, role) => {
    const { body } = await signIn({ user });
    expect(body).toMatchObject({ token_type: 'Bearer', expires_in: 3600 });
    expect(await issuer.verify(body.access_token)).toMatchObject({ aud: 'api://crm-sync', oid, name, roles: [role], tid: tenant });
  });

  it('signs nobody else in', async () => {
    expect((await signIn({ user: 'mallory' })).response.status).toBe(400);
    expect((await signIn({ user: 'toString' })).response.status).toBe(400);
  });

  it('does not take back a token that was altered, has ended or comes from another issuer', async () => {
    const other = await startIssuer({ host: '127.0.0.1', port: 0 });
    const { body } = await signIn({ user: 'agent' });
    const ended = await signIn({ user: 'agent', lifetimeSeconds: -60 });
    const [header, , signature] = body.access_token.split('.');
    const [, otherClaims] = (await signIn({ user: 'admin' })).body.access_token.split('.');
    expect(await issuer.verify(body.access_token)).not.toBeNull();
    expect(await issuer.verify([header, otherClaims, signature].join('.'))).toBeNull();
    expect(await issuer.verify(ended.body.access_token)).toBeNull();
    expect(await other.verify(body.access_token)).toBeNull();
    expect(await issuer.verify('nonsense')).toBeNull();
    clock.passMs(3_601_000);
    expect(await issuer.verify(body.access_token)).toBeNull();
    await other.close();
  });

  it('answers pages on this machine’s other ports, and no others', async () => {
    const url = `${issuer.url}/${tenant}/sandbox/sign-in`;
    const preflight = (origin: string) =>
      fetch(url, {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' },
      });
    const local = await preflight('http://localhost:4510');
    expect(local.status).toBe(204);
    expect(local.headers.get('access-control-allow-origin')).toBe('http://localhost:4510');
    expect(local.headers.get('access-control-allow-headers')).toContain('content-type');
    expect((await preflight('http://evil.example')).headers.get('access-control-allow-origin')).toBeNull();
    const answered = await signIn({ user: 'agent' }, { origin: 'http://127.0.0.1:4510' });
    expect(answered.response.headers.get('access-control-allow-origin')).toBe('http://127.0.0.1:4510');
  });
});
