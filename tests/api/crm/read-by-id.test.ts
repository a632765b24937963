import { type CrmReply, type CrmRequest, type CrmServer, startCrm } from './support/crm-server.ts';
import { idsOf, never, openPeople, peopleManifest } from './support/people-crm.ts';

const person = (id: string) => ({ id, updated: '2026-01-01T00:00:00Z' });
const getMany = { path: '/people', query: { ids: '{{ids | join}}' }, max: 10 };

describe('reading records by their ids', () => {
  let crm: CrmServer;
  let answer: (request: CrmRequest) => CrmReply;
  beforeEach(async () => {
    crm = await startCrm((request) => answer(request));
  });
  afterEach(() => crm.stop());

  const many = (manifest: ReturnType<typeof peopleManifest>, ids: readonly string[]) =>
    openPeople(manifest, crm.url).people.getMany(ids, never);

  it('asks for as many at once as the CRM takes', async () => {
    answer = ({ query }) => ({ body: { data: (query.get('ids') ?? '').split(',').map(person) } });
    const ids = Array.from({ length: 25 }, (_, position) => `p${position}`);
    expect([...idsOf(await many(peopleManifest({ getMany }), [...ids, 'p0']))].sort()).toEqual([...ids].sort());
    expect(crm.requests.map(({ query }) => query.get('ids')?.split(',').length).sort()).toEqual([10, 10, 5]);
  });

  it('asks again for those that an answer left out, since the CRM may have cut it to its own page size', async () => {
    answer = ({ path, query }) => {
      if (path === '/people') return { body: { data: (query.get('ids') ?? '').split(',').slice(0, 3).map(person) } };
      const id = path.slice('/people/'.length);
      return id === 'gone' ? { status: 404, body: {} } : { body: person(id) };
    };
    expect([...idsOf(await many(peopleManifest({ getMany }), ['a', 'b', 'c', 'd', 'gone', 'e']))].sort()).toEqual([
      'a',
      'b',
      'c',
      'd',
      'e',
    ]);
  });

  it('stops when the CRM ignores the ids and gives others', async () => {
    answer = () => ({ body: { data: [person('a'), person('stranger')] } });
    await expect(many(peopleManifest({ getMany }), ['a'])).rejects.toMatchObject({
      code: 'crm.bad_answer',
      details: { problem: expect.stringContaining('ignored the ids') as string },
    });
  });

  it('goes one by one where the CRM cannot give several', async () => {
    answer = ({ path }) => (path.endsWith('/x') ? { status: 410, body: {} } : { body: person(path.slice('/people/'.length)) });
    expect(idsOf(await many(peopleManifest(), ['a', 'x', 'b']))).toEqual(['a', 'b']);
  });

  it('sends ids as a list in a body', async () => {
    answer = ({ body }) => ({ body: { data: (JSON.parse(body) as { filter: { ids: string[] } }).filter.ids.map(person) } });
    const manifest = peopleManifest({
      getMany: { method: 'POST', path: '/search', body: { filter: { ids: '{{ids}}' }, limit: 10 }, max: 10 },
    });
    expect(idsOf(await many(manifest, ['a', 'b,c']))).toEqual(['a', 'b,c']);
    expect(crm.requests[0]?.headers['content-type']).toBe('application/json');
  });

  it('reads those one by one whose ids cannot stand in the list', async () => {
    answer = ({ path }) => ({ body: person(decodeURIComponent(path.slice('/people/'.length))) });
    expect([...idsOf(await many(peopleManifest({ getMany }), ['a', 'b,c']))].sort()).toEqual(['a', 'b,c']);
  });
});

describe('reading one record', () => {
  const one = async (reply: CrmReply, get: object = {}, id = '7') => {
    const crm = await startCrm(() => reply);
    try {
      const { people } = openPeople(peopleManifest({ get: { path: '/people/{{id}}', ...get } }), crm.url);
      return { result: await people.getOne(id, never).catch((error: unknown) => error), paths: crm.requests.map(({ path }) => path) };
    } finally {
      await crm.stop();
    }
  };

  it('gives it with where a person opens it', async () => {
    const crm = await startCrm(() => ({ body: { id: 'A/7', company: 12, updated: '2026-01-01T00:00:00Z', name: 'x' } }));
    const company = { id: 'id', get: { path: '/c/{{id}}' }, list: { path: '/c' }, map: [{ to: 'name', from: 'name' }] };
    const manifest = peopleManifest({ parent: { path: 'company', table: 'account' }, link: '{{settings.baseUrl}}/people/{{id}}' });
    const { connector, people } = openPeople({ ...manifest, tables: { ...manifest.tables, account: company } }, crm.url);
    expect(await people.getOne('A/7', never)).toMatchObject({
      id: 'A/7',
      parentId: '12',
      url: `${crm.url}/people/A%2F7`,
      isDeleted: false,
      isSkipped: false,
    });
    expect(crm.requests[0]?.path).toBe('/people/A%2F7');
    expect(connector.tables).toEqual(['account', 'contact']);
    await crm.stop();
  });

  it('shows no link that leads to another host', async () => {
    const crm = await startCrm(() => ({ body: { id: '7', updated: null, page: 'https://evil.example/x' } }));
    const { people } = openPeople(peopleManifest({ link: '{{record.page}}' }), crm.url);
    expect((await people.getOne('7', never))?.url).toBeNull();
    await crm.stop();
  });

  it.each<readonly [string, CrmReply, object]>([
    ['404', { status: 404, body: {} }, {}],
    ['410', { status: 410, body: {} }, {}],
    ['a status that the manifest names', { status: 403, body: {} }, { missing: [403] }],
    ['an empty list of a search', { body: { results: [] } }, { record: 'results[0]' }],
    ['null in its place', { body: { person: null } }, { record: 'person' }],
  ])('says that there is none at %s', async (_what, reply, get) => {
    expect((await one(reply, get)).result).toBeNull();
  });

  it.each<readonly [string, CrmReply, object, string]>([
    ['an answer without it', { body: {} }, { record: 'person' }, 'it has no record at “person”'],
    ['another record', { body: { id: '8', updated: null } }, {}, 'another record than the one that was asked for'],
  ])('does not take %s for a removed record', async (_what, reply, get, problem) => {
    expect((await one(reply, get)).result).toMatchObject({
      code: 'crm.bad_answer',
      details: { problem: expect.stringContaining(problem) as string },
    });
  });

  it.each(['..', '.', ''])('makes no request for the id “%s”, which would ask for something else', async (id) => {
    const { result, paths } = await one({ body: { id, updated: null } }, {}, id);
    expect(result).toMatchObject({ code: 'record.unreadable' });
    expect(paths).toEqual([]);
  });
});
