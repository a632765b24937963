import { randomBytes } from 'node:crypto';
import type { CredentialStore } from '../../api/src/crm/sign-in/types.ts';
import { createSeal } from '../../api/src/store/credentials/seal.ts';
import type { Store } from '../../api/src/store/types.ts';
import { startCrm } from '../api/crm/support/crm-server.ts';
import { idsOf, never, openPeople, peopleManifest, readRecords } from '../api/crm/support/people-crm.ts';
import { type TestDatabase, databaseKinds, server } from '../support/databases.ts';

const key = randomBytes(32);
const credentialsOf = (store: Store): CredentialStore => {
  if (store.credentials === null) throw new Error('the store has no key');
  return store.credentials;
};

describe.each(databaseKinds)('tokens in $name', (kind) => {
  let database: TestDatabase;
  let store: Store;

  beforeAll(async () => {
    database = await kind.create();
    store = await database.open({ sealKeys: [key] });
  }, 120_000);
  afterAll(async () => {
    await store.close();
    await database.remove();
  });

  it('come back as they were stored, and are replaced only by who knows what is there', async () => {
    const credentials = credentialsOf(store);
    expect(await credentials.read('a', 'token')).toBeNull();
    expect(await credentials.replace('a', 'token', 'something', 'one')).toBe(false);
    expect(await credentials.replace('a', 'token', null, 'one')).toBe(true);
    const results = await Promise.all(['two', 'three', 'four'].map((value) => credentials.replace('a', 'token', 'one', value)));
    expect(results.filter(Boolean)).toHaveLength(1);
    expect(['two', 'three', 'four']).toContain(await credentials.read('a', 'token'));
    expect(await credentials.read('b', 'token')).toBeNull();
  });

  it('have one holder at a time, until it lets go or its time is over', async () => {
    const credentials = credentialsOf(store);
    expect(await credentials.claim('held', 'token', 'one', 60_000)).toBe(true);
    expect(await credentials.claim('held', 'token', 'two', 60_000)).toBe(false);
    await credentials.release('held', 'token', 'two');
    expect(await credentials.claim('held', 'token', 'two', 60_000)).toBe(false);
    await credentials.release('held', 'token', 'one');
    // It dies with a lease that has ended already.
    expect(await credentials.claim('held', 'token', 'two', -1)).toBe(true);
    expect(await credentials.claim('held', 'token', 'three', 60_000)).toBe(true);
  });

  it('a source is known by the tenant that it had first', async () => {
    expect(await store.tenants.pin('s', 'org-1')).toEqual({ isSame: true });
    expect(await store.tenants.pin('s', 'org-1')).toEqual({ isSame: true });
    expect(await store.tenants.pin('s', 'org-2')).toEqual({ isSame: false });
    expect(await store.tenants.pin('other', 'org-2')).toEqual({ isSame: true });
  });

  it('cannot be stored without a key, and not be read with another one', async () => {
    await credentialsOf(store).replace('sealed', 'token', null, 'very secret');
    await store.close();
    const keyless = await database.open();
    expect(keyless.credentials).toBeNull();
    await keyless.close();
    const otherKey = await database.open({ sealKeys: [randomBytes(32)] });
    await expect(credentialsOf(otherKey).read('sealed', 'token')).rejects.toMatchObject({ code: 'store.credential_unreadable' });
    await otherKey.close();
    const raw = await database.openRaw();
    const { rows } = await raw.query<{ sealed: string }>(
      `select sealed from ${database.options.schema}.credential where source_id = 'sealed'`,
    );
    expect(JSON.stringify(rows)).not.toContain('very secret');
    await raw.close();
    store = await database.open({ sealKeys: [randomBytes(32), key] });
    expect(await credentialsOf(store).read('sealed', 'token')).toBe('very secret');
    // The embedded database is opened four times here.
  }, 120_000);
});

describe('a seal', () => {
  it('opens only for the context that it was made for, and not when a single sign is changed', () => {
    const seal = createSeal([key]);
    const sealed = seal.seal('text', 'a.token');
    expect(seal.open(sealed, 'a.token')).toBe('text');
    expect(seal.open(sealed, 'b.token')).toBeNull();
    for (let position = 0; position < sealed.length - 1; position += 7) {
      const changed = `${sealed.slice(0, position)}${sealed[position] === 'A' ? 'B' : 'A'}${sealed.slice(position + 1)}`;
      expect(seal.open(changed, 'a.token')).toBeNull();
    }
    expect(seal.seal('text', 'a.token')).not.toBe(sealed);
  });
});

describe('two processes that share a store', () => {
  it('refresh a rotating token once, and both go on; a third that comes later needs no refresh', async () => {
    const database = await server.create();
    const stores = await Promise.all([database.open({ sealKeys: [key] }), database.open({ sealKeys: [key] })]);
    let refreshes = 0;
    let expected = 'a-very-secret-key';
    let arrived = 0;
    let letGo = (): void => undefined;
    const bothAreHere = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    const crm = await startCrm(async ({ path, body, headers }) => {
      if (path === '/oauth/token') {
        const given = new URLSearchParams(body).get('refresh_token');
        if (given !== expected) return { status: 400, body: { error: 'invalid_grant' } };
        refreshes += 1;
        expected = `r${refreshes}`;
        // The other one asks for a token while this one waits for its own.
        await bothAreHere;
        return { body: { access_token: `t${refreshes}`, refresh_token: expected, expires_in: 3600 } };
      }
      return headers.authorization === `Bearer t${refreshes}` ? { body: { data: [{ id: 1, updated: null }] } } : { status: 401, body: {} };
    });
    const manifest = peopleManifest(
      {},
      {
        auth: {
          kind: 'oauth2',
          grant: 'refreshToken',
          tokenUrl: '{{settings.baseUrl}}/oauth/token',
          clientId: 'c',
          refreshToken: '{{settings.key}}',
        },
      },
    );
    const openOn = (store: Store) => {
      const credentials = credentialsOf(store);
      return openPeople(manifest, crm.url, {
        credentials: {
          ...credentials,
          claim: async (...args) => {
            const isMine = await credentials.claim(...args);
            arrived += 1;
            if (arrived >= 2) letGo();
            return isMine;
          },
        },
      }).people;
    };
    const read = async (store: Store) => idsOf(await readRecords(openOn(store).listAll(null, never)));
    try {
      expect(await Promise.all(stores.map(read))).toEqual([['1'], ['1']]);
      expect(refreshes).toBe(1);
      const [first] = stores;
      if (first !== undefined) expect(await read(first)).toEqual(['1']);
      expect(refreshes).toBe(1);
    } finally {
      letGo();
      await crm.stop();
      await Promise.all(stores.map((store) => store.close()));
      await database.remove();
    }
  });
});
