import { generateKeyPair, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { AppError } from '../../../api/src/errors/app-error.ts';
import { createTokenVerifier, type TokenVerifierOptions } from '../../../api/src/identity/token-verifier.ts';
import { Issuer, newKey, personId, tenantId } from './issuer.ts';

describe('the check of access tokens', () => {
  let issuer: Issuer;
  beforeEach(async () => {
    issuer = await Issuer.start();
  });
  afterEach(() => issuer.close());

  const verifierFor = (options: Partial<TokenVerifierOptions> = {}) =>
    createTokenVerifier({
      issuer: issuer.issuer,
      tenantId,
      audiences: ['api://crm-sync', 'crm-sync-client-id'],
      clock: { nowMs: () => issuer.nowMs },
      ...options,
    });
  const refusalOf = async (token: string | Promise<string>, verifier = verifierFor()): Promise<AppError> => {
    try {
      await verifier.verify(await token);
    } catch (error) {
      if (error instanceof AppError) return error;
      throw error;
    }
    throw new Error('the token was accepted');
  };

  it('knows a person and her roles', async () => {
    const caller = await verifierFor().verify(await issuer.token({ roles: ['Sync.Agent', 'Sync.Admin', 'Other.Role', 7] }));
    expect(caller).toEqual({ kind: 'person', objectId: personId, roles: ['Sync.Agent', 'Sync.Admin'] });
  });

  it.each<[string, JWTPayload]>([
    ['by the claim idtyp', { idtyp: 'app', azp: '22222222-2222-4222-8222-222222222222', scp: undefined }],
    [
      'by a subject that is its service principal',
      { sub: personId, scp: undefined, azp: undefined, appid: '22222222-2222-4222-8222-222222222222' },
    ],
  ])('knows an application %s', async (_how, claims) => {
    const caller = await verifierFor().verify(await issuer.token({ ...claims, roles: ['Sync.Admin'] }));
    expect(caller).toEqual({
      kind: 'application',
      objectId: personId,
      clientId: '22222222-2222-4222-8222-222222222222',
      roles: ['Sync.Admin'],
    });
  });

  it.each<[string, JWTPayload]>([
    ['without roles', { roles: undefined }],
    ['with a text for roles', { roles: 'Sync.Admin' }],
    ['with roles of other products', { roles: ['Sync.Administrator', 'sync.admin'] }],
  ])('gives a token %s no role', async (_case, claims) => {
    expect((await verifierFor().verify(await issuer.token(claims))).roles).toEqual([]);
  });

  it.each(['api://crm-sync', 'crm-sync-client-id'])('accepts the audience %s', async (aud) => {
    await expect(verifierFor().verify(await issuer.token({ aud }))).resolves.toMatchObject({ objectId: personId });
  });

  it.each<[string, JWTPayload, string]>([
    ['for another API', { aud: 'api://another' }, 'its aud is not accepted'],
    ['of another issuer', { iss: 'https://login.example.com/v2.0' }, 'its iss is not accepted'],
    ['of another tenant', { tid: '22222222-2222-4222-8222-222222222222' }, 'it is of another tenant'],
    ['without a tenant', { tid: undefined }, 'its tid is not accepted'],
    ['of nobody', { oid: undefined }, 'its oid is not accepted'],
    ['of somebody who is no GUID', { oid: 'x\r\nCallerObjectId: y' }, 'it names nobody (oid)'],
    ['that never ends', { exp: undefined }, 'its exp is not accepted'],
    ['of an application without an id', { idtyp: 'app', azp: undefined }, 'it names no application (azp, appid)'],
  ])('refuses a token %s', async (_case, claims, problem) => {
    const refusal = await refusalOf(issuer.token(claims));
    expect(refusal).toMatchObject({ code: 'identity.unauthorised', message: `A valid access token is needed: ${problem}` });
  });

  it('allows the clocks to differ by 60 seconds and no more', async () => {
    const verify = async (claims: JWTPayload) => verifierFor().verify(await issuer.token(claims));
    await expect(verify({ exp: issuer.nowSeconds - 59 })).resolves.toBeDefined();
    await expect(verify({ exp: issuer.nowSeconds - 61 })).rejects.toMatchObject({
      message: expect.stringContaining('it has expired') as string,
    });
    await expect(verify({ nbf: issuer.nowSeconds + 59 })).resolves.toBeDefined();
    await expect(verify({ nbf: issuer.nowSeconds + 61 })).rejects.toMatchObject({ message: expect.stringContaining('its nbf') as string });
  });

  it('refuses a signature by another key under the same name', async () => {
    const other = await newKey('first');
    expect(await refusalOf(issuer.token({}, {}, other.privateKey))).toMatchObject({
      message: 'A valid access token is needed: its signature does not match',
    });
  });

  it('refuses a changed token', async () => {
    const [header, , signature] = (await issuer.token()).split('.');
    const claims = Buffer.from(JSON.stringify(issuer.claims({ roles: ['Sync.Admin'] }))).toString('base64url');
    expect(await refusalOf(`${header}.${claims}.${signature}`)).toMatchObject({ code: 'identity.unauthorised' });
  });

  it.each<[string, () => Promise<string>]>([
    ['no signature at all (alg none)', async () => new UnsecuredJWT(issuer.claims()).encode()],
    [
      'a signature that uses the public key as a password (HS256)',
      () =>
        new SignJWT(issuer.claims())
          .setProtectedHeader({ alg: 'HS256', kid: 'first' })
          .sign(Buffer.from(JSON.stringify(issuer.key.published))),
    ],
    [
      'another kind of key (ES256)',
      async () => {
        const { privateKey } = await generateKeyPair('ES256');
        return new SignJWT(issuer.claims()).setProtectedHeader({ alg: 'ES256', kid: 'first' }).sign(privateKey);
      },
    ],
    ['nothing but words', async () => 'not.a.token'],
    ['an empty text', async () => ''],
    ['a part missing', async () => (await issuer.token()).split('.').slice(0, 2).join('.')],
  ])('refuses %s', async (_case, makeToken) => {
    const refusal = await refusalOf(makeToken());
    expect(refusal.code).toBe('identity.unauthorised');
  });

  it('follows the issuer to a new key, and fetches keys for forged key ids no more than once in a while', async () => {
    const verifier = verifierFor({ cooldownMs: 0 });
    await verifier.verify(await issuer.token());
    const oldToken = await issuer.token();
    issuer.key = await newKey('second');
    await expect(verifier.verify(await issuer.token())).resolves.toBeDefined();
    expect(await refusalOf(oldToken, verifier)).toMatchObject({ code: 'identity.unauthorised' });

    const patient = verifierFor({ cooldownMs: 60_000 });
    await patient.verify(await issuer.token());
    const before = issuer.requests.length;
    for (let i = 0; i < 5; i += 1) await refusalOf(issuer.token({}, { kid: `forged-${i}` }), patient);
    expect(issuer.requests.length).toBe(before);
  });

  it('asks the issuer once, however many callers come first', async () => {
    const verifier = verifierFor();
    const token = await issuer.token();
    await Promise.all(Array.from({ length: 20 }, () => verifier.verify(token)));
    expect(issuer.requests).toEqual([`/${tenantId}/v2.0/.well-known/openid-configuration`, '/keys']);
  });

  it('takes the keys from a given address without asking for it', async () => {
    const verifier = verifierFor({ jwksUrl: `${issuer.url}/keys` });
    await verifier.verify(await issuer.token());
    expect(issuer.requests).toEqual(['/keys']);
  });

  it('says that the issuer is at fault when it is, and recovers with it', async () => {
    const verifier = verifierFor();
    issuer.status = 503;
    expect(await refusalOf(issuer.token(), verifier)).toMatchObject({ code: 'identity.unavailable', status: 503, isRetryable: true });
    issuer.status = 200;
    await expect(verifier.verify(await issuer.token())).resolves.toBeDefined();
  });

  it('says so when nobody answers', async () => {
    const token = await issuer.token();
    const verifier = verifierFor();
    await issuer.close();
    expect(await refusalOf(token, verifier)).toMatchObject({ code: 'identity.unavailable' });
    issuer = await Issuer.start();
  });

  it.each<[string, object]>([
    ['of another issuer', { issuer: 'https://login.example.com' }],
    ['without keys', { jwks_uri: undefined }],
    ['with keys over plain http from afar', { jwks_uri: 'http://login.example.com/keys' }],
  ])('does not trust a discovery document %s', async (_case, discovery) => {
    issuer.discovery = discovery;
    await expect(verifierFor().verify(await issuer.token())).rejects.toBeInstanceOf(AppError);
    expect(issuer.requests).toHaveLength(1);
  });

  it.each(['http://login.example.com/t/v2.0', 'ftp://127.0.0.1/t', 'nonsense', 'http://127.0.0.1.example.com/t'])(
    'does not start with the issuer %s',
    (address) => {
      expect(() => verifierFor({ issuer: address })).toThrow('the address must be https');
    },
  );

  it('does not start without an audience', () => {
    expect(() => verifierFor({ audiences: [] })).toThrow('there are none');
  });

  it('never repeats a token', async () => {
    const token = await issuer.token({ aud: 'api://another' });
    const refusal = await refusalOf(token);
    expect(JSON.stringify([refusal.message, refusal.help, refusal.details])).not.toContain(token.split('.')[2]);
  });
});
