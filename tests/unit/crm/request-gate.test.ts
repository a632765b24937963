import fc from 'fast-check';
import { createRequestGate, type RequestGate } from '../../../api/src/crm/http/request-gate.ts';
import type { Urgency } from '../../../api/src/crm/types.ts';
import { createTime } from '../dataverse/pace/time.ts';

const urgencies = ['person', 'webhook', 'bulk'] as const;
const never = new AbortController().signal;

interface Visit {
  readonly urgency: Urgency;
  readonly operation: 'get' | 'list' | 'changes';
  readonly afterMs: number;
  readonly takesMs: number;
  /** Gives up after so long, when it has not gone by then. */
  readonly patienceMs: number | null;
}

const visits: fc.Arbitrary<readonly Visit[]> = fc.array(
  fc.record({
    urgency: fc.constantFrom(...urgencies),
    operation: fc.constantFrom('get', 'list', 'changes'),
    afterMs: fc.integer({ min: 0, max: 400 }),
    takesMs: fc.integer({ min: 0, max: 900 }),
    patienceMs: fc.option(fc.integer({ min: 0, max: 2_000 }), { freq: 3 }),
  }),
  { maxLength: 40 },
);
const limits = fc.record({
  concurrency: fc.integer({ min: 1, max: 4 }),
  all: fc.record({ requests: fc.integer({ min: 1, max: 12 }), perMs: fc.integer({ min: 100, max: 9_000 }) }),
  changes: fc.record({ requests: fc.integer({ min: 1, max: 3 }), perMs: fc.integer({ min: 100, max: 2_000 }) }),
});

interface Went extends Visit {
  readonly cameMs: number;
  readonly wentMs: number;
  leftMs: number;
}

/** Sends everybody through the gate, and gives who went when. */
const play = async (gate: RequestGate, time: ReturnType<typeof createTime>, all: readonly Visit[]) => {
  const went: Went[] = [];
  const gaveUp: Visit[] = [];
  const { clock, sleep } = time;
  const visit = async (one: Visit): Promise<void> => {
    const stop = new AbortController();
    const cameMs = clock.nowMs();
    if (one.patienceMs !== null) void sleep(one.patienceMs, never).then(() => stop.abort(new Error('gave up')));
    const leave = await gate.enter({ urgency: one.urgency, operation: one.operation, signal: stop.signal }).catch(() => null);
    if (leave === null) {
      gaveUp.push(one);
      return;
    }
    const entry: Went = { ...one, cameMs, wentMs: clock.nowMs(), leftMs: Number.POSITIVE_INFINITY };
    went.push(entry);
    await sleep(one.takesMs, never);
    entry.leftMs = clock.nowMs();
    leave();
  };
  const settled: Promise<void>[] = [];
  for (const one of all) {
    await time.pass(one.afterMs);
    settled.push(visit(one));
  }
  await time.pass(2_000_000);
  expect(went.length + gaveUp.length).toBe(all.length);
  await Promise.all(settled);
  return { went, gaveUp };
};

const mostWithin = (timesMs: readonly number[], perMs: number): number =>
  Math.max(0, ...timesMs.map((fromMs) => timesMs.filter((timeMs) => timeMs >= fromMs && timeMs < fromMs + perMs).length));

