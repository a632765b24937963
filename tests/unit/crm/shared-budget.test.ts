import fc from 'fast-check';
import type { LedgerCall } from './memory-ledger.ts';
import { countOf, createWorld, mostAtOnce, mostWithin, second, startProcess } from './shared-budget-world.ts';

describe('processes that read one CRM', () => {
  it('never go beyond any of its limits together, whatever comes, goes, dies, or happens to the ledger', async () => {
    const script = fc.record({
      concurrency: fc.integer({ min: 1, max: 6 }),
      short: fc.record({ requests: fc.integer({ min: 1, max: 20 }), perMs: fc.integer({ min: 200, max: 12_000 }) }),
      long: fc.record({ requests: fc.integer({ min: 5, max: 200 }), perMs: fc.integer({ min: 35_000, max: 90_000 }) }),
      calls: fc.infiniteStream(
        fc.record({
          takesMs: fc.integer({ min: 0, max: 400 }),
          fails: fc.oneof(
            { weight: 8, arbitrary: fc.constant(null) },
            { weight: 1, arbitrary: fc.constantFrom('before' as const, 'after' as const) },
          ),
        }),
      ),
      steps: fc.array(
        fc.record({
          by: fc.nat(3),
          does: fc.constantFrom('flood', 'stop', 'kill', 'click'),
          workers: fc.integer({ min: 1, max: 4 }),
          takesMs: fc.nat(900),
          thenMs: fc.nat(15_000),
        }),
        { minLength: 3, maxLength: 14 },
      ),
    });
    await fc.assert(
      fc.asyncProperty(script, async ({ concurrency, short, long, calls, steps }) => {
        const next = (): LedgerCall => calls.next().value as LedgerCall;
        const world = createWorld({ concurrency, rates: [short, long], next });
        const processes = [0, 1, 2, 3].map((by) => startProcess(world, by));
        for (const { by, does, workers, takesMs, thenMs } of steps) {
          const process = processes[by];
          if (does === 'flood') process?.flood(workers, takesMs, 20);
          else if (does === 'click') void process?.request('person').catch(() => undefined);
          else process?.[does]();
          await world.time.pass(thenMs);
        }
        for (const process of processes) process.stop();
        const times = world.sent.map(({ atMs }) => atMs);
        expect(mostWithin(times, short.perMs)).toBeLessThanOrEqual(short.requests);
        expect(mostWithin(times, long.perMs)).toBeLessThanOrEqual(long.requests);
        expect(mostAtOnce(world)).toBeLessThanOrEqual(concurrency);
      }),
      { numRuns: 40 },
    );
  });

  it('may each use all of it while alone, and ask the ledger once a second, however many requests they make', async () => {
    const world = createWorld({ concurrency: 4, rates: [{ requests: 50, perMs: second }] });
    const process = startProcess(world, 0);
    process.flood(4, 5);
    await world.time.pass(30 * second);
    expect(countOf(world, 0)).toBeGreaterThanOrEqual(1_450);
    expect(world.calls()).toBeLessThanOrEqual(45);
    process.stop();
  });

  it('share it evenly once two of them are busy, and the second waits no longer than a few seconds', async () => {
    const world = createWorld({ concurrency: 8, rates: [{ requests: 40, perMs: second }] });
    const [first, late] = [startProcess(world, 0), startProcess(world, 1)];
    first.flood(4, 5);
    await world.time.pass(10 * second);
    late.flood(4, 5);
    await world.time.pass(4 * second);
    const fromMs = world.time.clock.nowMs();
    await world.time.pass(20 * second);
    const [one, other] = [countOf(world, 0, fromMs), countOf(world, 1, fromMs)];
    expect(one + other).toBeGreaterThanOrEqual(760);
    expect(Math.abs(one - other)).toBeLessThanOrEqual(60);
    first.stop();
    late.stop();
  });

  it('leave what they do not need to one that does', async () => {
    const world = createWorld({ concurrency: 8, rates: [{ requests: 40, perMs: second }] });
    const [busy, calm] = [startProcess(world, 0), startProcess(world, 1)];
    busy.flood(6, 5);
    calm.flood(1, 5, 490);
    await world.time.pass(5 * second);
    const fromMs = world.time.clock.nowMs();
    await world.time.pass(10 * second);
    expect(countOf(world, 0, fromMs)).toBeGreaterThanOrEqual(330);
    expect(countOf(world, 1, fromMs)).toBeGreaterThanOrEqual(18);
    busy.stop();
    calm.stop();
  });

  it.each([
    ['of a short limit', { requests: 40, perMs: 10 * second }, 36],
    ['of an hour’s', { requests: 1_000, perMs: 3_600 * second }, 400],
  ])('have the share of a dead one within a minute: %s', async (_what, rate, atLeast) => {
    const world = createWorld({ concurrency: 2, rates: [rate] });
    const [dies, lives] = [startProcess(world, 0), startProcess(world, 1)];
    dies.flood(1, 100);
    lives.flood(1, 100);
    await world.time.pass(10 * second);
    dies.kill();
    lives.stop();
    await world.time.pass(60 * second);
    const fromMs = world.time.clock.nowMs();
    lives.flood(2, 1);
    await world.time.pass(12 * second);
    expect(countOf(world, 1, fromMs)).toBeGreaterThanOrEqual(atLeast);
    lives.stop();
  });

  it('go on with their own share while the ledger is away, stop when others may take them for dead, and tell a person why', async () => {
    let isAway = false;
    const world = createWorld({
      concurrency: 2,
      rates: [{ requests: 10, perMs: second }],
      next: () => ({ takesMs: 0, fails: isAway ? 'before' : null }),
    });
    const process = startProcess(world, 0);
    process.flood(2, 10);
    await world.time.pass(5 * second);
    isAway = true;
    const awayMs = world.time.clock.nowMs();
    await world.time.pass(15 * second);
    expect(countOf(world, 0, awayMs)).toBeGreaterThan(50);
    await world.time.pass(6 * second);
    const stoppedMs = world.time.clock.nowMs();
    const click = expect(process.request('person')).rejects.toThrow('the ledger is away');
    await world.time.pass(60 * second);
    await click;
    expect(countOf(world, 0, stoppedMs)).toBe(0);
    expect(process.problems.length).toBeGreaterThan(0);
    isAway = false;
    await world.time.pass(5 * second);
    expect(countOf(world, 0, stoppedMs)).toBeGreaterThan(20);
    process.stop();
  });

  it('all rest when the CRM has told one of them to, and keep the rest of a day’s budget for persons', async () => {
    const world = createWorld({ concurrency: 2, rates: [] });
    const [told, other] = [startProcess(world, 0), startProcess(world, 1)];
    told.flood(1, 50);
    other.flood(1, 50);
    await world.time.pass(5 * second);
    told.gate.rest(world.time.clock.nowMs() + 20 * second);
    await world.time.pass(2 * second);
    const quietMs = world.time.clock.nowMs();
    await world.time.pass(17 * second);
    expect(countOf(world, 1, quietMs)).toBe(0);
    await world.time.pass(5 * second);
    expect(countOf(world, 1, quietMs)).toBeGreaterThan(10);

    told.gate.spare(world.time.clock.nowMs() + 60 * second);
    await world.time.pass(2 * second);
    const keptMs = world.time.clock.nowMs();
    const click = other.request('person');
    await world.time.pass(30 * second);
    await click;
    expect(world.sent.filter(({ atMs }) => atMs >= keptMs).map(({ urgency }) => urgency)).toEqual(['person']);
    told.stop();
    other.stop();
  });

  it.each([600, 900])(
    'let a click on within a second and a half while another process reads as much as it may (%i ms)',
    async (offsetMs) => {
      const world = createWorld({ concurrency: 2, rates: [{ requests: 20, perMs: second }] });
      const [busy, clicked] = [startProcess(world, 0), startProcess(world, 1)];
      busy.flood(4, 10);
      await world.time.pass(10 * second + offsetMs);
      const cameMs = world.time.clock.nowMs();
      const click = clicked.request('person').then(() => world.time.clock.nowMs() - cameMs);
      await world.time.pass(10 * second);
      expect(await click).toBeLessThanOrEqual(1.5 * second);
      busy.stop();
    },
  );

  it('say nothing in the ledger that what they send meanwhile makes untrue', async () => {
    const world = createWorld({
      concurrency: 20,
      rates: [{ requests: 10, perMs: 5 * second }],
      next: () => ({ takesMs: 200, fails: null }),
    });
    const [calm, late] = [startProcess(world, 0), startProcess(world, 1)];
    void calm.request();
    await world.time.pass(400);
    late.flood(4, 1);
    await world.time.pass(1_050);
    // While the first asks the ledger anew, and gives up most of its share there, it is asked for all that it had.
    for (let moment = 0; moment < 30; moment += 1) {
      void calm.request('person').catch(() => undefined);
      await world.time.pass(40);
    }
    await world.time.pass(20 * second);
    expect(
      mostWithin(
        world.sent.map(({ atMs }) => atMs),
        5 * second,
      ),
    ).toBeLessThanOrEqual(10);
    late.stop();
  });

  it('leave their share when they close, and say what was sent and what the CRM has told', async () => {
    const world = createWorld({ concurrency: 2, rates: [{ requests: 10, perMs: second, on: ['list'] }] });
    const process = startProcess(world, 0);
    process.gate.told([{ header: 'X-Left', remaining: 7, used: null, limit: 10 }]);
    for (let made = 0; made < 3; made += 1) {
      const request = process.request();
      await world.time.pass(10);
      await request;
    }
    await world.time.pass(second);
    expect(await process.budget.look('crm')).toMatchObject({
      sentToday: 3,
      processes: 1,
      limits: [
        { name: 'atOnce', size: 2, perMs: 0, used: 0 },
        { name: '10/1000 list', size: 10, perMs: second },
      ],
      told: [{ header: 'X-Left', remaining: 7 }],
    });
    await process.budget.close();
    expect((await process.budget.look('crm')).processes).toBe(0);
  });
});
