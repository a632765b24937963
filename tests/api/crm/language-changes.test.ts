import { startCrm } from './support/crm-server.ts';
import { idsOf, never, openPeople, peopleManifest, readPages, readRecords } from './support/people-crm.ts';
import { type Quirk, before, changesOf, data, fromMs, ids, inside, person, readQuirk, window } from './support/quirks.ts';

const quirks: readonly Quirk[] = [
  {
    name: 'an opaque cursor with an end flag, kept for next time (Zendesk users)',
    table: {
      changes: {
        mode: 'cursor',
        path: '/export',
        query: { start_time: '{{from | epochSeconds}}' },
        records: 'users',
        page: { kind: 'cursor', param: 'cursor', from: 'after_cursor', end: { when: 'end_of_stream == true' } },
        token: 'after_cursor',
      },
    },
    answer: ({ query }) => ({
      body: query.has('cursor')
        ? { users: [person(2)], after_cursor: 'c2', end_of_stream: true }
        : { users: query.get('start_time') === String(fromMs / 1000) ? [person(1)] : [], after_cursor: 'c1', end_of_stream: false },
    }),
    read: changesOf,
    gives: ids('1', '2'),
  },
  {
    name: 'times in epoch seconds and a next link that ends with a flag (Zendesk organizations)',
    table: {
      modified: { path: 'updated', format: 'epochSeconds' },
      changes: {
        mode: 'since',
        path: '/orgs',
        query: { start_time: '{{from | epochSeconds}}' },
        page: { kind: 'nextLink', from: 'next_page', end: { when: 'end_of_stream == true' } },
      },
    },
    answer: (_request, count, url) => ({
      body: {
        data: [{ id: count, updated: fromMs / 1000 + count }],
        next_page: `${url}/orgs?page=${count + 1}`,
        end_of_stream: count === 2,
      },
    }),
    read: changesOf,
    gives: [
      { id: '1', modifiedOnMs: fromMs + 1000 },
      { id: '2', modifiedOnMs: fromMs + 2000 },
    ],
  },
  {
    name: 'a time for the first page only, and not where the last reading left a cursor (Zendesk)',
    table: {
      changes: {
        mode: 'cursor',
        path: '/people',
        page: { kind: 'cursor', param: 'cursor', from: 'after', first: { start: '{{from | epochSeconds}}' }, end: { when: 'end == true' } },
        token: 'after',
      },
    },
    answer: ({ query }) => {
      if (query.get('start') === String(fromMs / 1000) && !query.has('cursor'))
        return { body: { data: [person(1)], after: 'a', end: false } };
      if (query.has('start')) return { status: 400, body: {} };
      return { body: { data: query.get('cursor') === 'a' ? [person(2)] : [person(3)], after: 'b', end: true } };
    },
    read: async (reader) => {
      const pages = await readPages(reader.listChanges(window, null, never));
      const token = pages.at(-1)?.changeToken ?? '';
      return [...pages.flatMap(({ records }) => records), ...(await readRecords(reader.listChanges({ ...window, token }, null, never)))];
    },
    gives: ids('1', '2', '3'),
  },
  {
    name: '304 when nothing has changed since the time in a header',
    table: { changes: { mode: 'since', path: '/people', headers: { 'If-Modified-Since': '{{from | isoSeconds}}' } } },
    rest: { errors: [{ status: 304, do: 'empty' }] },
    answer: ({ headers }) => (headers['if-modified-since'] === '2026-01-10T00:00:00Z' ? { status: 304, body: '' } : data(person(1))),
    read: changesOf,
    gives: [],
  },
  {
    name: 'a list that is reached only by the id of a view, and cannot be filtered (Freshsales)',
    table: {
      changes: {
        mode: 'clientSide',
        path: '/view/{{found.viewId}}',
        query: { sort: 'updated_at' },
        newestFirst: true,
        page: { kind: 'page', param: 'page' },
      },
    },
    rest: { discover: { viewId: { path: '/filters', value: 'filters[?name == "All Contacts"].id' } } },
    answer: ({ path, query }) => {
      if (path === '/filters')
        return {
          body: {
            filters: [
              { id: 7, name: 'My' },
              { id: 8, name: 'All Contacts' },
            ],
          },
        };
      if (path !== '/view/8') return { status: 500, body: {} };
      return query.get('page') === '1' ? data(person(1), { id: 2, updated: before }) : { status: 500, body: {} };
    },
    read: changesOf,
    gives: ids('1'),
  },
  {
    name: 'a feed of deletions beside the changes; a record that was restored comes last and counts',
    table: {
      changes: { mode: 'window', path: '/people', query: { from: '{{from | iso}}', to: '{{to | iso}}' } },
      deletes: [
        {
          path: '/deleted',
          query: { start: '{{from | iso}}', end: '{{to | iso}}' },
          records: 'deletedRecords',
          id: 'ref',
          at: 'deletedDate',
          knownFrom: 'earliest',
        },
      ],
    },
    answer: ({ path }) =>
      path === '/deleted'
        ? {
            body: {
              deletedRecords: [
                { ref: 7, deletedDate: inside },
                { ref: 8, deletedDate: before },
              ],
              earliest: before,
            },
          }
        : data(person(7)),
    read: changesOf,
    gives: [
      { id: '7', isDeleted: true, modifiedOnMs: null },
      { id: '7', isDeleted: false },
    ],
  },
  {
    name: 'a list of all archived records, which cannot be filtered',
    table: {
      changes: { mode: 'since', path: '/people', query: { since: '{{from | iso}}' } },
      deletes: [{ path: '/people', query: { archived: true }, at: 'archivedAt' }],
    },
    answer: ({ query }) => (query.get('archived') === 'true' ? data({ id: 1, archivedAt: before }, { id: 2, archivedAt: inside }) : data()),
    read: changesOf,
    gives: [{ id: '2', isDeleted: true }],
  },
  {
    name: 'a full run reads the archived ones too, but no feed',
    table: { deletes: [{ path: '/feed', query: { from: '{{from | iso}}' } }, { path: '/archived' }] },
    answer: ({ path }) => (path === '/feed' ? { status: 500, body: {} } : data(person(path === '/archived' ? 1 : 2))),
    gives: [
      { id: '1', isDeleted: true },
      { id: '2', isDeleted: false },
    ],
  },
  {
    name: 'the cheapest list of ids, for noticing what is gone',
    table: { sweep: { path: '/ids', records: 'ids' } },
    answer: ({ path }) => (path === '/ids' ? { body: { ids: [{ id: 3 }, { id: 4 }] } } : { status: 500, body: {} }),
    read: async (reader) => {
      const found: { id: string }[] = [];
      for await (const page of reader.listIds(null, never)) found.push(...page.ids.map((id) => ({ id })));
      return found;
    },
    gives: ids('3', '4'),
  },
  {
    name: 'long times in parts, and halves where the CRM cannot answer for so much',
    table: {
      changes: { mode: 'window', path: '/people', query: { from: '{{from | epochMs}}', to: '{{to | epochMs}}' }, maxWindow: '12h' },
    },
    rest: { errors: [{ status: 400, contains: 'QUERY_TIMEOUT', do: 'splitWindow' }] },
    answer: ({ query }) => {
      const [start, end] = [Number(query.get('from')), Number(query.get('to'))];
      if (end - start > 6 * 3_600_000 && start > fromMs) return { status: 400, body: 'QUERY_TIMEOUT' };
      return data({ id: (end - fromMs) / 3_600_000, updated: new Date(start).toISOString() });
    },
    read: changesOf,
    gives: ids('12', '18', '24'),
  },
];

