import fc from 'fast-check';
import type { Manifest } from '../../../api/src/crm/manifest/schema/manifest.ts';
import { type CrmReply, type CrmRequest, type CrmServer, startCrm } from './support/crm-server.ts';
import { idsOf, never, openPeople, peopleManifest, readPages, readRecords } from './support/people-crm.ts';

type Page = NonNullable<Manifest['page']>;

interface Way {
  readonly name: string;
  readonly page: (size: number) => Page;
  readonly answer: (request: CrmRequest, everyone: readonly object[], serverMax: number, baseUrl: string) => CrmReply;
}

const cut = (everyone: readonly object[], offset: number, asked: number, serverMax: number) =>
  everyone.slice(offset, offset + Math.min(asked, serverMax));
const number = (request: CrmRequest, name: string, otherwise: number): number => Number(request.query.get(name) ?? otherwise);

/** Each way of paging, as a server does it that gives fewer records per page than asked for. */
const ways: readonly Way[] = [
  {
    name: 'page numbers with a number of pages',
    page: (size) => ({ kind: 'page', param: 'page', sizeParam: 'size', size, end: { totalPages: 'pages' } }),
    answer: (request, everyone, serverMax) => {
      const size = Math.min(number(request, 'size', 10), serverMax);
      return {
        body: { data: cut(everyone, (number(request, 'page', 1) - 1) * size, size, serverMax), pages: Math.ceil(everyone.length / size) },
      };
    },
  },
  {
    name: 'page numbers, from 0, with nothing said about the end',
    page: (size) => ({ kind: 'page', param: 'page', start: 0, sizeParam: 'size', size }),
    answer: (request, everyone, serverMax) => {
      const size = Math.min(number(request, 'size', 10), serverMax);
      return { body: { data: cut(everyone, number(request, 'page', 0) * size, size, serverMax) } };
    },
  },
  {
    name: 'page numbers with 404 behind the last',
    page: (size) => ({ kind: 'page', param: 'page', sizeParam: 'size', size, end: { status: [404, 422] } }),
    answer: (request, everyone, serverMax) => {
      const size = Math.min(number(request, 'size', 10), serverMax);
      const page = number(request, 'page', 1);
      const data = cut(everyone, (page - 1) * size, size, serverMax);
      return data.length === 0 && page > 1 ? { status: page % 2 === 0 ? 404 : 422, body: { error: 'no such page' } } : { body: { data } };
    },
  },
  {
    name: 'offsets with a total',
    page: (size) => ({ kind: 'offset', param: 'skip', sizeParam: 'take', size, end: { total: 'total' } }),
    answer: (request, everyone, serverMax) => ({
      body: { data: cut(everyone, number(request, 'skip', 0), number(request, 'take', 10), serverMax), total: String(everyone.length) },
    }),
  },
  {
    name: 'offsets in the body of a search',
    page: (size) => ({ kind: 'offset', param: 'skip', sizeParam: 'take', size, in: 'body' }),
    answer: ({ body }, everyone, serverMax) => {
      const { skip, take } = JSON.parse(body) as { skip: number; take: number };
      return { body: { data: cut(everyone, skip, take, serverMax) } };
    },
  },
  {
    name: 'cursors with a flag',
    page: (size) => ({ kind: 'cursor', param: 'after', from: 'meta.after', sizeParam: 'size', size, end: { when: 'meta.more == false' } }),
    answer: (request, everyone, serverMax) => {
      const offset = Number(Buffer.from(request.query.get('after') ?? '', 'base64').toString() || 0);
      const data = cut(everyone, offset, number(request, 'size', 10), serverMax);
      const next = offset + data.length;
      return { body: { data, meta: { after: Buffer.from(String(next)).toString('base64'), more: next < everyone.length } } };
    },
  },
  {
    name: 'links in the body',
    page: (size) => ({ kind: 'nextLink', from: 'links.next', sizeParam: 'size', size }),
    answer: (request, everyone, serverMax, baseUrl) => {
      const offset = number(request, 'from', 0);
      const size = Math.min(number(request, 'size', 10), serverMax);
      const next = offset + size;
      const isRelative = next % 2 === 0;
      const link = `${isRelative ? '' : baseUrl}/people?from=${next}&size=${size}`;
      return { body: { data: cut(everyone, offset, size, serverMax), links: next < everyone.length ? { next: link } : {} } };
    },
  },
  {
    name: 'the Link header',
    page: (size) => ({ kind: 'linkHeader', sizeParam: 'size', size }),
    answer: (request, everyone, serverMax) => {
      const offset = number(request, 'from', 0);
      const size = Math.min(number(request, 'size', 10), serverMax);
      const next = offset + size;
      const headers: Record<string, string> = next < everyone.length ? { link: `<?from=${next}&size=${size}>; rel="next"` } : {};
      return { headers, body: { data: cut(everyone, offset, size, serverMax) } };
    },
  },
];

