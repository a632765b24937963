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

  it('goes down, half by half, to a small share of what others leave, and never below a tenth of what is documented', () => {
    const budget = new FacetBudget(documented);
    let nowMs = 1_000;
    for (let refusals = 0; refusals < 12; refusals += 1) {
      nowMs = workFor(budget, nowMs, 300_000, 100);
      budget.refused(nowMs);
    }
    expect(budget.amount).toBeCloseTo((documented / 10) * 0.97, -2);
  });

  /** Many at once, all refused again and again though little was used: somebody else takes what this user is allowed. */
  const crowdedOut = () => {
    const requests = new FacetBudget(6_000);
    const startMs = 10_000;
    for (let request = 0; request < 900; request += 1) requests.use(startMs + request * 10, 1);
    for (let refusal = 0; refusal < 12; refusal += 1) requests.refused(startMs + 9_000);
    return { requests, nowMs: startMs + 9_000 };
  };

  it('goes on at an even pace where others have used what was allowed, though its own share was used in a burst', () => {
    const { requests, nowMs } = crowdedOut();
    expect(requests.amount).toBeLessThan(900);
    let wentMs = nowMs;
    for (let request = 0; request < 30; request += 1) {
      const waitMs = requests.msUntilRoomFor(wentMs, 1);
      expect(waitMs).toBeGreaterThan(0);
      expect(waitMs).toBeLessThanOrEqual(windowMs / requests.amount + 1);
      wentMs += waitMs;
      requests.use(wentMs, 1);
    }
  });

  it('waits for its own window where it is what was allowed that it used', () => {
    const requests = new FacetBudget(6_000);
    for (let request = 0; request < 6_000; request += 1) requests.use(10_000 + request, 1);
    requests.refused(16_000);
    requests.refused(16_100);
    expect(requests.msUntilRoomFor(16_200, 1)).toBeGreaterThan(290_000);
  });

  it('is back at what is documented within a quarter of an hour of pressing, however little was left of it', () => {
    const { requests, nowMs } = crowdedOut();
    let atMs = nowMs;
    while (requests.amount < 6_000 && atMs < nowMs + 3_600_000) {
      atMs += Math.max(1, requests.msUntilRoomFor(atMs, 1));
      requests.use(atMs, 1);
    }
    expect(atMs - nowMs).toBeLessThan(15 * 60_000);
  });
});