describe('the language says what real CRMs need of changes:', () => {
  it.each(quirks.map((quirk) => [quirk.name, quirk] as const))('%s', async (_name, quirk) => {
    const records = await readQuirk(quirk);
    expect(records).toHaveLength(quirk.gives.length);
    expect(records).toMatchObject(quirk.gives);
  });
});

describe('where the CRM counts changes itself', () => {
  it('the last page says what the next reading begins with, and that one begins there', async () => {
    const crm = await startCrm(({ query }) => ({ body: { data: [person(query.get('cursor') === 'c1' ? 2 : 1)], after: 'c1', end: true } }));
    const changes = { mode: 'cursor', path: '/export', query: { start: '{{from | iso}}' }, token: 'after' } as const;
    const { people } = openPeople(
      peopleManifest({ changes, page: { kind: 'cursor', param: 'cursor', from: 'after', end: { when: 'end == true' } } }),
      crm.url,
    );
    const tokens: unknown[] = [];
    for await (const page of people.listChanges(window, null, never)) tokens.push(page.changeToken);
    expect(tokens).toEqual(['c1']);
    expect(idsOf(await readRecords(people.listChanges({ ...window, token: 'c1' }, null, never)))).toEqual(['2']);
    await crm.stop();
  });

  it('and has forgotten what was so long ago, a full run is asked for', async () => {
    const crm = await startCrm(() => ({ status: 410, body: { error: 'sync token expired' } }));
    const changes = { mode: 'cursor', path: '/export', query: { token: '{{token}}' }, token: 'after' } as const;
    const { people } = openPeople(peopleManifest({ changes }, { errors: [{ status: 410, on: ['changes'], do: 'expired' }] }), crm.url);
    await expect(changesOf(people)).rejects.toMatchObject({ code: 'crm.history_expired' });
    await crm.stop();
  });
});
