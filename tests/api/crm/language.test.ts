import type { Manifest } from '../../../api/src/crm/manifest/schema/manifest.ts';
import type { SourceRecord, TableReader } from '../../../api/src/crm/types.ts';
import { type CrmReply, type CrmRequest, startCrm } from './support/crm-server.ts';
import { idsOf, never, openPeople, peopleManifest, readPages, readRecords } from './support/people-crm.ts';

type Table = NonNullable<Manifest['tables']['contact']>;

const fromMs = Date.UTC(2026, 0, 10);
const toMs = Date.UTC(2026, 0, 11);
const inside = '2026-01-10T12:00:00Z';
const before = '2026-01-01T00:00:00Z';
const window = { fromMs, toMs };
const changesOf = (reader: TableReader) => readRecords(reader.listChanges(window, null, never));
const allOf = (reader: TableReader) => readRecords(reader.listAll(null, never));

interface Quirk {
  readonly name: string;
  readonly table?: Partial<Table>;
  readonly rest?: Partial<Manifest>;
  readonly answer: (request: CrmRequest, count: number, url: string) => CrmReply;
  readonly read?: (reader: TableReader) => Promise<readonly SourceRecord[]>;
  readonly gives: readonly Partial<SourceRecord>[];
}

const ids = (...names: readonly string[]) => names.map((id) => ({ id }));
const data = (...records: readonly unknown[]): CrmReply => ({ body: { data: records } });
const person = (id: unknown, more: object = {}) => ({ id, updated: inside, ...more });
const account = { id: 'id', get: { path: '/companies/{{id}}' }, list: { path: '/companies' }, map: [{ to: 'name', from: 'name' }] };
const withAccount = (contact: Partial<Table>): Partial<Manifest> => ({
  tables: { account, contact: { ...peopleManifest(contact).tables.contact } as Table },
});

