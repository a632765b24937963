import fc from 'fast-check';
import { type Verdict, badRowsWorthHalving, halvingBudget, splitToBadRows } from '../../../api/src/dataverse/write/split-to-bad-rows.ts';

interface Found {
  readonly bad: number[];
  readonly landed: number[];
  readonly settledOtherwise: number[];
  requests: number;
}

/** Sends numbers; a request with a number of `bad` is refused whole, one with more than `mostAtOnce` is too large. */
const split = async (rowCount: number, bad: ReadonlySet<number>, mostAtOnce = Infinity): Promise<Found> => {
  const found: Found = { bad: [], landed: [], settledOtherwise: [], requests: 0 };
  await splitToBadRows<number, string>({
    rows: Array.from({ length: rowCount }, (_, row) => row),
    send: async (rows): Promise<Verdict<string>> => {
      found.requests += 1;
      if (rows.length > mostAtOnce) return { kind: 'too_many', refused: 'too many' };
      if (rows.some((row) => bad.has(row))) return { kind: 'bad_row', refused: 'bad' };
      found.landed.push(...rows);
      return { kind: 'landed' };
    },
    onBadRow: (index) => found.bad.push(index),
    settleOtherwise: async (from, to) => {
      for (let row = from; row < to; row += 1) {
        found.settledOtherwise.push(row);
        (bad.has(row) ? found.bad : found.landed).push(row);
      }
    },
    isWorthHalving: () => true,
  });
  return found;
};

const ascending = (a: number, b: number) => a - b;
const rowsAndBad = fc
  .integer({ min: 1, max: 1000 })
  .chain((rowCount) => fc.tuple(fc.constant(rowCount), fc.uniqueArray(fc.integer({ min: 0, max: rowCount - 1 }), { maxLength: 40 })));

describe('splitting a refused batch', () => {
  it('finds exactly the bad rows, and every other row lands once', async () => {
    await fc.assert(
      fc.asyncProperty(rowsAndBad, async ([rowCount, bad]) => {
        const found = await split(rowCount, new Set(bad));
        expect(found.bad.sort(ascending)).toEqual([...bad].sort(ascending));
        expect(found.landed).toHaveLength(rowCount - bad.length);
        expect(new Set([...found.landed, ...found.bad]).size).toBe(rowCount);
      }),
    );
  });

  it('needs at most 1 + 2·k·⌈log2 n⌉ requests for k bad rows among n, and never more than its budget', async () => {
    await fc.assert(
      fc.asyncProperty(rowsAndBad, async ([rowCount, bad]) => {
        const { requests } = await split(rowCount, new Set(bad));
        const levels = Math.ceil(Math.log2(Math.max(2, rowCount)));
        expect(requests).toBeLessThanOrEqual(1 + 2 * bad.length * levels);
        expect(requests).toBeLessThanOrEqual(halvingBudget(rowCount));
      }),
    );
  });

  it('isolates one bad row in 1,000 within 20 further requests, wherever it stands', async () => {
    for (const row of [0, 1, 499, 500, 501, 998, 999]) {
      const { requests, settledOtherwise } = await split(1000, new Set([row]));
      expect(requests).toBeLessThanOrEqual(21);
      expect(settledOtherwise).toEqual([]);
    }
  });

  it('isolates as many bad rows as halving is worth without asking row by row', async () => {
    const bad = new Set(Array.from({ length: badRowsWorthHalving }, (_, index) => 100 + index * 250));
    const { settledOtherwise } = await split(1000, bad);
    expect(settledOtherwise).toEqual([]);
  });

  it('stops halving when all rows are bad', async () => {
    const { requests, settledOtherwise, bad } = await split(1000, new Set(Array.from({ length: 1000 }, (_, row) => row)));
    expect(requests).toBeLessThanOrEqual(halvingBudget(1000));
    expect(settledOtherwise.length).toBeGreaterThan(900);
    expect(bad).toHaveLength(1000);
  });

  it('blames no row when only the size was wrong', async () => {
    const found = await split(1000, new Set(), 130);
    expect(found.bad).toEqual([]);
    expect(found.landed).toHaveLength(1000);
    expect(found.requests).toBe(15);
  });
});
