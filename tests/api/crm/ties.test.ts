import type { Manifest } from '../../../api/src/crm/manifest/schema/manifest.ts';
import { type CrmServer, startCrm } from './support/crm-server.ts';
import { idsOf, never, openPeople, peopleManifest, readPages, readRecords } from './support/people-crm.ts';
import { answerTied, type TiedRecord, tiedRecords } from './support/tied-crm.ts';

type Table = NonNullable<Manifest['tables']['contact']>;
type Changes = NonNullable<Table['changes']>;
type Page = NonNullable<Manifest['page']>;

const timeMs = Date.UTC(2026, 0, 10, 12);
const window = { fromMs: timeMs - 60_000, toMs: timeMs + 60_000 };
const fromTo = { from: '{{from | iso}}', to: '{{to | iso}}' };
const from = { from: '{{from | iso}}' };
const size = { sizeParam: 'size', size: 100 } as const;

const pages: Readonly<Record<string, Page>> = {
  'page numbers': { kind: 'page', param: 'page', ...size },
  offsets: { kind: 'offset', param: 'offset', ...size, end: { total: { header: 'X-Total-Count' } } },
  cursors: { kind: 'cursor', param: 'cursor', from: 'cursor', ...size, end: { when: 'more == false' } },
  'links in the body': { kind: 'nextLink', from: 'next', ...size },
  'the Link header': { kind: 'linkHeader', ...size },
};

const byPages: Page = { kind: 'page', param: 'page', ...size };
const byId: Page = { kind: 'keyset', by: 'id', numeric: true, ...size };
const keysets: readonly (readonly [string, Changes])[] = [
  ['window, by id', { mode: 'window', path: '/people', query: { ...fromTo, after_id: '{{last.id}}' }, page: byId }],
  [
    'window, by id until few enough remain',
    {
      mode: 'window',
      path: '/people',
      query: { ...fromTo, after_id: '{{last.id}}' },
      page: { ...byId, end: { remaining: { header: 'X-Total-Count' } } },
    },
  ],
  [
    'since, by time and id',
    {
      mode: 'since',
      path: '/people',
      query: { after_time: '{{last.modified | iso}}', after_id: '{{last.id}}' },
      page: { kind: 'keyset', by: 'modifiedThenId', ...size },
    },
  ],
  [
    'since, by time, with an offset among those of one time',
    {
      mode: 'since',
      path: '/people',
      query: { from: '{{last.modified | iso}}' },
      page: { kind: 'keyset', by: 'modified', ...size, ties: { param: 'offset' } },
    },
  ],
  [
    'window, by time, with larger pages among those of one time',
    {
      mode: 'window',
      path: '/people',
      query: { from: '{{last.modified | iso}}', to: '{{to | iso}}' },
      page: { kind: 'keyset', by: 'modified', ...size, ties: { maxSize: 5000 }, end: { when: 'more == false' } },
    },
  ],
];

const ways: readonly (readonly [string, Changes])[] = [
  ...Object.entries(pages).flatMap(([name, page]): readonly (readonly [string, Changes])[] => [
    [`window, ${name}`, { mode: 'window', path: '/people', query: fromTo, page }],
    [`since, ${name}`, { mode: 'since', path: '/people', query: from, page }],
    [`cursor, ${name}`, { mode: 'cursor', path: '/people', query: from, page, token: 'token' }],
    [`clientSide, ${name}`, { mode: 'clientSide', path: '/people', page }],
    [`clientSide from the newest, ${name}`, { mode: 'clientSide', path: '/people', query: { order: 'newest' }, newestFirst: true, page }],
  ]),
  ...keysets,
];