describe.each(ways)('a list by $name', ({ page, answer }) => {
  let crm: CrmServer;
  let everyone: readonly object[] = [];
  let serverMax = 100;

  beforeAll(async () => {
    crm = await startCrm((request) => answer(request, everyone, serverMax, crm.url));
  });
  afterAll(() => crm.stop());

  const open = (size: number) => {
    const list =
      page(size).kind === 'offset' && 'in' in page(size) ? { method: 'POST' as const, path: '/search', body: {} } : { path: '/people' };
    return openPeople(peopleManifest({ list, page: page(size) }), crm.url).people;
  };

  it('gives every record exactly once, whatever the page size, also when the server cuts pages', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(60), fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 30 }), async (count, size, max) => {
        everyone = Array.from({ length: count }, (_, position) => ({ id: position + 1, updated: '2026-01-01T00:00:00Z' }));
        serverMax = max;
        expect(idsOf(await readRecords(open(size).listAll(null, never)))).toEqual(everyone.map((_, position) => String(position + 1)));
      }),
      { numRuns: 25 },
    );
  });

  it('goes on after any page from its checkpoint', async () => {
    everyone = Array.from({ length: 47 }, (_, position) => ({ id: position + 1, updated: '2026-01-01T00:00:00Z' }));
    serverMax = 10;
    const all = await readPages(open(20).listAll(null, never));
    for (const [position, { next }] of all.entries()) {
      if (next === null) continue;
      const checkpoint: typeof next = JSON.parse(JSON.stringify(next)) as typeof next;
      const rest = await readRecords(open(20).listAll(checkpoint, never));
      const before = all.slice(0, position + 1).flatMap(({ records }) => idsOf(records));
      expect([...before, ...idsOf(rest)]).toEqual(everyone.map((_, at) => String(at + 1)));
    }
  });
});

describe('a list that does not end', () => {
  const listWith = async (page: Page, answer: (request: CrmRequest, count: number) => CrmReply) => {
    const crm = await startCrm(answer);
    try {
      return await readPages(openPeople(peopleManifest({ page }), crm.url).people.listAll(null, never)).catch((error: unknown) => error);
    } finally {
      await crm.stop();
    }
  };
  const person = (id: number) => ({ id, updated: '2026-01-01T00:00:00Z' });

  it('is noticed when a cursor comes again', async () => {
    const failure = await listWith({ kind: 'cursor', param: 'c', from: 'next' }, (_request, count) => ({
      body: { data: [person(count)], next: `c${count % 3}` },
    }));
    expect(failure).toMatchObject({ code: 'crm.paging_stuck' });
  });

  it('is noticed when a next link leads to its own page', async () => {
    const failure = await listWith({ kind: 'nextLink', from: 'next' }, (_request, count) => ({
      body: { data: [person(count)], next: '/people?page=2' },
    }));
    expect(failure).toMatchObject({ code: 'crm.paging_stuck' });
  });

  it('is noticed when the server ignores the page number and gives the same page again', async () => {
    const failure = await listWith({ kind: 'page', param: 'page' }, () => ({ body: { data: [person(1), person(2)] } }));
    expect(failure).toMatchObject({ code: 'crm.paging_stuck', details: { problem: 'a page holds the same records as the one before it' } });
  });

  it('is noticed after as many pages as the manifest allows', async () => {
    const failure = await listWith({ kind: 'page', param: 'page', maxPages: 5 }, (_request, count) => ({
      body: { data: [person(count)] },
    }));
    expect(failure).toMatchObject({ code: 'crm.paging_stuck', details: { problem: 'the list goes on after 5 pages' } });
  });
});

