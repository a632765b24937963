import { Gate, type PacedUser } from '../../../../api/src/dataverse/pace/gate.ts';
import { UserPace, interactivePlaces } from '../../../../api/src/dataverse/pace/user-pace.ts';
import { createTime } from './time.ts';

const never = new AbortController().signal;
const ignore = (): void => undefined;

const createGate = (mostAtOnce: number, options: { readonly hint?: number; readonly users?: number } = {}) => {
  const time = createTime();
  const users = Array.from({ length: options.users ?? 1 }, (_, index): PacedUser & { readonly name: string } => ({
    name: `user ${index + 1}`,
    pace: new UserPace({ mostAtOnce, clock: time.clock, isFirst: index === 0 }),
  }));
  const told: number[] = [];
  const gate = new Gate({ users, ...time, onLongWait: (waitMs) => told.push(waitMs) });
  for (const user of users) gate.hinted(user, options.hint ?? mostAtOnce);
  const [first, second] = users;
  if (first === undefined) throw new Error('no user');
  const refused = (retryAfterMs: number, user = first) => gate.refused(user, 'concurrency', retryAfterMs);
  return { gate, first, second: second ?? first, refused, told, ...time };
};

const isPending = async (promise: Promise<unknown>): Promise<boolean> => {
  const pending = Symbol('pending');
  // Two turns of the event loop: whatever could settle without outside help has settled.
  await new Promise((resolve) => setImmediate(resolve));
  return (await Promise.race([promise, Promise.resolve(pending)])) === pending;
};

