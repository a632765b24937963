import type { Manifest } from '../../../api/src/crm/manifest/schema/manifest.ts';
import { type CrmReply, type CrmRequest, startCrm } from './support/crm-server.ts';
import { idsOf, never, openPeople, peopleManifest, readRecords } from './support/people-crm.ts';
import { failureOf } from '../../unit/crm/failure-of.ts';
import { type Auth, crmsOfEachTest, oauth2, startTokenCrm } from './support/token-crm.ts';

const { keep, open } = crmsOfEachTest();

describe('signing in to a session', () => {
  const session = (more: Partial<Extract<Auth, { kind: 'session' }>>): Auth => ({
    kind: 'session',
    login: { path: '/login', body: { user: 'me', password: '{{settings.key}}' } },
    token: 'session.id',
    send: { in: 'header', name: 'X-Session' },
    ...more,
  });

  it.each<readonly [string, Auth, CrmReply, (request: CrmRequest) => string | undefined]>([
    ['in the body', session({}), { body: { session: { id: 's1' } } }, ({ headers }) => headers['x-session']?.toString()],
    [
      'in a header',
      session({ token: { header: 'X-Token' } }),
      { headers: { 'x-token': 's1' }, body: {} },
      ({ headers }) => headers['x-session']?.toString(),
    ],
    [
      'in a cookie',
      session({ token: { cookie: 'SID' }, send: { in: 'cookie', name: 'SID' } }),
      { headers: { 'set-cookie': 'SID=s1; Path=/; HttpOnly' }, body: {} },
      ({ headers }) => headers.cookie?.replace('SID=', ''),
    ],
    [
      'for the address',
      session({ send: { in: 'query', name: 'sid' } }),
      { body: { session: { id: 's1' } } },
      ({ query }) => query.get('sid') ?? undefined,
    ],
  ])('takes a token %s', async (_where, auth, reply, carried) => {
    const { crm, accept, tokenRequests } = await startTokenCrm(() => reply, carried);
    accept('s1');
    expect(idsOf(await readRecords(open(crm, auth).listAll(null, never)))).toEqual(['1']);
    expect(JSON.parse(tokenRequests[0]?.body ?? '')).toEqual({ user: 'me', password: 'a-very-secret-key' });
  });

  it('signs in again when the CRM says with HTTP 200 that the session has ended', async () => {
    let logins = 0;
    const crm = await startCrm(({ path, headers }) => {
      if (path === '/login') return { body: { session: { id: `s${(logins += 1)}` } } };
      return headers['x-session'] === 's2'
        ? { body: { data: [{ id: 1, updated: null }] } }
        : { body: { error: { code: 'SESSION_EXPIRED' } } };
    });
    keep(crm);
    const manifest = peopleManifest({}, { auth: session({}), errors: [{ when: 'error.code == "SESSION_EXPIRED"', do: 'signInAgain' }] });
    expect(idsOf(await readRecords(openPeople(manifest, crm.url).people.listAll(null, never)))).toEqual(['1']);
    expect(logins).toBe(2);
  });
});

describe('several sign-ins to choose from', () => {
  const auth: Manifest['auth'] = [
    { ...oauth2({}), id: 'oauth' },
    { kind: 'apiKey', id: 'key', in: 'header', name: 'X-Key', value: '{{settings.apiKey}}' },
  ];
  const manifest = peopleManifest({}, { auth });
  const withKey: Manifest = {
    ...manifest,
    connection: { ...manifest.connection, settings: { ...manifest.connection.settings, apiKey: { type: 'secret', title: 'API key' } } },
  };

  it('need only the settings of the chosen one', async () => {
    const crm = await startCrm(() => ({ body: { data: [] } }));
    keep(crm);
    const sourceWith = (settings: Readonly<Record<string, string>>) => ({
      source: { id: 'test', settings: { baseUrl: crm.url, ...settings }, allowPrivateNetwork: true },
    });
    await readRecords(openPeople(withKey, crm.url, sourceWith({ signIn: 'key', apiKey: 'k' })).people.listAll(null, never));
    expect(crm.requests.map(({ headers }) => headers['x-key'])).toEqual(['k']);
    expect(failureOf(() => openPeople(withKey, crm.url, sourceWith({ signIn: 'key' })))).toMatchObject({
      details: { problem: '“apiKey” (API key) is missing' },
    });
    expect(failureOf(() => openPeople(withKey, crm.url, sourceWith({ signIn: 'magic' })))).toMatchObject({
      code: 'source.settings_invalid',
    });
  });
});
