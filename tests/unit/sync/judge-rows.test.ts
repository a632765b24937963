import fc from 'fast-check';
import { judgePage, keysToLookUp, type ListedRow, noCarry, type RowVerdict } from '../../../api/src/sync/adopt/judge-rows.ts';

const row = (rowId: string, id: string | null, more: Partial<ListedRow> = {}): ListedRow => ({
  rowId,
  writtenId: id,
  sourceKey: id === null ? null : `crm~${id}`,
  ownKey: null,
  isActive: true,
  ...more,
});

/** Judges page by page, as adoption does, and writes what it says; `pages`: after how many it is stopped. */
const adoptAll = (rows: readonly ListedRow[], rowsPerPage: number, pages = Infinity) => {
  const stamped = new Map(rows.map(({ rowId, ownKey }) => [rowId, ownKey]));
  const verdicts = new Map<string, RowVerdict>();
  let carry = noCarry;
  for (let from = 0; from < Math.min(rows.length, pages * rowsPerPage); from += rowsPerPage) {
    const page = rows.slice(from, from + rowsPerPage);
    const wanted = new Set(keysToLookUp(page));
    const holders = new Set([...stamped.values()].filter((key) => key !== null && wanted.has(key)));
    const judged = judgePage(page, holders as ReadonlySet<string>, carry);
    carry = judged.carry;
    for (const {
      row: { rowId, sourceKey },
      verdict,
    } of judged.judgements) {
      verdicts.set(rowId, verdict);
      if (verdict === 'adopt') stamped.set(rowId, sourceKey);
    }
  }
  return { verdicts, rows: rows.map((one) => ({ ...one, ownKey: stamped.get(one.rowId) ?? null })) };
};
const verdictsOf = (rows: readonly ListedRow[], rowsPerPage = 100) => [...adoptAll(rows, rowsPerPage).verdicts.values()];

describe('which rows are adopted', () => {
  it('the first of each record: active before inactive, then the oldest, which is how they are listed', () => {
    expect(verdictsOf([row('1', 'a'), row('2', 'a'), row('3', 'a', { isActive: false }), row('4', 'b')])).toEqual([
      'adopt',
      'doubled',
      'doubled',
      'adopt',
    ]);
  });

  it('rows of one record on two pages are known for doubled', () => {
    expect(verdictsOf([row('1', 'a'), row('2', 'a'), row('3', 'a')], 1)).toEqual(['adopt', 'doubled', 'doubled']);
  });

  it('an id that differs in case is another record, though Dataverse lists the two mixed', () => {
    expect(verdictsOf([row('1', 'Ab'), row('2', 'aB'), row('3', 'Ab'), row('4', 'aB')], 2)).toEqual([
      'adopt',
      'adopt',
      'doubled',
      'doubled',
    ]);
  });

  it('two spellings of one id are one record', () => {
    const short = row('1', '0015g00000abcDE', { sourceKey: 'crm~x' });
    const long = row('2', '0015g00000abcDEAAY', { sourceKey: 'crm~x' });
    expect(verdictsOf([short, row('3', '0015g00000abcDEA'), long])).toEqual(['adopt', 'adopt', 'doubled']);
    expect(verdictsOf([short, row('3', '0015g00000abcDEA'), long], 1)).toEqual(['adopt', 'adopt', 'taken']);
  });

  it('a row without a usable id, and one with the key of another record, are left as they are', () => {
    expect(verdictsOf([row('1', null), row('2', null), row('3', 'a', { ownKey: 'crm~b' })])).toEqual([
      'withoutId',
      'withoutId',
      'otherRecord',
    ]);
  });

  it('a row whose key a newer row has got is not doubled but taken: both may have a history', () => {
    expect(verdictsOf([row('1', 'a'), row('2', 'a', { ownKey: 'crm~a' })])).toEqual(['taken', 'ours']);
  });

  it('a row that comes again, as it was deactivated meanwhile, is judged once', () => {
    const doubled = row('2', 'a');
    const first = judgePage([row('1', 'a'), doubled], new Set(), noCarry);
    expect(judgePage([{ ...doubled, isActive: false }, row('3', 'b')], new Set(), first.carry).judgements).toEqual([
      { row: row('3', 'b'), verdict: 'adopt' },
    ]);
  });

  const anyRows = fc
    .array(fc.record({ id: fc.constantFrom('a', 'A', 'b', 'c', 'd', null), isOurs: fc.boolean() }), { maxLength: 30 })
    .map((drawn) => {
      const fold = (id: string | null): string => (id ?? '').toLowerCase();
      const taken = new Set<string>();
      return drawn
        .toSorted((left, right) => fold(left.id).localeCompare(fold(right.id)))
        .map(({ id, isOurs }, index) => {
          const own = isOurs && id !== null && !taken.has(id) ? `crm~${id}` : null;
          if (own !== null && id !== null) taken.add(id);
          return row(String(index), id, { ownKey: own });
        });
    });

  it('whatever the pages, no key is given twice, every record has one row, and a second pass changes nothing', () => {
    fc.assert(
      fc.property(anyRows, fc.integer({ min: 1, max: 7 }), (rows, rowsPerPage) => {
        const first = adoptAll(rows, rowsPerPage);
        const keys = first.rows.flatMap(({ ownKey }) => (ownKey === null ? [] : [ownKey]));
        expect(new Set(keys).size).toBe(keys.length);
        expect(new Set(keys)).toEqual(new Set(rows.flatMap(({ sourceKey }) => (sourceKey === null ? [] : [sourceKey]))));
        expect(first.verdicts).toEqual(adoptAll(rows, 100).verdicts);
        const second = adoptAll(first.rows, rowsPerPage);
        expect([...second.verdicts.values()]).not.toContain('adopt');
      }),
    );
  });

  it('stopped after any page, the next pass comes to the same end', () => {
    fc.assert(
      fc.property(anyRows, fc.integer({ min: 1, max: 5 }), fc.nat(8), (rows, rowsPerPage, pages) => {
        const half = adoptAll(rows, rowsPerPage, pages).rows;
        expect(adoptAll(half, rowsPerPage).rows).toEqual(adoptAll(rows, rowsPerPage).rows);
      }),
    );
  });
});
