import type { CrmReply } from '../../../crm/support/crm-server.ts';
import type { PeopleCrmOptions, Person } from './people-of-a-crm.ts';

/** A CRM or a manifest with one thing wrong, the check that must say so, and words of what it says. */
export interface FaultyCrm {
  readonly check: string;
  readonly what: string;
  readonly says: RegExp;
  readonly options: PeopleCrmOptions;
}

export const isList = (path: string, query: URLSearchParams): boolean => path === '/people' && !query.has('ids') && !query.has('from');

/** The usual answer to the list with other records in it. */
const withList = (edit: (people: readonly Person[]) => readonly unknown[]): PeopleCrmOptions['answer'] => {
  return ({ path, query }, crm, usual) => {
    if (!isList(path, query)) return null;
    const reply = usual();
    const body = reply.body;
    if (typeof body !== 'object' || body === null || !('data' in body)) return reply;
    const shown = new Set(Array.isArray(body.data) ? body.data.map(({ id }: Person) => id) : []);
    return { ...reply, body: { ...body, data: edit(crm.people.filter(({ id }) => shown.has(id))) } };
  };
};

const changesBy = {
  mode: 'window',
  path: '/people',
  page: { kind: 'keyset', by: 'id', sizeParam: 'size', size: 10 },
  lag: '0s',
} as const;
const windowQuery = { from: '{{from | iso}}', to: '{{to | iso}}', after: '{{last.id | default("0")}}', sort: 'id' };
export const byPage = { kind: 'page', param: 'page', sizeParam: 'size', size: 10 } as const;
const hour = (iso: string, hours: number): string => new Date(Date.parse(iso) + hours * 3_600_000).toISOString();
const withoutId: CrmReply['body'] = { name: 'Nobody' };
/** What a CRM that counts places itself remembers. */
const session = { place: 0 };

