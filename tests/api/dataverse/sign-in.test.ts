import { type RequestListener, createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { isAppError } from '../../../api/src/errors/app-error.ts';
import { createTokenSource } from '../../../api/src/dataverse/sign-in/token-source.ts';
import type { TokenSource } from '../../../api/src/dataverse/sign-in/types.ts';
import { createSelfSignedCertificate } from './self-signed-certificate.ts';

const codeThrownBy = (work: () => unknown): unknown => {
  try {
    work();
  } catch (error) {
    return isAppError(error) ? error.code : error;
  }
  return 'nothing was thrown';
};

const never = new AbortController().signal;
const tenantId = '11111111-1111-4111-8111-111111111111';
const config = { tenantId, clientId: 'client', clientSecret: 'correct-horse', resource: 'https://contoso.crm4.dynamics.com/' };

interface Issuer {
  readonly authority: string;
  readonly forms: URLSearchParams[];
  readonly identityRequests: string[];
  readonly certificate: string;
  close(): Promise<void>;
}

/** As much of Entra ID as a client with a secret, or a machine with a managed identity, meets. */
const startIssuer = async (protocol: 'http' | 'https'): Promise<Issuer> => {
  const forms: URLSearchParams[] = [];
  const identityRequests: string[] = [];
  const { key, cert } = createSelfSignedCertificate();
  const handle: RequestListener = (request, response) => {
    const origin = `${protocol}://localhost:${(server.address() as AddressInfo).port}`;
    const send = (status: number, body: object) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (request.url?.includes('openid-configuration')) {
      return void send(200, {
        issuer: `${origin}/${tenantId}/v2.0`,
        token_endpoint: `${origin}/${tenantId}/oauth2/v2.0/token`,
        authorization_endpoint: `${origin}/${tenantId}/oauth2/v2.0/authorize`,
        jwks_uri: `${origin}/keys`,
      });
    }
    if (request.url?.startsWith('/identity')) {
      identityRequests.push(request.url);
      return void send(200, { access_token: 'managed', expires_on: String(Math.floor(Date.now() / 1000) + 3600), token_type: 'Bearer' });
    }
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on('end', () => {
      const form = new URLSearchParams(body);
      const count = forms.push(form);
      if (form.get('client_secret') !== 'correct-horse') {
        return void send(401, {
          error: 'invalid_client',
          error_description: `AADSTS7000215: Invalid client secret provided for app '${form.get('client_id')}'. Trace ID: 1`,
          error_codes: [7000215],
        });
      }
      send(200, { access_token: `token-${count}`, expires_in: 3600, ext_expires_in: 3600, token_type: 'Bearer' });
    });
  };
  const server = protocol === 'https' ? createHttpsServer({ key, cert }, handle) : createHttpServer(handle);
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  return {
    authority: `${protocol}://localhost:${(server.address() as AddressInfo).port}`,
    forms,
    identityRequests,
    certificate: cert,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

const errorOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => null,
    (error: unknown) => error,
  );

describe.each(['https', 'http'] as const)('signing in at an issuer on this machine over %s', (protocol) => {
  let issuer: Issuer;
  const sourceWith = (changes: Partial<typeof config> = {}): TokenSource =>
    createTokenSource(
      { ...config, authority: issuer.authority, ...changes },
      { clock: { nowMs: Date.now }, certificateAuthority: issuer.certificate },
    );

  beforeEach(async () => {
    issuer = await startIssuer(protocol);
  });
  afterEach(() => issuer.close());

  it('gives one token to all who ask, for the environment and with the secret', async () => {
    const source = sourceWith();
    const tokens = await Promise.all(Array.from({ length: 20 }, () => source.getToken(never)));
    expect(new Set(tokens)).toEqual(new Set(['token-1']));
    expect(issuer.forms).toHaveLength(1);
    expect(issuer.forms[0]?.get('grant_type')).toBe('client_credentials');
    expect(issuer.forms[0]?.get('scope')).toContain('https://contoso.crm4.dynamics.com/.default');
    expect(issuer.forms[0]?.get('scope')).not.toContain('com//');
  });

  it('gets another token when the one before was refused', async () => {
    const source = sourceWith();
    expect(await source.getToken(never)).toBe('token-1');
    source.invalidate();
    expect(await source.getToken(never)).toBe('token-2');
  });

  it('says that the secret is wrong without repeating it', async () => {
    const error = await errorOf(sourceWith({ clientSecret: 'battery-staple' }).getToken(never));
    expect(error).toMatchObject({
      code: 'dataverse.unauthorised',
      details: { problem: protocol === 'https' ? 'AADSTS7000215' : 'invalid_client' },
    });
    expect(JSON.stringify(error) + String(error)).not.toMatch(/battery|Trace ID/);
  });

  it('says that nobody answers there', async () => {
    const source = sourceWith();
    await issuer.close();
    const error = await errorOf(source.getToken(never));
    expect(error).toMatchObject({ code: 'dataverse.unreachable', details: { host: new URL(issuer.authority).host } });
    await expect(errorOf(source.getToken(never))).resolves.toMatchObject({ code: 'dataverse.unreachable' });
  });
});

describe('signing in', () => {
  it.each([
    'http://login.example.org',
    'http://10.0.0.1:4530',
    'http://localhost.example.org',
    'ftp://127.0.0.1',
    'nonsense',
    'https://a:b@login.example.org',
  ])('never sends a secret to %s', (authority) => {
    expect(codeThrownBy(() => createTokenSource({ ...config, authority }, { clock: { nowMs: Date.now } }))).toBe(
      'dataverse.address_refused',
    );
  });

  it('uses the machine’s own identity when there is no secret', async () => {
    const issuer = await startIssuer('http');
    const before = { ...process.env };
    Object.assign(process.env, { IDENTITY_ENDPOINT: `${issuer.authority}/identity`, IDENTITY_HEADER: 'header' });
    try {
      const { tenantId: tenant, clientId, resource } = config;
      const source = createTokenSource(
        { authority: 'https://login.microsoftonline.com', tenantId: tenant, clientId, resource },
        { clock: { nowMs: Date.now } },
      );
      expect(await source.getToken(never)).toBe('managed');
      expect(issuer.identityRequests[0]).toContain('client_id=client');
      expect(issuer.identityRequests[0]).toContain(encodeURIComponent('https://contoso.crm4.dynamics.com'));
    } finally {
      process.env = before;
      await issuer.close();
    }
  });
});
