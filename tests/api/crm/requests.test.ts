import { gzipSync } from 'node:zlib';
import type { Manifest } from '../../../api/src/crm/manifest/schema/manifest.ts';
import { type CrmReply, startCrm } from './support/crm-server.ts';
import { never, openPeople, peopleManifest, readPages, secretKey } from './support/people-crm.ts';
import { failureOf } from '../../unit/crm/failure-of.ts';

const list = async (manifest: Manifest, answer: (count: number) => CrmReply | Promise<CrmReply>, signal: AbortSignal = never) => {
  const crm = await startCrm((_request, count) => answer(count));
  const { people, connector, slept } = openPeople(manifest, crm.url);
  try {
    const result = await readPages(people.listAll(null, signal)).catch((error: unknown) => error);
    return { result, requests: crm.requests, slept, connector };
  } finally {
    await crm.stop();
  }
};
const good: CrmReply = { body: { data: [] } };
const sequence =
  (...replies: readonly CrmReply[]) =>
  (count: number): CrmReply =>
    replies[Math.min(count, replies.length) - 1] ?? good;

describe('signing in', () => {
  it.each<readonly [string, Manifest['auth'], string, string]>([
    ['a key in a header', { kind: 'apiKey', in: 'header', name: 'X-Key', value: '{{settings.key}}' }, 'x-key', secretKey],
    ['a bearer token', { kind: 'bearer', token: '{{settings.key}}' }, 'authorization', `Bearer ${secretKey}`],
    [
      'a token with a word of the CRM’s own',
      { kind: 'bearer', token: '{{settings.key}}', scheme: 'Zoho-oauthtoken' },
      'authorization',
      `Zoho-oauthtoken ${secretKey}`,
    ],
    [
      'Basic',
      { kind: 'basic', user: 'me/token', password: '{{settings.key}}' },
      'authorization',
      `Basic ${Buffer.from(`me/token:${secretKey}`).toString('base64')}`,
    ],
  ])('works with %s', async (_what, auth, header, value) => {
    const { requests } = await list(peopleManifest({}, { auth }), () => good);
    expect(requests[0]?.headers[header]).toBe(value);
  });

  it('works with a key in the address, which no checkpoint and no error holds', async () => {
    const auth: Manifest['auth'] = { kind: 'apiKey', in: 'query', name: 'api_key', value: '{{settings.key}}' };
    const page: Manifest['page'] = { kind: 'nextLink', from: 'next' };
    const { result, requests } = await list(peopleManifest({ page }, { auth }), (count) =>
      count === 1 ? { body: { data: [{ id: 1, updated: null }], next: `/people?page=2&api_key=${secretKey}` } } : good,
    );
    expect(requests.map(({ query }) => query.getAll('api_key'))).toEqual([[secretKey], [secretKey]]);
    expect(JSON.stringify(result)).not.toContain(secretKey);
    const { result: failure } = await list(peopleManifest({}, { auth }), () => ({ status: 400, body: { echo: secretKey } }));
    expect(failure).toMatchObject({ code: 'crm.refused' });
  });
});

