import { type Quirk, data, fromMs, ids, inside, person, readQuirk } from './support/quirks.ts';

const quirks: readonly Quirk[] = [
  {
    name: 'a page number first and tokens afterwards, 204 for nothing (Zoho)',
    table: {
      page: {
        kind: 'cursor',
        param: 'page_token',
        from: 'info.next_page_token',
        first: { page: 1 },
        end: { when: 'info.more_records == false' },
      },
    },
    answer: ({ query }) => {
      if (query.get('page') === '1') return { body: { data: [person(1)], info: { next_page_token: 't', more_records: true } } };
      return query.get('page_token') === 't' ? { status: 204, body: '' } : { status: 400, body: {} };
    },
    gives: ids('1'),
  },
  {
    name: 'an offset of -1 at the end (Sugar)',
    table: { page: { kind: 'cursor', param: 'offset', from: 'next_offset', end: { when: 'next_offset == -1' } } },
    answer: ({ query }) => ({
      body: query.get('offset') === '20' ? { data: [person(2)], next_offset: -1 } : { data: [person(1)], next_offset: 20 },
    }),
    gives: ids('1', '2'),
  },
  {
    name: 'OData v2: d.results, __next, /Date(…)/ (SAP)',
    table: { records: 'd.results', modified: { path: 'updated', format: 'jsonDate' }, page: { kind: 'nextLink', from: 'd.__next' } },
    answer: (_request, count, url) => ({
      body: {
        d: {
          results: [{ id: `A${count}`, updated: `/Date(${fromMs}+0000)/` }],
          ...(count === 1 ? { __next: `${url}/people?$skiptoken=1` } : {}),
        },
      },
    }),
    gives: [
      { id: 'A1', modifiedOnMs: fromMs },
      { id: 'A2', modifiedOnMs: fromMs },
    ],
  },
  {
    name: 'a list at the root, a search in a POST body, keyset by id, false for nothing (Odoo)',
    table: {
      records: '$',
      modified: { path: 'write_date', format: 'yyyy-MM-dd HH:mm:ss' },
      list: { method: 'POST', path: '/search_read', body: { domain: [['id', '>', '{{last.id | default("0")}}']], limit: '{{page.size}}' } },
      page: { kind: 'keyset', by: 'id', size: 2 },
    },
    rest: { nulls: [false] },
    answer: ({ body }) => {
      const [[, , last]] = (JSON.parse(body) as { domain: [[string, string, string]] }).domain;
      return {
        body: [1, 2, 3]
          .filter((id) => id > Number(last))
          .slice(0, 2)
          .map((id) => ({ id, write_date: false, name: false })),
      };
    },
    gives: [{ id: '1', modifiedOnMs: null, fields: { id: 1, write_date: null, name: null } }, { id: '2' }, { id: '3' }],
  },
  {
    name: 'hasMore, and an id that is not the key of the table (Oracle)',
    table: { id: 'PartyNumber', records: 'items', page: { kind: 'offset', param: 'offset', end: { when: 'hasMore == false' } } },
    answer: ({ query }) => ({
      body: { items: [{ PartyNumber: `P${query.get('offset')}`, updated: inside }], hasMore: query.get('offset') !== '1' },
    }),
    gives: ids('P0', 'P1'),
  },
  {
    name: 'a cursor in a header, asked for in the path of another request, and told when it is done with (scroll)',
    table: {
      page: {
        kind: 'cursor',
        from: { header: 'X-Scroll' },
        fixed: true,
        next: { path: '/scroll/{{page.at}}' },
        teardown: { method: 'DELETE', path: '/scroll/{{page.at}}' },
      },
    },
    answer: ({ path, method }, count) => {
      if (method === 'DELETE') return { body: {} };
      if (path !== (count === 1 ? '/people' : '/scroll/s1')) return { status: 500, body: {} };
      return { headers: { 'x-scroll': 's1' }, ...data(...(count < 3 ? [person(count)] : [])) };
    },
    gives: ids('1', '2'),
  },
  {
    name: 'a cursor deep inside of a search body (GraphQL), with errors under HTTP 200',
    table: {
      list: { method: 'POST', path: '/graphql', body: { query: 'q', variables: { after: '{{page.at}}' } }, records: 'data.people.nodes' },
      page: { kind: 'cursor', from: 'data.people.pageInfo.endCursor', end: { when: 'data.people.pageInfo.hasNextPage == false' } },
    },
    rest: { errors: [{ when: 'errors != null', do: 'refuse' }] },
    answer: ({ body }) => {
      const { after } = (JSON.parse(body) as { variables: { after?: string } }).variables;
      return {
        body: {
          data: {
            people: { nodes: [person(after === undefined ? 1 : 2)], pageInfo: { endCursor: 'e', hasNextPage: after === undefined } },
          },
        },
      };
    },
    gives: ids('1', '2'),
  },
  {
    name: 'place and size inside of an object of the body',
    table: {
      list: { method: 'POST', path: '/search', body: {} },
      page: { kind: 'offset', in: 'body', param: 'paging.skip', sizeParam: 'paging.take', size: 1 },
    },
    answer: ({ body }) => {
      const { paging } = JSON.parse(body) as { paging: { skip: number; take: number } };
      return data(...[person(1), person(2)].slice(paging.skip, paging.skip + paging.take));
    },
    gives: ids('1', '2'),
  },
  {
    name: 'a cursor that has expired: the list begins anew',
    table: { page: { kind: 'cursor', param: 'c', from: 'next' } },
    rest: { errors: [{ status: 400, contains: 'INVALID_QUERY_LOCATOR', do: 'restart' }] },
    answer: (_request, count) =>
      count === 2
        ? { status: 400, body: 'INVALID_QUERY_LOCATOR' }
        : { body: { data: [person(count)], ...(count === 1 || count === 3 ? { next: `c${count}` } : {}) } },
    gives: ids('1', '3', '4'),
  },
];

describe('the language says what real CRMs need of lists that go on:', () => {
  it.each(quirks.map((quirk) => [quirk.name, quirk] as const))('%s', async (_name, quirk) => {
    const records = await readQuirk(quirk);
    expect(records).toHaveLength(quirk.gives.length);
    expect(records).toMatchObject(quirk.gives);
  });
});