describe('the gate to Dataverse', () => {
  it('lets as many bulk requests in as Dataverse hints, and the next when one leaves', async () => {
    const { gate } = createGate(50, { hint: 3 });
    const places = await Promise.all([1, 2, 3].map(() => gate.enter('bulk', never, ignore)));
    const fourth = gate.enter('bulk', never, ignore);
    expect(await isPending(fourth)).toBe(true);
    places[0]?.leave();
    expect(await isPending(fourth)).toBe(false);
  });

  it('has a place for an agent while bulk uses all of its own', async () => {
    const { gate } = createGate(2);
    await gate.enter('bulk', never, ignore);
    await gate.enter('bulk', never, ignore);
    const waitingBulk = gate.enter('bulk', never, ignore);
    for (let click = 0; click < interactivePlaces; click += 1) await gate.enter('interactive', never, ignore);
    expect(await isPending(waitingBulk)).toBe(true);
    expect(await isPending(gate.enter('interactive', never, ignore))).toBe(true);
  });

  it('keeps the agent’s places while the bulk requests of a limit just halved are still under way', async () => {
    const { gate, refused, pass } = createGate(8);
    for (let lane = 0; lane < 8; lane += 1) await gate.enter('bulk', never, ignore);
    refused(1);
    await pass(1);
    expect(gate.bulkLanes).toBe(4);
    expect(await isPending(gate.enter('interactive', never, ignore))).toBe(false);
  });

  it('gives a place that falls free to the agent first', async () => {
    const { gate } = createGate(1);
    await gate.enter('bulk', never, ignore);
    const clicks = [];
    for (let click = 0; click < interactivePlaces; click += 1) clicks.push(await gate.enter('interactive', never, ignore));
    const bulk = gate.enter('bulk', never, ignore);
    const interactive = gate.enter('interactive', never, ignore);
    clicks[0]?.leave();
    expect(await isPending(interactive)).toBe(false);
    expect(await isPending(bulk)).toBe(true);
  });

  it('lets nobody in before the time that Dataverse named, and tells each how long that is', async () => {
    const { gate, clock, refused, pass } = createGate(4);
    const startMs = clock.nowMs();
    refused(30_000);
    const waits: number[] = [];
    const entering = (['bulk', 'interactive'] as const).map((lane) => gate.enter(lane, never, (waitMs) => waits.push(waitMs)));
    await pass(29_999);
    expect(await isPending(Promise.any(entering))).toBe(true);
    await pass(1);
    await Promise.all(entering);
    expect(clock.nowMs()).toBe(startMs + 30_000);
    expect(waits).toEqual([30_000, 30_000]);
  });

  it('tells those who wait in the queue when Dataverse asks all to wait', async () => {
    const { gate, refused } = createGate(1);
    await gate.enter('bulk', never, ignore);
    for (let click = 0; click < interactivePlaces; click += 1) await gate.enter('interactive', never, ignore);
    const clicked = gate.enter('interactive', never, (waitMs) => {
      throw new Error(`told to wait ${waitMs}`);
    });
    expect(await isPending(clicked)).toBe(true);
    refused(60_000);
    await expect(clicked).rejects.toThrow('told to wait 60000');
  });

  it('forgets who stopped waiting', async () => {
    const { gate } = createGate(1);
    const place = await gate.enter('bulk', never, ignore);
    const abort = new AbortController();
    const gone = gate.enter('bulk', abort.signal, ignore);
    const next = gate.enter('bulk', never, ignore);
    abort.abort(new Error('called off'));
    await expect(gone).rejects.toThrow('called off');
    place.leave();
    await next;
  });

  it('spreads bulk work over the application users, and goes on as another when one is told to wait', async () => {
    const { gate, first, second, refused } = createGate(10, { users: 2 });
    const places = await Promise.all(Array.from({ length: 6 }, () => gate.enter('bulk', never, ignore)));
    expect(places.filter(({ user }) => user === first).length).toBeGreaterThanOrEqual(3);
    expect(places.filter(({ user }) => user === second).length).toBeGreaterThanOrEqual(2);
    refused(30_000, first);
    expect(gate.pausedForMs).toBe(0);
    expect((await gate.enter('bulk', never, ignore)).user).toBe(second);
    expect((await gate.enter('interactive', never, ignore)).user).toBe(second);
  });

  it('lets bulk work in again by itself when the five minutes have room, with nobody leaving', async () => {
    const { gate, first, clock, pass } = createGate(4);
    // More than twenty minutes of work in the last five, and refused: this is what is allowed here.
    first.pace.used({ lane: 'bulk', startedMs: clock.nowMs() - 1_300_000, rows: 500 });
    gate.refused(first, 'executionTime', 1_000);
    await pass(1_000);
    const waiting = gate.enter('bulk', never, ignore);
    expect(await isPending(waiting)).toBe(true);
    expect(await isPending(gate.enter('interactive', never, ignore))).toBe(false);
    await pass(300_000);
    expect(await isPending(waiting)).toBe(false);
  });

  it('lets those in who wait for room that came with time, also when another comes before they were woken', async () => {
    const { gate, first, clock, pass, passUnnoticed } = createGate(4);
    first.pace.used({ lane: 'bulk', startedMs: clock.nowMs() - 1_300_000, rows: 500 });
    gate.refused(first, 'executionTime', 1_000);
    await pass(1_000);
    const waiting = gate.enter('bulk', never, ignore);
    expect(await isPending(waiting)).toBe(true);
    passUnnoticed(300_000);
    const late = gate.enter('bulk', never, ignore);
    expect(await isPending(Promise.all([waiting, late]))).toBe(false);
  });

  it('says how long bulk work waits for room, once a minute', async () => {
    const { gate, first, told, clock, pass } = createGate(4);
    expect(gate.bulkWaitsForMs).toBe(0);
    first.pace.used({ lane: 'bulk', startedMs: clock.nowMs() - 1_300_000, rows: 500 });
    gate.refused(first, 'executionTime', 1_000);
    await pass(1_000);
    const waiting = Array.from({ length: 3 }, () => gate.enter('bulk', never, ignore));
    expect(await isPending(Promise.any(waiting))).toBe(true);
    const waitMs = gate.bulkWaitsForMs;
    expect(waitMs).toBeGreaterThan(290_000);
    expect(told).toEqual([waitMs]);
    await pass(60_000);
    const another = gate.enter('bulk', never, ignore);
    expect(told).toEqual([waitMs, waitMs - 60_000]);
    await pass(waitMs);
    await Promise.all([...waiting, another]);
    expect(gate.bulkWaitsForMs).toBe(0);
  });
});
