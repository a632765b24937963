import { createVerify, generateKeyPairSync } from 'node:crypto';
import { type CrmRequest, startCrm } from './support/crm-server.ts';
import { createMemoryCredentials } from './support/memory-credentials.ts';
import { idsOf, never, openPeople, peopleManifest, readRecords } from './support/people-crm.ts';
import { failureOf } from '../../unit/crm/failure-of.ts';
import { crmsOfEachTest, oauth2, startTokenCrm } from './support/token-crm.ts';

const { keep, open } = crmsOfEachTest();
const form = (request: CrmRequest | undefined) => Object.fromEntries(new URLSearchParams(request?.body));

describe('signing in with OAuth', () => {
  it('fetches a token once for requests that come together, and carries it', async () => {
    const { crm, tokenRequests, accept } = await startTokenCrm(() => ({ body: { access_token: 't1', expires_in: 3600 } }));
    accept('Bearer t1');
    const people = open(crm, oauth2({ scope: 'read', extra: { audience: 'https://api.example' } }));
    await Promise.all([
      readRecords(people.listAll(null, never)),
      readRecords(people.listAll(null, never)),
      people.getOne('1', never).catch(() => null),
    ]);
    expect(tokenRequests.map(form)).toEqual([
      {
        grant_type: 'client_credentials',
        client_id: 'client',
        client_secret: 'a-very-secret-key',
        scope: 'read',
        audience: 'https://api.example',
      },
    ]);
  });

  it('sends id and secret as HTTP Basic, parameters as JSON, and its own word before the token, where the CRM wants that', async () => {
    const { crm, tokenRequests, accept } = await startTokenCrm(() => ({ body: { access_token: 't1' } }));
    accept('Zoho-oauthtoken t1');
    const people = open(crm, oauth2({ clientAuth: 'basic', encoding: 'json', scheme: 'Zoho-oauthtoken' }));
    expect(idsOf(await readRecords(people.listAll(null, never)))).toEqual(['1']);
    expect(tokenRequests[0]?.headers.authorization).toBe(`Basic ${Buffer.from('client:a-very-secret-key').toString('base64')}`);
    expect(JSON.parse(tokenRequests[0]?.body ?? '')).toEqual({ grant_type: 'client_credentials' });
  });

  it('fetches another token before the old one ends, and when the CRM refuses it although it says nothing of an end', async () => {
    let nowMs = 1_000_000;
    const { crm, tokenRequests, accept } = await startTokenCrm((_request, count) => ({
      body: count === 1 ? { access_token: 't1', expires_in: '100' } : { access_token: `t${count}` },
    }));
    accept('Bearer t1');
    const people = open(crm, oauth2({}), { clock: { nowMs: () => nowMs } });
    await readRecords(people.listAll(null, never));
    nowMs += 50_000;
    accept('Bearer t2');
    await readRecords(people.listAll(null, never));
    accept('Bearer t3');
    await readRecords(people.listAll(null, never));
    expect(tokenRequests).toHaveLength(3);
    accept('nobody');
    await expect(readRecords(people.listAll(null, never))).rejects.toMatchObject({ code: 'crm.unauthorised' });
    expect(tokenRequests).toHaveLength(4);
  });

  it('does not fetch tokens more often than the manifest allows', async () => {
    const { crm, tokenRequests } = await startTokenCrm((_request, count) => ({ body: { access_token: `t${count}` } }));
    const people = open(crm, oauth2({ minInterval: '1m' }));
    await expect(readRecords(people.listAll(null, never))).rejects.toMatchObject({ code: 'crm.sign_in_too_often' });
    expect(tokenRequests).toHaveLength(1);
  });

  it('signs an assertion with the key of the settings', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const { crm, tokenRequests, accept } = await startTokenCrm(() => ({ body: { access_token: 't1' } }));
    accept('Bearer t1');
    const manifest = peopleManifest(
      {},
      {
        auth: oauth2({
          grant: 'jwtBearer',
          jwt: { key: '{{settings.key}}', issuer: 'client', subject: 'me@example.com', audience: 'https://login.example' },
        }),
      },
    );
    keep(crm);
    const { people } = openPeople(manifest, crm.url, {
      source: {
        id: 'test',
        settings: { baseUrl: crm.url, key: String(privateKey.export({ type: 'pkcs8', format: 'pem' })).replaceAll('\n', '\\n') },
        allowPrivateNetwork: true,
      },
    });
    await readRecords(people.listAll(null, never));
    const { grant_type: grant, assertion = '' } = form(tokenRequests[0]);
    const [header = '', claims = '', signature = ''] = assertion.split('.');
    expect(grant).toBe('urn:ietf:params:oauth:grant-type:jwt-bearer');
    expect(createVerify('sha256').update(`${header}.${claims}`).verify(publicKey, Buffer.from(signature, 'base64url'))).toBe(true);
    const said = JSON.parse(Buffer.from(claims, 'base64url').toString()) as Record<string, unknown>;
    expect(said).toMatchObject({ iss: 'client', sub: 'me@example.com', aud: 'https://login.example' });
    expect(Number(said.exp) - Number(said.iat)).toBe(180);
  });

  it('says why the CRM refused, in the CRM’s own word and without the secret', async () => {
    const { crm } = await startTokenCrm(() => ({ status: 400, body: { error: 'invalid_client', error_description: 'a-very-secret-key' } }));
    const failure = await readRecords(open(crm, oauth2({})).listAll(null, never)).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'crm.sign_in_refused', details: { reason: 'invalid_client', status: 400 } });
    expect(JSON.stringify(failure) + String(failure)).not.toContain('a-very-secret-key');
  });

  it('goes to the address that the token names, if the manifest allows its host', async () => {
    const other = await startCrm(() => ({ body: { data: [{ id: 9, updated: null }] } }));
    const { crm } = await startTokenCrm(() => ({ body: { access_token: 't1', instance_url: other.url } }));
    keep(crm);
    const auth = oauth2({ baseUrlFrom: 'instance_url' });
    const connection = { settings: peopleManifest().connection.settings ?? {}, baseUrl: '{{settings.baseUrl}}' };
    const moved = peopleManifest({}, { auth, connection: { ...connection, hosts: [new URL(other.url).host] } });
    expect(idsOf(await readRecords(openPeople(moved, crm.url).people.listAll(null, never)))).toEqual(['9']);
    const strict = openPeople(peopleManifest({}, { auth }), crm.url).people;
    await expect(readRecords(strict.listAll(null, never))).rejects.toMatchObject({ code: 'crm.host_refused' });
    await other.stop();
  });
});