describe('the gate of a CRM', () => {
  it('never lets out more at once, or in any stretch of time, than each limit allows, and everybody who waits goes', async () => {
    await fc.assert(
      fc.asyncProperty(limits, visits, async ({ concurrency, all, changes }, everybody) => {
        const time = createTime();
        const gate = createRequestGate({
          concurrency,
          rates: [all, { ...changes, on: ['changes'] }],
          nowMs: time.clock.nowMs,
          sleep: time.sleep,
        });
        const { went } = await play(gate, time, everybody);
        const timesOf = (some: readonly Went[]) => some.map(({ wentMs }) => wentMs);
        expect(mostWithin(timesOf(went), all.perMs)).toBeLessThanOrEqual(all.requests);
        expect(mostWithin(timesOf(went.filter(({ operation }) => operation === 'changes')), changes.perMs)).toBeLessThanOrEqual(
          changes.requests,
        );
        for (const { wentMs } of went)
          expect(went.filter((other) => other.wentMs <= wentMs && other.leftMs > wentMs).length).toBeLessThanOrEqual(concurrency);
      }),
      { numRuns: 60 },
    );
  });

  it('lets nobody go before somebody more urgent who waits for the same limits, nor before who came first of the same kind', async () => {
    await fc.assert(
      fc.asyncProperty(limits, visits, async ({ concurrency, all }, everybody) => {
        const time = createTime();
        // Short enough that nothing is ever overdue.
        const brief = everybody.slice(0, 12).map((one) => ({ ...one, patienceMs: null, takesMs: one.takesMs % 100 }));
        const rate = { requests: all.requests, perMs: Math.min(all.perMs, 2_000) };
        const gate = createRequestGate({ concurrency, rates: [rate], nowMs: time.clock.nowMs, sleep: time.sleep });
        const { went } = await play(gate, time, brief);
        const rank = ({ urgency }: Visit) => urgencies.indexOf(urgency);
        for (const one of went) {
          const overtaken = went.filter(
            (other) =>
              other.cameMs < one.wentMs &&
              other.wentMs > one.wentMs &&
              (rank(other) < rank(one) || (rank(other) === rank(one) && other.cameMs < one.cameMs)),
          );
          expect(overtaken).toEqual([]);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('has all its places and its whole budget again after everybody who gave up', async () => {
    await fc.assert(
      fc.asyncProperty(limits, visits, async ({ concurrency, all }, everybody) => {
        const time = createTime();
        const gate = createRequestGate({ concurrency, rates: [all], nowMs: time.clock.nowMs, sleep: time.sleep });
        await play(
          gate,
          time,
          everybody.map((one) => ({ ...one, patienceMs: one.patienceMs ?? 100 })),
        );
        const entered = Array.from({ length: Math.min(concurrency, all.requests) }, () => gate.enter({ urgency: 'person', signal: never }));
        expect(await Promise.race([Promise.all(entered), time.pass(0).then(() => 'some wait')])).not.toBe('some wait');
      }),
      { numRuns: 40 },
    );
  });

  it('lets a run on within half a minute though clicks never end', async () => {
    const time = createTime();
    const gate = createRequestGate({ concurrency: 1, rates: [{ requests: 2, perMs: 1_000 }], nowMs: time.clock.nowMs, sleep: time.sleep });
    const clicks = async (): Promise<void> => {
      for (let made = 0; made < 200; made += 1) (await gate.enter({ urgency: 'person', operation: 'get', signal: never }))();
    };
    const startMs = time.clock.nowMs();
    const all = [clicks(), clicks()];
    const run = gate.enter({ urgency: 'bulk', operation: 'list', signal: never }).then((leave) => {
      leave();
      return time.clock.nowMs() - startMs;
    });
    await time.pass(300_000);
    await Promise.all(all);
    const waitedMs = await run;
    expect(waitedMs).toBeGreaterThan(10_000);
    expect(waitedMs).toBeLessThanOrEqual(31_000);
  });

  it('keeps a tenth of an hour’s budget for persons, whom a run has left nothing else of', async () => {
    const time = createTime();
    const gate = createRequestGate({
      concurrency: 1,
      rates: [{ requests: 100, perMs: 3_600_000 }],
      nowMs: time.clock.nowMs,
      sleep: time.sleep,
    });
    let read = 0;
    const run = async (): Promise<void> => {
      for (; read < 95; read += 1) (await gate.enter({ urgency: 'bulk', operation: 'list', signal: never }))();
    };
    const stopped = run();
    await time.pass(20_000);
    expect(read).toBe(90);
    for (let clicked = 0; clicked < 10; clicked += 1) (await gate.enter({ urgency: 'person', operation: 'get', signal: never }))();
    await time.pass(3_600_000);
    await stopped;
    expect(read).toBe(95);
  });

  it('does not hold up requests that a spent limit does not count', async () => {
    const time = createTime();
    const gate = createRequestGate({
      concurrency: 2,
      rates: [{ requests: 1, perMs: 60_000, on: ['changes'] }],
      nowMs: time.clock.nowMs,
      sleep: time.sleep,
    });
    const enter = (operation: 'changes' | 'list') => gate.enter({ urgency: 'bulk', operation, signal: never });
    (await enter('changes'))();
    const waiting = enter('changes');
    for (let made = 0; made < 5; made += 1) (await enter('list'))();
    await time.pass(60_000);
    await expect(waiting).resolves.toBeInstanceOf(Function);
  });

  it('lets everybody go in the end, whenever in its looking the moment comes at which they may', async () => {
    for (let perMs = 1; perMs <= 40; perMs += 1) {
      const time = createTime();
      let looks = 0;
      // Time goes on while the gate looks.
      const nowMs = (): number => time.clock.nowMs() + (looks += 1);
      const gate = createRequestGate({ concurrency: 1, rates: [{ requests: 1, perMs }], nowMs, sleep: time.sleep });
      const enter = () => gate.enter({ urgency: 'bulk', operation: 'list', signal: never });
      (await enter())();
      const second = enter().then(() => perMs);
      await time.pass(1_000);
      await expect(Promise.race([second, Promise.resolve('nobody')])).resolves.toBe(perMs);
    }
  });
});
