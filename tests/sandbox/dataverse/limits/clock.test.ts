/** The sandbox's clock, on a machine whose time the test moves by hand, and on the real one. */
import fc from 'fast-check';
import { createClock } from '../../../../api/sandbox/src/dataverse/limits/clock.ts';
import { machineTime } from '../../../../api/sandbox/src/dataverse/limits/machine-time.ts';
import { createManualMachine } from './test-clock.ts';

describe('the sandbox’s clock', () => {
  it('is the machine’s at speed 1', () => {
    const machine = createManualMachine();
    const clock = createClock({ machine });
    machine.advance(1234);
    expect(clock.nowMs()).toBe(machine.nowMs());
  });

  it('lets five minutes pass in six seconds at speed 50, and a wait end with them', async () => {
    const machine = createManualMachine();
    const clock = createClock({ machine, speed: 50 });
    const startMs = clock.nowMs();
    let isOver = false;
    const wait = clock.until(startMs + 300_000).then(() => (isOver = true));
    machine.advance(5_999);
    await Promise.resolve();
    expect(isOver).toBe(false);
    machine.advance(2);
    await wait;
    expect(clock.nowMs() - startMs).toBeCloseTo(300_050, 1);
  });

  it('a change of speed neither jumps nor loses a wait that is under way', async () => {
    const machine = createManualMachine();
    const clock = createClock({ machine, speed: 10 });
    const startMs = clock.nowMs();
    const wait = clock.until(startMs + 1000);
    machine.advance(50);
    clock.setSpeed(1);
    expect(clock.nowMs() - startMs).toBeCloseTo(500, 1);
    machine.advance(501);
    await wait;
    expect(clock.nowMs() - startMs).toBeCloseTo(1001, 1);
  });

  it('a wait whose moment is a rounding away is not over, and ends with the next step of time', async () => {
    const machine = createManualMachine();
    const clock = createClock({ machine });
    let isOver = false;
    const wait = clock.until(clock.nowMs() + 100).then(() => (isOver = true));
    machine.advance(99.9995);
    await new Promise(setImmediate);
    expect(isOver).toBe(false);
    machine.advance(0.01);
    await wait;
  });

  it('waits end in the order of their moments, none before its own', () => {
    const waits = fc.array(fc.integer({ min: 1, max: 5_000 }), { minLength: 1, maxLength: 60 });
    return fc.assert(
      fc.asyncProperty(waits, fc.integer({ min: 1, max: 200 }), async (lengthsMs, speed) => {
        const machine = createManualMachine();
        const clock = createClock({ machine, speed });
        const startMs = clock.nowMs();
        const ended: number[] = [];
        const all = lengthsMs.map((lengthMs) =>
          clock.until(startMs + lengthMs).then(() => {
            ended.push(lengthMs);
          }),
        );
        for (let step = 0; step < 100; step += 1) {
          machine.advance(6_000 / speed / 100);
          const passedMs = clock.nowMs() - startMs;
          await new Promise(setImmediate);
          expect(ended.every((lengthMs) => lengthMs <= passedMs)).toBe(true);
        }
        await Promise.all(all);
        expect(ended).toEqual([...lengthsMs].sort((one, other) => one - other));
      }),
      { numRuns: 40 },
    );
  });

  it('closing it ends all waits at once', async () => {
    const clock = createClock({ machine: createManualMachine() });
    const wait = clock.until(clock.nowMs() + 60_000);
    clock.close();
    await wait;
    await clock.until(clock.nowMs() + 60_000);
  });

  it('says how much later than promised waits ended', async () => {
    const machine = createManualMachine();
    const clock = createClock({
      machine: { ...machine, wakeAt: (momentMs, tolerance, wake) => machine.wakeAt(momentMs + 4, tolerance, wake) },
    });
    const wait = clock.until(clock.nowMs() + 40);
    machine.advance(100);
    await wait;
    expect(clock.lateness).toMatchObject({ waits: 1, meanMs: expect.closeTo(4, 1), share: expect.closeTo(0.1, 2) });
  });

  it('on a real machine no wait ends early, and a chain of short ones does not drift', async () => {
    const clock = createClock({ speed: 20 });
    const startMs = clock.nowMs();
    for (let link = 1; link <= 50; link += 1) {
      await clock.until(startMs + link * 10);
      expect(clock.nowMs() - startMs).toBeGreaterThanOrEqual(link * 10);
    }
    clock.close();
  });

  it('a wake-up can be called off, both while it sleeps and while it is looked for', async () => {
    const calls: string[] = [];
    const asleep = machineTime.wakeAt(machineTime.nowMs() + 5, 5, () => calls.push('asleep'));
    const awake = machineTime.wakeAt(machineTime.nowMs() + 1, 0, () => calls.push('awake'));
    asleep();
    awake();
    await new Promise<void>((resolve) => machineTime.wakeAt(machineTime.nowMs() + 10, 0, resolve));
    expect(calls).toEqual([]);
  });
});
