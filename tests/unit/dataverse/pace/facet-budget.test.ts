import fc from 'fast-check';
import { FacetBudget } from '../../../../api/src/dataverse/pace/facet-budget.ts';
import { WindowSum, windowMs } from '../../../../api/src/dataverse/pace/window-sum.ts';

describe('what was used in the last five minutes', () => {
  const uses = fc.array(fc.record({ afterMs: fc.integer({ min: 0, max: 40_000 }), amount: fc.integer({ min: 0, max: 5_000 }) }), {
    maxLength: 60,
  });

  it('holds all that is younger, nothing that is a second older, whatever comes when', () => {
    fc.assert(
      fc.property(uses, (steps) => {
        const sum = new WindowSum();
        let nowMs = 1_000_000_000;
        const used: { readonly atMs: number; readonly amount: number }[] = [];
        for (const { afterMs, amount } of steps) {
          nowMs += afterMs;
          sum.add(nowMs, amount);
          used.push({ atMs: nowMs, amount });
          const since = (ms: number): number => used.filter(({ atMs }) => atMs > ms).reduce((total, use) => total + use.amount, 0);
          expect(sum.at(nowMs)).toBeLessThanOrEqual(since(nowMs - windowMs - 1));
          expect(sum.at(nowMs)).toBeGreaterThanOrEqual(since(nowMs - windowMs + 1_000));
        }
      }),
    );
  });

  it('says when there will be room, and there is then, and not a second before', () => {
    fc.assert(
      fc.property(uses, fc.integer({ min: 0, max: 20_000 }), (steps, most) => {
        const sum = new WindowSum();
        let nowMs = 1_000_000_000;
        for (const { afterMs, amount } of steps) {
          nowMs += afterMs;
          sum.add(nowMs, amount);
        }
        const waitMs = sum.msUntilAtMost(nowMs, most);
        expect(waitMs).toBeLessThanOrEqual(windowMs);
        if (waitMs > 1_000) {
          const early = new WindowSum();
          let atMs = 1_000_000_000;
          for (const { afterMs, amount } of steps) {
            atMs += afterMs;
            early.add(atMs, amount);
          }
          expect(early.at(nowMs + waitMs - 1_000)).toBeGreaterThan(most);
        }
        expect(sum.at(nowMs + waitMs)).toBeLessThanOrEqual(most);
      }),
    );
  });
});

describe('the budget of one facet', () => {
  const documented = 1_200_000;

  /** Works at a steady rate, each request taking a second, until `ms` have passed. */
  const workFor = (budget: FacetBudget, fromMs: number, ms: number, usedPerSecond: number): number => {
    for (let atMs = fromMs; atMs < fromMs + ms; atMs += 1_000) budget.use(atMs, usedPerSecond);
    return fromMs + ms;
  };

  it('holds nothing back until Dataverse has refused', () => {
    const budget = new FacetBudget(documented);
    workFor(budget, 0, 600_000, 50_000);
    expect(budget.amount).toBe(Number.POSITIVE_INFINITY);
    expect(budget.msUntilRoomFor(600_000, 1e9)).toBe(0);
  });

  it('learns from a refusal, stays 3 % below, is back there in two minutes and beyond in another two', () => {
    const budget = new FacetBudget(documented);
    let nowMs = workFor(budget, 0, 400_000, 16_000);
    budget.refused(nowMs - 1_000);
    const refusedAt = 300 * 16_000;
    expect(budget.amount).toBeCloseTo(refusedAt * 0.97, -2);
    nowMs = workFor(budget, nowMs, 120_000, 16_000);
    expect(budget.amount / refusedAt).toBeCloseTo(1, 2);
    workFor(budget, nowMs, 120_000, 16_000);
    expect(budget.amount / refusedAt).toBeCloseTo(1.03, 2);
  });

  it('does not grow while nothing presses against it', () => {
    const budget = new FacetBudget(documented);
    const nowMs = workFor(budget, 0, 400_000, 16_000);
    budget.refused(nowMs - 1_000);
    const before = budget.amount;
    workFor(budget, nowMs + 3_600_000, 300_000, 100);
    expect(budget.amount).toBe(before);
  });

  it('is never more than halved by one refusal: somebody else may have used the window as the same user', () => {
    const budget = new FacetBudget(documented);
    budget.use(1_000, 5_000);
    budget.refused(2_000);
    expect(budget.amount).toBeCloseTo(documented * 0.97, -2);
    const once = budget.amount;
    budget.refused(3_000);
    expect(budget.amount).toBeCloseTo((once / 2) * 0.97, -2);
    // Little was used: bulk work goes on, whatever the refusals were about.
    expect(budget.msUntilRoomFor(3_000, 10_000)).toBe(0);
  });

  it('goes down, half by half, to a small share of what others leave', () => {
    const budget = new FacetBudget(documented);
    let nowMs = 1_000;
    for (let refusals = 0; refusals < 12; refusals += 1) {
      nowMs = workFor(budget, nowMs, 300_000, 100);
      budget.refused(nowMs);
    }
    expect(budget.amount).toBeLessThan(40_000);
    expect(budget.amount).toBeGreaterThan(20_000);
  });
});