describe('a request that fails', () => {
  it('is made again after what passes: cut connections, 408, 425, 429 and 5xx', async () => {
    const { result, requests, slept } = await list(
      peopleManifest(),
      sequence({ isCut: true }, { status: 503 }, { status: 429 }, { status: 425 }, good),
    );
    expect(result).toHaveLength(1);
    expect(requests).toHaveLength(5);
    expect(slept).toEqual([550, 1100, 2200, 4400]);
  });

  it('waits as long as the CRM says, in seconds or until a date', async () => {
    const { slept } = await list(peopleManifest(), sequence({ status: 429, headers: { 'retry-after': '7' } }, good));
    expect(slept).toEqual([7000]);
    const { slept: sleptForDate } = await list(
      peopleManifest(),
      sequence({ status: 503, headers: { date: 'Thu, 01 Jan 2026 00:00:00 GMT', 'retry-after': 'Thu, 01 Jan 2026 00:00:09 GMT' } }, good),
    );
    expect(sleptForDate[0]).toBeGreaterThan(7000);
    expect(sleptForDate[0]).toBeLessThanOrEqual(9000);
  });

  it.each<readonly [string, CrmReply, string, object]>([
    ['5xx that does not pass', { status: 502 }, 'crm.failing', { source: 'test', status: 502, tries: 5 }],
    ['429 that does not let up', { status: 429 }, 'crm.rate_limited', { source: 'test' }],
    ['an hour’s pause', { status: 429, headers: { 'retry-after': '3600' } }, 'crm.rate_limited', { source: 'test' }],
    ['401', { status: 401 }, 'crm.unauthorised', { source: 'test', status: 401 }],
    ['403', { status: 403 }, 'crm.forbidden', { status: 403 }],
    ['404 of a list', { status: 404 }, 'crm.refused', { status: 404, what: 'the list of contact (GET /people)' }],
    ['400', { status: 400 }, 'crm.refused', { status: 400 }],
  ])('is reported by its meaning: %s', async (_what, reply, code, details) => {
    expect((await list(peopleManifest(), () => reply)).result).toMatchObject({ code, details });
  });

  it('is reported as unreachable when nothing listens, without the key or the address’s query', async () => {
    const crm = await startCrm(() => good);
    await crm.stop();
    const { people } = openPeople(peopleManifest({ list: { path: '/people', query: { q: 'private' } } }), crm.url);
    const failure: unknown = await readPages(people.listAll(null, never)).catch((error: unknown) => error);
    expect(failure).toMatchObject({
      code: 'crm.unreachable',
      details: { problem: 'nothing listens there', host: crm.url.slice('http://'.length) },
    });
    const everything = JSON.stringify([failure, Object.entries(failure as object), (failure as Error).stack, (failure as Error).cause]);
    expect(everything).not.toContain(secretKey);
    expect(everything).not.toContain('private');
  });

  it('is given up after the manifest’s time when the CRM begins to answer and never ends', async () => {
    const { result } = await list(peopleManifest({}, { http: { timeout: '100ms', tries: 2 } }), () => ({ isStalled: true }));
    expect(result).toMatchObject({ code: 'crm.unreachable', details: { problem: 'no answer in time' } });
  });

  it('never repeats what the CRM said', async () => {
    const { result } = await list(peopleManifest(), () => ({ status: 400, body: { error: 'maria.anders@example.com is unknown' } }));
    expect(JSON.stringify([result, (result as Error).stack])).not.toContain('maria');
  });

  it('means what the manifest says, also with status 200', async () => {
    const errors: Manifest['errors'] = [
      { status: 200, when: 'ok == false', do: 'refuse' },
      { status: 400, contains: 'nothing found', do: 'empty' },
    ];
    expect((await list(peopleManifest({}, { errors }), () => ({ body: { ok: false } }))).result).toMatchObject({
      code: 'crm.refused',
      details: { status: 200 },
    });
    expect((await list(peopleManifest({}, { errors }), () => ({ status: 400, body: 'nothing found' }))).result).toEqual([
      { records: [], unreadable: [], next: null },
    ]);
  });

  it('stops at once when it is no longer wanted', async () => {
    const stop = new AbortController();
    const reason = new Error('no longer wanted');
    const { result } = await list(
      peopleManifest(),
      () => {
        stop.abort(reason);
        return { isStalled: true };
      },
      stop.signal,
    );
    expect(result).toBe(reason);
  });
});

describe('where requests go', () => {
  const page: Manifest['page'] = { kind: 'nextLink', from: 'next' };

  it('is never where a next link or a redirect of the CRM says, outside the allowed hosts', async () => {
    const elsewhere = await startCrm(() => good);
    const { result } = await list(peopleManifest({ page }), () => ({
      body: { data: [{ id: 1, updated: null }], next: `${elsewhere.url}/people` },
    }));
    expect(result).toMatchObject({ code: 'crm.host_refused', details: { host: elsewhere.url.slice('http://'.length) } });
    const { result: redirected } = await list(peopleManifest(), () => ({ status: 307, headers: { location: elsewhere.url } }));
    expect(redirected).toMatchObject({ code: 'crm.bad_answer' });
    expect(elsewhere.requests).toEqual([]);
    await elsewhere.stop();
  });

  it('is checked again for the links that checkpoints hold', async () => {
    const { people } = openPeople(peopleManifest({ page }), 'http://127.0.0.1:9');
    const checkpoint = { at: 'http://169.254.169.254/latest/meta-data', pagesRead: 1, recordsRead: 1 };
    await expect(readPages(people.listAll(checkpoint, never))).rejects.toMatchObject({ code: 'crm.host_refused' });
  });

  it('is never a private address, unless the admin says so', async () => {
    const crm = await startCrm(() => good);
    const { port } = new URL(crm.url);
    const settings = (baseUrl: string) => ({ source: { id: 'test', settings: { baseUrl, key: 'k' } } });
    expect(failureOf(() => openPeople(peopleManifest(), crm.url, settings(crm.url)))).toMatchObject({ code: 'source.settings_invalid' });
    for (const host of ['127.0.0.1', 'localhost', '[::1]', '[::ffff:127.0.0.1]', '2130706433', '0x7f.1']) {
      const { people } = openPeople(peopleManifest(), crm.url, settings(`https://${host}:${port}`));
      await expect(readPages(people.listAll(null, never))).rejects.toMatchObject({ code: 'crm.private_address' });
    }
    expect(crm.requests).toEqual([]);
    await crm.stop();
  });
});