describe('signing in with a refresh token that changes with every use', () => {
  const auth = oauth2({ grant: 'refreshToken', refreshToken: '{{settings.key}}' });
  /** Accepts only the newest refresh token, as Zendesk does. */
  const startRotating = () => {
    let expected = 'a-very-secret-key';
    return startTokenCrm((request, count) => {
      if (form(request).refresh_token !== expected) return { status: 400, body: { error: 'invalid_grant' } };
      expected = `refresh${count}`;
      return { body: { access_token: `t${count}`, refresh_token: expected, expires_in: 600 } };
    });
  };

  it('is refused where the new one could not be stored', () => {
    expect(failureOf(() => openPeople(peopleManifest({}, { auth }), 'http://127.0.0.1:9'))).toMatchObject({
      code: 'source.secrets_key_missing',
    });
  });

  it('stores the new one before the access token is used', async () => {
    const { crm, accept } = await startRotating();
    const credentials = createMemoryCredentials();
    accept('Bearer t1');
    const stored: (string | null)[] = [];
    const people = open(crm, auth, {
      credentials: {
        ...credentials,
        replace: async (...args) => {
          const done = await credentials.replace(...args);
          stored.push(await credentials.read('test', 'token'));
          expect(crm.requests.filter(({ path }) => path === '/people')).toEqual([]);
          return done;
        },
      },
    });
    await readRecords(people.listAll(null, never));
    expect(stored).toEqual([expect.stringContaining('refresh1')]);
  });

  it('goes on from the stored one when the process was killed before it used it', async () => {
    const { crm, accept, tokenRequests } = await startRotating();
    const credentials = createMemoryCredentials();
    accept('Bearer t1');
    const killed = open(crm, auth, { credentials });
    await killed.getOne('1', AbortSignal.timeout(1)).catch(() => null);
    await readRecords(killed.listAll(null, never));
    const after = openPeople(peopleManifest({}, { auth }), crm.url, { credentials }).people;
    expect(idsOf(await readRecords(after.listAll(null, never)))).toEqual(['1']);
    expect(tokenRequests).toHaveLength(1);
  });

  it('says that somebody has to sign in again when the CRM no longer takes it', async () => {
    const { crm } = await startTokenCrm(() => ({ status: 400, body: { error: 'invalid_grant' } }));
    const people = open(crm, auth, { credentials: createMemoryCredentials() });
    await expect(readRecords(people.listAll(null, never))).rejects.toMatchObject({ code: 'crm.signed_out' });
  });

  it('begins anew when the admin configures another one', async () => {
    const { crm, accept, tokenRequests } = await startTokenCrm((_request, count) => ({
      body: { access_token: `t${count}`, refresh_token: `r${count}` },
    }));
    const credentials = createMemoryCredentials();
    accept('Bearer t1');
    await readRecords(open(crm, auth, { credentials }).listAll(null, never));
    accept('Bearer t2');
    const source = { id: 'test', settings: { baseUrl: crm.url, key: 'another' }, allowPrivateNetwork: true };
    await readRecords(openPeople(peopleManifest({}, { auth }), crm.url, { credentials, source }).people.listAll(null, never));
    expect(tokenRequests.map((request) => form(request).refresh_token)).toEqual(['a-very-secret-key', 'another']);
  });
});