/** Every line of what real CRMs need, with a CRM that is so. */
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
    name: 'a deleted record that is named otherwise than others (OData delta links)',
    table: { id: ['contactid', 'id'], deleted: 'reason != null' },
    answer: () => data({ contactid: 'c1', id: 7, updated: inside }, { contactid: '', id: 'c2', reason: 'deleted' }, { reason: 'deleted' }),
    gives: [
      { id: 'c1', isDeleted: false },
      { id: 'c2', isDeleted: true },
    ],
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
    name: 'XML answers and an XML question, with a single record that is no list',
    table: {
      id: '@id',
      records: 'Envelope.people.person',
      list: { method: 'POST', path: '/soap', encoding: 'xml', body: '<q><from>{{page.at}}</from></q>' },
      page: { kind: 'cursor', from: 'Envelope.people.next' },
    },
    answer: ({ body, headers }) => ({
      headers: { 'content-type': 'text/xml' },
      body: `<s:Envelope xmlns:s="x"><people>${headers['content-type']?.startsWith('text/xml') === true && body === '<q><from></from></q>' ? '<person id="007"><updated>2026-01-10</updated><name>A &amp; B</name></person><next>n</next>' : '<next/>'}</people></s:Envelope>`,
    }),
    gives: [{ id: '007', fields: { '@id': '007', updated: '2026-01-10', name: 'A & B' } }],
  },
  {
    name: 'a form as the body of a search',
    table: { list: { method: 'POST', path: '/search', encoding: 'form', body: { type: 'a b', limit: 5 } } },
    answer: ({ body }) => data(...(body === 'type=a%20b&limit=5' ? [person(1)] : [])),
    gives: ids('1'),
  },
  {
    name: 'records in an object by their ids',
    table: { records: { path: 'data', keyAs: 'id' } },
    answer: () => ({ body: { data: { 17: { updated: inside }, 18: { updated: inside } } } }),
    gives: ids('17', '18'),
  },
  {
    name: 'records inside of their accounts, with ids that are unique only together',
    table: { id: { join: ['company.id', 'number'] }, records: { path: 'data', children: 'contacts', parentAs: 'company' } },
    answer: () => data({ id: 5, contacts: [{ number: 1, updated: inside }] }, { id: 6, contacts: [{ number: 1, updated: inside }] }),
    gives: [{ id: '5-1', fields: { number: 1, updated: inside, company: { id: 5 } } }, { id: '6-1' }],
  },
  {
    name: 'one such record, asked for by the first part of its id',
    table: {
      id: { join: ['company.id', 'number'] },
      get: { path: '/companies/{{id | before("-")}}', records: { path: '$', children: 'contacts', parentAs: 'company' } },
    },
    answer: ({ path }) => ({ body: path === '/companies/5' ? { id: 5, contacts: [{ number: 1 }, { number: 2 }] } : {} }),
    read: async (reader) => [await reader.getOne('5-2', never)].filter((one) => one !== null),
    gives: ids('5-2'),
  },
  {
    name: 'numbers beyond 2^53, a modified date that is null until the first update, no zone, mail and phone in flagged lists',
    table: {
      modified: { path: ['updated', 'created'], timezone: 'Europe/Vienna' },
      map: [{ to: 'emailaddress1', first: ['emails[?primary == true].value', 'emails[0].value'] }],
    },
    answer: () => ({
      body: '{"data":[{"id":9007199254740993,"updated":null,"created":"2026-01-10 13:00:00","emails":[{"value":"a"},{"value":"b","primary":true}]}]}',
    }),
    gives: [{ id: '9007199254740993', modifiedOnMs: Date.UTC(2026, 0, 10, 12) }],
  },
  {
    name: 'Salesforce’s ids, written in 15 characters or 18',
    table: { id: { path: 'Id', normalise: 'salesforce18' } },
    answer: () => data({ Id: 'a0BA0000000L2ZC', updated: inside }, { Id: '00558000001N0KeAAK', updated: inside }),
    gives: ids('a0BA0000000L2ZCMA0', '00558000001N0KeAAK'),
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
      return found as unknown as SourceRecord[];
    },
    gives: ids('3', '4'),
  },
  {
    name: 'the parent by its business number',
    rest: withAccount({
      parent: {
        table: 'account',
        path: 'company_no',
        lookup: { path: '/companies', query: { no: '{{keys | join}}' }, records: 'found', key: 'no', id: 'id', max: 50 },
      },
    }),
    answer: ({ path, query }) =>
      path === '/companies'
        ? { body: { found: (query.get('no') ?? '').split(',').map((no) => ({ no, id: `C${no}` })) } }
        : data(person(1, { company_no: 'A' }), person(2, { company_no: 'B' }), person(3)),
    gives: [
      { id: '1', parentId: 'CA' },
      { id: '2', parentId: 'CB' },
      { id: '3', parentId: null },
    ],
  },
  {
    name: 'the parent by association, the primary one of several (HubSpot)',
    rest: withAccount({
      parent: {
        table: 'account',
        path: 'id',
        lookup: {
          method: 'POST',
          path: '/assoc',
          body: { inputs: '{{keys | objects("id")}}' },
          records: 'results',
          key: 'from.id',
          id: 'to[?associationTypes[*].typeId has 1].toObjectId',
          max: 2,
        },
        otherwise: 'hint',
      },
    }),
    answer: ({ path, body }) => {
      if (path !== '/assoc') return data(person(1), person(2, { hint: 99 }), person(3));
      const { inputs } = JSON.parse(body) as { inputs: readonly { id: number }[] };
      const of = (typeId: number, toObjectId: number) => ({ toObjectId, associationTypes: [{ typeId: 279 }, { typeId }] });
      return {
        body: {
          results: inputs.filter(({ id }) => id !== 2).map(({ id }) => ({ from: { id: String(id) }, to: [of(5, 1), of(1, 10 + id)] })),
        },
      };
    },
    gives: [
      { id: '1', parentId: '11' },
      { id: '2', parentId: '99' },
      { id: '3', parentId: '13' },
    ],
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
  {
    name: 'only the fields that the table uses, and what tables have in common said once',
    table: {
      entity: 'contacts',
      fields: { below: 'properties', always: ['hs_id'] },
      modified: 'properties.changed',
      map: [{ to: 'lastname', from: 'properties.name' }],
    },
    rest: { defaults: { list: { path: '/objects/{{entity}}', query: { properties: '{{fields | join}}' } } } },
    answer: ({ path, query }) =>
      data(...(path === '/objects/contacts' && query.get('properties') === 'hs_id,changed,name' ? [{ id: 1 }] : [])),
    gives: ids('1'),
  },
  {
    name: 'SOQL with a literal, and the next page at an address below the host (Salesforce)',
    table: {
      get: { path: '/query', query: { q: "SELECT Id FROM Contact WHERE Id = '{{id}}'" }, escape: 'soql', record: 'records[0]' },
    },
    answer: ({ query }) => ({
      body: { records: query.get('q') === "SELECT Id FROM Contact WHERE Id = 'a\\' OR Name != \\''" ? [{ id: "a' OR Name != '" }] : [] },
    }),
    read: async (reader) => [await reader.getOne("a' OR Name != '", never)].filter((one) => one !== null),
    gives: ids("a' OR Name != '"),
  },
];

describe('the language says what real CRMs need:', () => {
  it.each(quirks.map((quirk) => [quirk.name, quirk] as const))('%s', async (_name, { table, rest, answer, read = allOf, gives }) => {
    const crm = await startCrm((request, count) => answer(request, count, crm.url));
    const { list, ...base } = peopleManifest(table, rest).tables.contact ?? {};
    const keepsOwnList = rest?.defaults?.list === undefined;
    const manifest = peopleManifest(table, rest);
    const contact = { ...base, ...(keepsOwnList ? { list } : {}) } as Table;
    try {
      const reader = openPeople({ ...manifest, tables: { ...manifest.tables, contact } }, crm.url).people;
      const records = await read(reader);
      expect(records).toHaveLength(gives.length);
      expect(records).toMatchObject(gives);
    } finally {
      await crm.stop();
    }
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

describe('whose data a source reads', () => {
  const probe = { path: '/me', tenant: { path: 'org.id' } } as const;

  it('is asked before anything is read, and another answer than before stops it', async () => {
    let tenant = 'one';
    const crm = await startCrm(({ path }) => (path === '/me' ? { body: { org: { id: tenant } } } : data(person(1))));
    let nowMs = 0;
    const { people } = openPeople(peopleManifest({}, { probe }), crm.url, { clock: { nowMs: () => nowMs } });
    await allOf(people);
    await allOf(people);
    expect(crm.requests.filter(({ path }) => path === '/me')).toHaveLength(1);
    tenant = 'two';
    nowMs = 2 * 3_600_000;
    await expect(allOf(people)).rejects.toMatchObject({ code: 'crm.other_tenant' });
    await crm.stop();
  });
});