describe('a page', () => {
  it('keeps its good records and names the bad ones without what is in them', async () => {
    const data = [
      { id: 9007199254740993n, updated: null },
      { name: 'Maria Anders' },
      { id: '', name: 'x' },
      'text',
      { id: 5, updated: 'yesterday' },
      { id: 6, updated: '2026-01-01' },
    ];
    const body = JSON.stringify({ data }, (_name, value: unknown) => (typeof value === 'bigint' ? `big${value}` : value)).replace(
      /"big(\d+)"/,
      '$1',
    );
    const crm = await startCrm(() => ({ body }));
    const [page] = await readPages(openPeople(peopleManifest(), crm.url).people.listAll(null, never));
    await crm.stop();
    expect(idsOf(page?.records ?? [])).toEqual(['9007199254740993', '6']);
    expect(page?.records.map(({ modifiedOnMs }) => modifiedOnMs)).toEqual([null, Date.UTC(2026, 0, 1)]);
    expect(page?.unreadable.map(({ where }) => where)).toEqual([
      'record 2 of the page',
      'record 3 of the page',
      'record 4 of the page',
      '5',
    ]);
    expect(JSON.stringify(page?.unreadable)).not.toContain('Maria');
  });

  it.each<readonly [string, CrmReply, string]>([
    ['null', { body: null }, 'it is empty (HTTP 200)'],
    ['nothing at all', { body: '' }, 'it is empty (HTTP 200)'],
    ['an object without the list', { body: { items: [] } }, 'it has no list at “data”'],
    ['a web page', { body: '<!doctype html><html>Sign in</html>' }, 'it is a web page, not JSON'],
    ['a redirect', { status: 302, headers: { location: 'http://127.0.0.1:1/' } }, 'it leads elsewhere (HTTP 302)'],
  ])('that is %s is no empty page', async (_what, reply, problem) => {
    const crm = await startCrm(() => reply);
    await expect(readPages(openPeople(peopleManifest(), crm.url).people.listAll(null, never))).rejects.toMatchObject({
      code: 'crm.bad_answer',
      details: { problem: expect.stringContaining(problem) as string },
    });
    await crm.stop();
  });

  it('that the CRM gives as “no content” is an empty one', async () => {
    const crm = await startCrm(() => ({ status: 204, body: '' }));
    expect(await readPages(openPeople(peopleManifest(), crm.url).people.listAll(null, never))).toEqual([
      { records: [], unreadable: [], next: null },
    ]);
    await crm.stop();
  });

  it('is fetched while the caller works on the one before, and no further', async () => {
    const crm = await startCrm((_request, count) => ({ body: { data: [{ id: count, updated: null }] } }));
    const { people } = openPeople(peopleManifest({ page: { kind: 'page', param: 'page' } }), crm.url);
    const list = people.listAll(null, never);
    const pages = list[Symbol.asyncIterator]();
    await pages.next();
    await pages.next();
    expect(crm.requests.length).toBeLessThanOrEqual(3);
    await pages.return?.();
    const after = crm.requests.length;
    await crm.stop();
    expect(crm.requests.length).toBe(after);
  });
});