describe('an answer', () => {
  it('may be compressed', async () => {
    const body = gzipSync(JSON.stringify({ data: [{ id: 1, updated: null }] }));
    const { result } = await list(peopleManifest(), () => ({ headers: { 'content-encoding': 'gzip' }, body }));
    expect(result).toMatchObject([{ records: [{ id: '1' }] }]);
  });

  it('may not be a bomb', async () => {
    const body = gzipSync(Buffer.alloc(80 * 1024 * 1024, ' '));
    const { result } = await list(peopleManifest(), () => ({ headers: { 'content-encoding': 'gzip' }, body }));
    expect(result).toMatchObject({ code: 'crm.bad_answer', details: { problem: expect.stringContaining('larger than 64 MB') as string } });
  });

  it('tells the CRM’s time', async () => {
    const ours = Date.UTC(2026, 0, 1);
    const crm = await startCrm(() => ({ ...good, headers: { date: 'Thu, 01 Jan 2026 00:01:00 GMT' } }));
    const { connector } = openPeople(peopleManifest(), crm.url, { clock: { nowMs: () => ours } });
    expect(await connector.check(never)).toEqual({ isReachable: true, clockSkewMs: 60_500, tookMs: 0, notes: [] });
    expect(connector.nowMs()).toBe(ours + 60_000);
    await crm.stop();
  });
});

describe('testing a connection', () => {
  const probed = (reply: CrmReply) =>
    startCrm(({ path }) => (path === '/ping' ? reply : { status: 500 })).then(async (crm) => {
      const { connector } = openPeople(peopleManifest({}, { probe: { path: '/ping', expect: 'ready == true' } }), crm.url);
      const result: unknown = await connector.check(never).catch((error: unknown) => error);
      await crm.stop();
      return result;
    });

  it('makes the manifest’s probe and looks at the answer', async () => {
    expect(await probed({ body: { ready: true } })).toMatchObject({ isReachable: true });
    expect(await probed({ body: { ready: false } })).toMatchObject({ code: 'crm.bad_answer' });
    expect(await probed({ status: 401 })).toMatchObject({ code: 'crm.unauthorised' });
    expect(await probed({ status: 404 })).toMatchObject({ code: 'crm.refused' });
  });
});

describe('the settings of a source', () => {
  const open = (settings: Readonly<Record<string, string>>, allowPrivateNetwork = true) => {
    const manifest = peopleManifest();
    const region = { type: 'choice' as const, title: 'Region', choices: ['eu', 'us'], default: 'eu', pattern: '[a-z]+' };
    const connection = { ...manifest.connection, settings: { ...manifest.connection.settings, region } };
    return () => openPeople({ ...manifest, connection }, '', { source: { id: 'test', settings, allowPrivateNetwork } });
  };
  const fine = { baseUrl: 'https://crm.example.com', key: 'k' };

  it('may leave out what has a default', () => {
    expect(open(fine)).not.toThrow();
  });

  it.each<readonly [Readonly<Record<string, string>>, string]>([
    [{ baseUrl: 'https://crm.example.com' }, '“key” (Key) is missing'],
    [{ ...fine, kee: 'k' }, 'has no setting “kee”; it has baseUrl, key, region'],
    [{ ...fine, baseUrl: 'crm.example.com' }, 'must be an address such as https://crm.example.com'],
    [{ ...fine, baseUrl: 'https://user:pw@crm.example.com' }, 'must be an address'],
    [{ ...fine, region: 'mars' }, 'must be one of eu, us'],
    [{ ...fine, region: 'EU' }, 'does not match [a-z]+'],
  ])('are checked before any request: %j', (settings, problem) => {
    expect(failureOf(open(settings))).toMatchObject({
      code: 'source.settings_invalid',
      details: { source: 'test', problem: expect.stringContaining(problem) as string },
    });
  });
});
