/** The window of the service protection limits: 300 seconds that slide. */
import fc from 'fast-check';
import { createSlidingBudget } from '../../../../api/sandbox/src/dataverse/limits/sliding-budget.ts';

const windowMs = 300_000;

interface Use {
  readonly afterMs: number;
  readonly amount: number;
}

/** Uses in bursts and in drips, often right at the edge of the window. */
const uses = (largestAmount: number) =>
  fc.array(
    fc.record({
      afterMs: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 50_000 }), fc.constantFrom(windowMs - 1, windowMs, windowMs + 1)),
      amount: fc.integer({ min: 1, max: largestAmount }),
    }),
    { maxLength: 200 },
  );

/** What a window holds when one simply looks at everything: the uses after `nowMs - windowMs`, up to now. */
const heldAt = (nowMs: number, admitted: readonly { readonly atMs: number; readonly amount: number }[]): number =>
  admitted.filter(({ atMs }) => atMs > nowMs - windowMs && atMs <= nowMs).reduce((sum, { amount }) => sum + amount, 0);

function admitWhatHasRoom(limit: number, wanted: readonly Use[], look: (seen: { nowMs: number; hasRoom: boolean; held: number }) => void) {
  const budget = createSlidingBudget({ limit, windowMs });
  const admitted: { atMs: number; amount: number }[] = [];
  let nowMs = 1_000_000;
  for (const { afterMs, amount } of wanted) {
    nowMs += afterMs;
    const hasRoom = budget.roomAtMs() <= nowMs;
    look({ nowMs, hasRoom, held: heldAt(nowMs, admitted) });
    expect(budget.leftAt(nowMs)).toBe(Math.max(0, limit - heldAt(nowMs, admitted)));
    if (!hasRoom) continue;
    budget.add(nowMs, amount);
    admitted.push({ atMs: nowMs, amount });
  }
  return admitted;
}

describe('a budget for a sliding window', () => {
  it('never lets more than the limit into any 300 seconds, and lets in whenever there is room', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), uses(1), (limit, wanted) => {
        const admitted = admitWhatHasRoom(limit, wanted, ({ hasRoom, held }) => expect(hasRoom).toBe(held < limit));
        for (const { atMs } of admitted) expect(heldAt(atMs, admitted)).toBeLessThanOrEqual(limit);
      }),
    );
  });

  it('of amounts it lets in whenever less than the limit is used, so it is exceeded by one use at most', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2_000 }), uses(700), (limit, wanted) => {
        const admitted = admitWhatHasRoom(limit, wanted, ({ hasRoom, held }) => expect(hasRoom).toBe(held < limit));
        for (const [index, { atMs }] of admitted.entries()) expect(heldAt(atMs, admitted.slice(0, index))).toBeLessThan(limit);
      }),
    );
  });

  it('tells the very moment from when on there is room, also after uses that were over the limit', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), uses(20), (limit, wanted) => {
        const budget = createSlidingBudget({ limit, windowMs });
        const used: { atMs: number; amount: number }[] = [];
        let nowMs = 1_000_000;
        for (const { afterMs, amount } of wanted) {
          nowMs += afterMs;
          budget.add(nowMs, amount);
          used.push({ atMs: nowMs, amount });
          const roomAtMs = Math.max(nowMs, budget.roomAtMs());
          expect(heldAt(roomAtMs, used)).toBeLessThan(limit);
          if (roomAtMs > nowMs) expect(heldAt(roomAtMs - 1, used)).toBeGreaterThanOrEqual(limit);
        }
      }),
    );
  });

  it('slides: what was used at the end of one five minutes still counts at the start of the next', () => {
    const budget = createSlidingBudget({ limit: 100, windowMs });
    for (let index = 0; index < 100; index += 1) budget.add(299_000, 1);
    expect(budget.roomAtMs()).toBe(599_000);
    expect(budget.leftAt(300_001)).toBe(0);
    expect(budget.leftAt(599_000)).toBe(100);
  });

  it('keeps no more than it needs: a million uses are looked through no more than once', () => {
    const budget = createSlidingBudget({ limit: 6000, windowMs });
    for (let index = 0; index < 1_000_000; index += 1) {
      budget.add(index, 1);
      budget.leftAt(index);
    }
    expect(budget.roomAtMs()).toBe(1_000_000 - 6000 + windowMs);
  });
});