describe('signing in with a browser', () => {
  const auth = oauth2({ grant: 'authorizationCode', authorizeUrl: '{{settings.baseUrl}}/oauth/authorize', scope: 'read' });

  it('sends the browser with a state and a proof key, and takes the code once', async () => {
    const { crm, accept, tokenRequests } = await startTokenCrm(() => ({ body: { access_token: 't1', refresh_token: 'r1' } }));
    keep(crm);
    accept('Bearer t1');
    const credentials = createMemoryCredentials();
    const { connector, people } = openPeople(peopleManifest({}, { auth }), crm.url, { credentials });
    await expect(readRecords(people.listAll(null, never))).rejects.toMatchObject({ code: 'crm.not_signed_in' });
    const { address, state } = (await connector.browserSignIn?.begin('https://sync.example/api/sign-in/return')) ?? {
      address: '',
      state: '',
    };
    const query = Object.fromEntries(new URL(address).searchParams);
    expect(query).toMatchObject({ response_type: 'code', client_id: 'client', state, scope: 'read', code_challenge_method: 'S256' });
    await expect(connector.browserSignIn?.finish({ state: `${state}x`, code: 'c' }, never)).rejects.toMatchObject({
      code: 'source.sign_in_stale',
    });
    await connector.browserSignIn?.finish({ state, code: 'the-code' }, never);
    expect(form(tokenRequests[0])).toMatchObject({
      grant_type: 'authorization_code',
      code: 'the-code',
      redirect_uri: 'https://sync.example/api/sign-in/return',
    });
    await expect(connector.browserSignIn?.finish({ state, code: 'the-code' }, never)).rejects.toMatchObject({
      code: 'source.sign_in_stale',
    });
    expect(idsOf(await readRecords(people.listAll(null, never)))).toEqual(['1']);
  });
});