export const faultsOfReading: readonly FaultyCrm[] = [
  {
    check: 'answers',
    what: 'the key is wrong',
    says: /refused our sign-in \(HTTP 401\)/,
    options: { answer: () => ({ status: 401, body: {} }) },
  },
  {
    check: 'list',
    what: 'the list is elsewhere',
    says: /HTTP 404/,
    options: { table: { list: { path: '/persons' } }, manifest: { probe: { path: '/companies' } } },
  },
  {
    check: 'every-record-once',
    what: 'pages overlap by one record',
    says: /2 records \(1009, 1018\) came twice/,
    options: {
      table: { page: { ...byPage, size: 10, end: { when: 'data[9] == null' } } },
      answer: ({ path, query }, { people }) => {
        if (!isList(path, query)) return null;
        const start = (Number(query.get('page') ?? 1) - 1) * 9;
        return { body: { data: people.slice(start, start + 10) } };
      },
    },
  },
  {
    check: 'readable',
    what: 'a record has no id',
    says: /1 cannot be used; the first is record \d+ of the page: it has no usable id/,
    options: { answer: withList((people) => people.map((person) => (person.id === 1003 ? withoutId : person))) },
  },
  {
    check: 'total',
    what: 'the CRM counts other records too',
    says: /24 records were found, and the CRM tells 1,024/,
    options: {
      manifest: { total: 'total' },
      answer: (_request, _crm, usual) => {
        const reply = usual();
        const { body } = reply;
        return typeof body === 'object' && body !== null && 'total' in body ? { ...reply, body: { ...body, total: 1024 } } : reply;
      },
    },
  },
  {
    check: 'page-edges',
    what: 'the CRM counts pages by a size of its own',
    says: /of 24 were not found|in none of the small ones/,
    options: {
      table: { page: { ...byPage, size: 10 } },
      answer: ({ path, query }, { people }) => {
        if (!isList(path, query)) return null;
        const start = (Number(query.get('page') ?? 1) - 1) * 10;
        return { body: { data: people.slice(start, start + Number(query.get('size'))) } };
      },
    },
  },
  {
    check: 'resume',
    what: 'the cursor is only a word, and the CRM counts the places itself',
    says: /Resumed after page 1: \d+ records .* were not found/,
    options: {
      answer: ({ path, query }, { people }) => {
        if (!isList(path, query)) return null;
        const size = Number(query.get('size'));
        session.place = query.has('cursor') ? session.place + size : 0;
        const data = people.slice(session.place, session.place + size);
        return { body: { data, cursor: data.length < size ? null : `page-${session.place}` } };
      },
    },
  },
  {
    check: 'no-secrets',
    what: 'the key is a parameter, and links repeat it',
    says: /a secret is in the place of a page.*auth/,
    options: {
      table: {
        list: { path: '/people', query: { key: '{{settings.key}}' } },
        page: { kind: 'nextLink', from: 'next', sizeParam: 'size', size: 10 },
      },
    },
  },
  {
    check: 'sweep',
    what: 'the list of ids leaves some out',
    says: /would be taken for removed/,
    options: {
      table: { sweep: { path: '/people', query: { after: 1004 } } },
    },
  },
  {
    check: 'get-one',
    what: 'one record has other values than in the list',
    says: /1000 differs from the list in: lastname/,
    options: {
      answer: ({ path }, { people }) => {
        const person = people.find(({ id }) => path === `/people/${id}`);
        return person === undefined ? null : { body: { ...person, name: person.name.toUpperCase() } };
      },
    },
  },
  {
    check: 'get-many',
    what: 'the CRM takes fewer ids than the manifest says',
    says: /were asked for and did not come.*lower its `max`/,
    options: {
      table: { get: undefined },
      answer: ({ query }, _crm, usual) => {
        if (!query.has('ids')) return null;
        query.set('ids', query.get('ids')?.split(',').slice(0, 5).join(',') ?? '');
        return usual();
      },
    },
  },
  {
    check: 'missing-id',
    what: 'an unknown id is a bad request',
    says: /HTTP 400/,
    options: {
      answer: ({ path }, { people }) =>
        /^\/people\/./.test(path) && !people.some(({ id }) => path === `/people/${id}`) ? { status: 400, body: {} } : null,
    },
  },
  {
    check: 'times',
    what: 'times are of another zone',
    says: /from the future.*timezone/,
    options: {
      answer: withList((people) =>
        people.map((person) => ({ ...person, updated: person.updated === null ? null : hour(person.updated, 9) })),
      ),
    },
  },
  {
    check: 'links',
    what: 'links lead to a host that is not allowed',
    says: /24 records .* have none.*connection\.hosts/,
    options: { table: { link: 'https://elsewhere.example.com/{{id}}' } },
  },
  {
    check: 'parents',
    what: 'the parent is a name and not an id',
    says: /3 records \(Company 1, Company 2, Company 3\) of 3 parents do not exist/,
    options: {
      table: { parent: { path: 'companyName', table: 'account' } },
      account: {
        id: 'id',
        records: 'data',
        get: { path: '/companies/{{id}}', missing: [404] },
        list: { path: '/companies' },
        map: [{ to: 'name', from: 'name' }],
      },
    },
  },
  {
    check: 'changes-window',
    what: 'the lower bound is excluded',
    says: /changed within the window and are not in it/,
    options: {
      answer: ({ query }, _crm, usual) => {
        const from = query.get('from');
        if (from !== null) query.set('from', new Date(Date.parse(from) + 60_000).toISOString());
        return usual();
      },
    },
  },
  {
    check: 'changes-window',
    what: 'the upper bound is included',
    says: /from the very end of the window.*exclude \{\{to\}\}/,
    options: {
      answer: ({ query }, _crm, usual) => {
        const to = query.get('to');
        if (to !== null) query.set('to', new Date(Date.parse(to) + 999).toISOString());
        return usual();
      },
    },
  },
  {
    check: 'ties',
    what: 'changes go on behind the last time, not behind the last record',
    says: /were not found.*modifiedThenId/,
    options: {
      table: {
        changes: {
          ...changesBy,
          query: { after_time: '{{last.modified | iso}}', to: '{{to | iso}}', sort: 'updated' },
          page: { kind: 'keyset', by: 'modified', sizeParam: 'size', size: 10 },
        },
      },
      answer: ({ query }, _crm, usual) => {
        const time = query.get('after_time');
        if (time !== null) query.set('from', new Date(Date.parse(time) + 1).toISOString());
        return usual();
      },
    },
  },
  {
    check: 'changes-go-on',
    what: 'the token is not sent',
    says: /came again.*ignores the token/,
    options: {
      table: {
        changes: { ...changesBy, mode: 'cursor', query: windowQuery, token: 'token' },
      },
      answer: (_request, _crm, usual) => {
        const reply = usual();
        const { body } = reply;
        return typeof body === 'object' && body !== null ? { ...reply, body: { ...body, token: 'the-end' } } : reply;
      },
    },
  },
  {
    check: 'clock-skew',
    what: 'a cache answers with the time of long ago',
    says: /moved by 60 min.*by 0 min.*cache/,
    options: { answer: (_request, _crm, usual) => ({ ...usual(), headers: { ...usual().headers, age: '5' } }) },
  },
];
