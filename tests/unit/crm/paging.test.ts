import fc from 'fast-check';
import { findLink } from '../../../api/src/crm/paging/link-header.ts';
import { createPager } from '../../../api/src/crm/paging/pager.ts';
import type { JsonObject } from '../../../api/src/crm/types.ts';
import { createRepeatGuard } from '../../../api/src/crm/paging/repeat-guard.ts';

describe('the Link header', () => {
  it('is read with commas in addresses, several relations and quoted text', () => {
    const header = '<https://a.example/x?ids=1,2>; rel="prev first"; title="a, <b>; rel=next", </y?c=1>; rel=next';
    expect(findLink(header, 'next')).toBe('/y?c=1');
    expect(findLink(header, 'first')).toBe('https://a.example/x?ids=1,2');
    expect(findLink(header, 'last')).toBeNull();
    expect(findLink('', 'next')).toBeNull();
  });
});

describe('the guard against lists that never end', () => {
  it('notices a cycle of any length, at any place, before it is walked three times', () => {
    fc.assert(
      fc.property(fc.nat(40), fc.integer({ min: 1, max: 40 }), (lead, cycle) => {
        const guard = createRepeatGuard({ at: null, pagesRead: 0, recordsRead: 0 });
        const at = (page: number) => `p${page <= lead ? page : lead + ((page - lead) % cycle)}`;
        let page = 1;
        while (guard.nextPlace({ at: at(page), pagesRead: page, recordsRead: 0 }) === null) {
          page += 1;
          expect(page).toBeLessThanOrEqual(3 * (lead + cycle) + 3);
        }
      }),
    );
  });

  it('never stops a list that goes on', () => {
    const guard = createRepeatGuard({ at: null, pagesRead: 0, recordsRead: 0 });
    for (let page = 1; page < 5000; page += 1) expect(guard.nextPlace({ at: `c${page}`, pagesRead: page, recordsRead: 0 })).toBeNull();
  });
});

describe('a pager', () => {
  const facts = (body: JsonObject, recordCount: number) => ({
    body,
    header: () => undefined,
    recordCount,
    url: 'https://crm.example/people?page=1',
  });

  it('goes on after a page that the server cut short, unless the manifest says that short pages are the last', () => {
    const page = { kind: 'offset', param: 'offset', sizeParam: 'limit', size: 100 } as const;
    const pager = createPager(page, null);
    expect(pager.next(pager.first, facts({}, 20))).toMatchObject({ at: 20 });
    expect(pager.next({ at: 20, pagesRead: 1, recordsRead: 20 }, facts({}, 0))).toBeNull();
    const trusting = createPager({ ...page, end: { shortPage: true } }, null);
    expect(trusting.next(trusting.first, facts({}, 20))).toBeNull();
  });

  it('believes what the answer says about the end', () => {
    const byPages = createPager({ kind: 'page', param: 'page', end: { totalPages: 'pages' } }, null);
    expect(byPages.next(byPages.first, facts({ pages: 1 }, 100))).toBeNull();
    expect(byPages.next(byPages.first, facts({ pages: 2 }, 0))).toMatchObject({ at: 2 });
    const byTotal = createPager({ kind: 'page', param: 'page', end: { total: 'total' } }, null);
    expect(byTotal.next(byTotal.first, facts({ total: '30' }, 20))).toMatchObject({ at: 2 });
    expect(byTotal.next({ at: 2, pagesRead: 1, recordsRead: 20 }, facts({ total: '30' }, 10))).toBeNull();
    const byCursor = createPager({ kind: 'cursor', param: 'c', from: 'next', end: { when: 'next == -1' } }, null);
    expect(byCursor.next(byCursor.first, facts({ next: 40 }, 20))).toMatchObject({ at: 40 });
    expect(byCursor.next(byCursor.first, facts({ next: -1 }, 20))).toBeNull();
  });

  it('stops where a page says that it is not the last but has no cursor, since what is behind it would look removed', () => {
    const byCursor = createPager({ kind: 'cursor', param: 'c', from: 'next', end: { when: 'more == false' } }, null);
    expect(byCursor.next(byCursor.first, facts({ more: false }, 20))).toBeNull();
    expect(byCursor.next(byCursor.first, facts({}, 0))).toBeNull();
    expect(() => byCursor.next(byCursor.first, facts({ more: true, next: null }, 20))).toThrow('not the last');
  });

  it('resolves links against the page, and keeps keys out of what is stored', () => {
    const pager = createPager({ kind: 'nextLink', from: 'next' }, 'api_key');
    expect(pager.next(pager.first, facts({ next: '?page=2&api_key=secret' }, 1))?.at).toBe('https://crm.example/people?page=2');
    expect(pager.next(pager.first, facts({ next: null }, 1))).toBeNull();
  });

  it('refuses a checkpoint of another kind of list', () => {
    const pager = createPager({ kind: 'page', param: 'page' }, null);
    const place = { at: 7, pagesRead: 6, recordsRead: 600 };
    expect(pager.resume(structuredClone(place))).toEqual(place);
    for (const other of [null, 7, { at: 'x', pagesRead: 1, recordsRead: 1 }, { at: 7 }, { at: 7, pagesRead: -1, recordsRead: 0 }])
      expect(pager.resume(other)).toBeNull();
  });
});