describe('3,000 records that share one timestamp, in pages of 100', () => {
  let crm: CrmServer;
  let records: readonly TiedRecord[] = [];
  let most = 5000;

  beforeAll(async () => {
    crm = await startCrm((request) => answerTied(records, request, most, crm.url));
  });
  afterAll(() => crm.stop());
  beforeEach(() => {
    records = tiedRecords(3000, timeMs);
    most = 5000;
  });

  const everyone = () => records.map(({ id }) => id).toSorted((one, other) => one - other);
  const numbers = (ids: readonly string[]) => ids.map(Number).toSorted((one, other) => one - other);
  const readerOf = (changes: Changes) => openPeople(peopleManifest({ changes, list: { path: '/people', page: byPages } }), crm.url).people;

  it.each(ways)('arrive exactly once: %s', async (_name, changes) => {
    expect(numbers(idsOf(await readRecords(readerOf(changes).listChanges(window, null, never))))).toEqual(everyone());
  });

  it.each(keysets)('arrive also when the walk goes on from a checkpoint in their midst: %s', async (_name, changes) => {
    const all = await readPages(readerOf(changes).listChanges(window, null, never));
    const middle = Math.floor(all.length / 2);
    const checkpoint = JSON.parse(JSON.stringify(all[middle]?.next ?? null)) as never;
    const before = all.slice(0, middle + 1).flatMap(({ records: read }) => idsOf(read));
    const after = idsOf(await readRecords(readerOf(changes).listChanges(window, checkpoint, never)));
    expect(numbers([...new Set([...before, ...after])])).toEqual(everyone());
  });

  it('arrive exactly once also when the CRM cuts pages to fewer', async () => {
    most = 70;
    for (const [, changes] of keysets.filter(([, { page }]) => page?.kind === 'keyset' && page.by !== 'modified')) {
      if (changes.page?.kind === 'keyset' && changes.page.end !== undefined) continue;
      expect(numbers(idsOf(await readRecords(readerOf(changes).listChanges(window, null, never))))).toEqual(everyone());
    }
  });

  it('stop the walk with a reason, and are not skipped, when there is no way past them', async () => {
    most = 100;
    const changes: Changes = {
      mode: 'since',
      path: '/people',
      query: { from: '{{last.modified | iso}}' },
      page: { kind: 'keyset', by: 'modified', ...size, end: { when: 'more == false' } },
    };
    await expect(readRecords(readerOf(changes).listChanges(window, null, never))).rejects.toMatchObject({
      code: 'crm.paging_stuck',
      details: { problem: expect.stringContaining('more records share one time') },
    });
  });

  it.each([100, 5000])('are found in the list of all when no page of changes gets past them and the manifest says so', async (largest) => {
    most = largest;
    const changes: Changes = {
      mode: 'since',
      path: '/people',
      query: { from: '{{last.modified | iso}}' },
      page: { kind: 'keyset', by: 'modified', ...size, ties: { readAll: true, maxSize: 400 }, end: { when: 'more == false' } },
    };
    const pages = await readPages(readerOf(changes).listChanges(window, null, never));
    // What stood on the page before the one that goes round comes again, and is seen to be unchanged.
    expect(numbers([...new Set(pages.flatMap(({ records: read }) => idsOf(read)))])).toEqual(everyone());
    const checkpoint = JSON.parse(JSON.stringify(pages[12]?.next ?? null)) as never;
    const before = pages.slice(0, 13).flatMap(({ records: read }) => idsOf(read));
    const after = idsOf(await readRecords(readerOf(changes).listChanges(window, checkpoint, never)));
    expect(numbers([...new Set([...before, ...after])])).toEqual(everyone());
    expect(after.length).toBeLessThan(3000);
  });

  it('are no reason to go round for ever when the CRM ignores where a page begins', async () => {
    const ignoring: Changes = { mode: 'window', path: '/people', query: { ...fromTo, ignored: '{{last.id}}' }, page: byId };
    await expect(readRecords(readerOf(ignoring).listChanges(window, null, never))).rejects.toMatchObject({ code: 'crm.paging_stuck' });
  });
});

describe('a list that is read by its last record', () => {
  const read = async (page: Page, answer: (count: number) => object, headers: Readonly<Record<string, string>> = {}) => {
    const crm = await startCrm((_request, count) => ({ body: answer(count), headers }));
    const list = { path: '/people', query: { after: '{{last.id}}' } };
    const result = await readRecords(openPeople(peopleManifest({ list, page }), crm.url).people.listAll(null, never)).catch(
      (error: unknown) => error,
    );
    await crm.stop();
    return result;
  };

  it('stops when the CRM does not sort it, since what stands between would be lost', async () => {
    expect(await read(byId, () => ({ data: [{ id: 2 }, { id: 1 }] }))).toMatchObject({
      details: { problem: expect.stringContaining('not sorted') },
    });
  });

  it('stops at an empty page when the CRM says that more remain: the user may not read them all', async () => {
    const page: Page = { ...byId, end: { remaining: { header: 'X-Total-Count' } } };
    expect(await read(page, () => ({ data: [] }), { 'x-total-count': '4000' })).toMatchObject({
      details: { problem: expect.stringContaining('integration user') },
    });
  });
});
