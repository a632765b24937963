import { ConcurrencyLimit } from '../../../api/src/dataverse/http/concurrency-limit.ts';
import { Gate, interactivePlaces } from '../../../api/src/dataverse/http/gate.ts';

const never = new AbortController().signal;

/** A clock that moves only when somebody sleeps on it. */
const createTime = () => {
  let nowMs = 1_000_000;
  return {
    clock: { nowMs: () => nowMs },
    sleep: async (waitMs: number) => {
      nowMs += waitMs;
    },
    pass: (ms: number) => {
      nowMs += ms;
    },
  };
};

const createGate = (maxLanes: number, hint = maxLanes) => {
  const time = createTime();
  const limit = new ConcurrencyLimit({ maxLanes, clock: time.clock });
  const gate = new Gate({ limit, ...time });
  gate.hinted(hint);
  return { gate, limit, ...time };
};

const isPending = async (promise: Promise<unknown>): Promise<boolean> => {
  const pending = Symbol('pending');
  // Two turns of the event loop: whatever could settle without outside help has settled.
  await new Promise((resolve) => setImmediate(resolve));
  return (await Promise.race([promise, Promise.resolve(pending)])) === pending;
};

describe('the gate to Dataverse', () => {
  it('lets as many bulk requests in as Dataverse hints, and the next when one leaves', async () => {
    const { gate } = createGate(50, 3);
    for (let lane = 0; lane < 3; lane += 1) await gate.enter('bulk', never, () => {});
    const fourth = gate.enter('bulk', never, () => {});
    expect(await isPending(fourth)).toBe(true);
    gate.leave('bulk');
    expect(await isPending(fourth)).toBe(false);
  });

  it('has a place for an agent while bulk uses all of its own', async () => {
    const { gate } = createGate(2);
    await gate.enter('bulk', never, () => {});
    await gate.enter('bulk', never, () => {});
    const waitingBulk = gate.enter('bulk', never, () => {});
    for (let click = 0; click < interactivePlaces; click += 1) await gate.enter('interactive', never, () => {});
    expect(await isPending(waitingBulk)).toBe(true);
    expect(await isPending(gate.enter('interactive', never, () => {}))).toBe(true);
  });

  it('keeps the agent’s places while the bulk requests of a limit just halved are still under way', async () => {
    const { gate } = createGate(8);
    for (let lane = 0; lane < 8; lane += 1) await gate.enter('bulk', never, () => {});
    gate.pauseFor(0);
    expect(gate.bulkLanes).toBe(4);
    expect(await isPending(gate.enter('interactive', never, () => {}))).toBe(false);
  });

  it('gives a place that falls free to the agent first', async () => {
    const { gate } = createGate(1);
    await gate.enter('bulk', never, () => {});
    for (let click = 0; click < interactivePlaces; click += 1) await gate.enter('interactive', never, () => {});
    const bulk = gate.enter('bulk', never, () => {});
    const interactive = gate.enter('interactive', never, () => {});
    gate.leave('bulk');
    expect(await isPending(interactive)).toBe(false);
    expect(await isPending(bulk)).toBe(true);
  });

  it('lets nobody in before the time that Dataverse named', async () => {
    const { gate, clock } = createGate(4);
    const startMs = clock.nowMs();
    gate.pauseFor(30_000);
    const waits: number[] = [];
    await Promise.all((['bulk', 'interactive'] as const).map((lane) => gate.enter(lane, never, (waitMs) => waits.push(waitMs))));
    expect(clock.nowMs()).toBeGreaterThanOrEqual(startMs + 30_000);
    expect(waits[0]).toBe(30_000);
  });

  it('forgets who stopped waiting', async () => {
    const { gate } = createGate(1);
    await gate.enter('bulk', never, () => {});
    const abort = new AbortController();
    const gone = gate.enter('bulk', abort.signal, () => {});
    const next = gate.enter('bulk', never, () => {});
    abort.abort(new Error('called off'));
    await expect(gone).rejects.toThrow('called off');
    gate.leave('bulk');
    await next;
  });
});

describe('the number of lanes', () => {
  it('starts low, follows the hint, and never exceeds the configured most', () => {
    const { clock } = createTime();
    const limit = new ConcurrencyLimit({ maxLanes: 10, clock });
    expect(limit.lanes).toBe(4);
    limit.hinted(8);
    expect(limit.lanes).toBe(8);
    limit.hinted(200);
    expect(limit.lanes).toBe(10);
  });

  it('halves once for a burst of 429, and wins its lanes back one round at a time', () => {
    const { limit, pass } = createGate(16);
    for (let lane = 0; lane < 16; lane += 1) limit.throttled(5000);
    expect(limit.lanes).toBe(8);
    limit.hinted(16);
    expect(limit.lanes).toBe(8);
    for (let answers = 0; answers < 8; answers += 1) limit.answered();
    expect(limit.lanes).toBe(9);
    for (let answers = 0; answers < 200; answers += 1) limit.answered();
    expect(limit.lanes).toBe(16);
    pass(5000);
    for (let burst = 0; burst < 8; burst += 1) {
      limit.throttled(1000);
      pass(1000);
    }
    expect(limit.lanes).toBe(1);
  });
});
