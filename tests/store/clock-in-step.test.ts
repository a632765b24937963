import { clockInStep } from '../../api/src/store/database/clock-in-step.ts';
import { silentLog } from '../../api/src/store/log.ts';
import { databaseKinds, systemClock } from '../support/databases.ts';

const hourMs = 3_600_000;

/** A database and a machine whose clocks stand still, but for what an answer takes; `looks` may be awaited. */
const scene = (answers: readonly { readonly databaseMs: number; readonly tookMs?: number }[]) => {
  let machineMs = 1_000_000;
  let elapsedMs = 0;
  let looks = 0;
  const waiting = new Map<number, () => void>();
  const said: object[] = [];
  const database = {
    async query<Row>() {
      const answer = answers[Math.min(looks, answers.length - 1)];
      looks += 1;
      waiting.get(looks)?.();
      if (answer === undefined || Number.isNaN(answer.databaseMs)) throw new Error('the database is away');
      machineMs += answer.tookMs ?? 0;
      elapsedMs += answer.tookMs ?? 0;
      return { rows: [{ now_ms: answer.databaseMs }] as Row[], rowCount: 1 };
    },
  };
  const clock = { nowMs: () => machineMs };
  const log = { ...silentLog, warn: (details: object) => void said.push(details) };
  const looked = (count: number): Promise<void> =>
    looks >= count ? Promise.resolve() : new Promise((resolve) => waiting.set(count, resolve));
  return {
    said,
    looked,
    setMachineClock: (ms: number) => void (machineMs = ms),
    pass: (ms: number) => void ((machineMs += ms), (elapsedMs += ms)),
    open: (lookEveryMs = hourMs) => clockInStep({ database, clock, elapsedMs: () => elapsedMs, log, lookEveryMs }),
  };
};

describe('the clock of those who share a database', () => {
  it('is the database’s, and a machine that is far from it is told so', async () => {
    const { open, said } = scene([{ databaseMs: 1_000_000 + hourMs }]);
    const clock = await open();
    expect(clock.nowMs()).toBe(1_000_000 + hourMs);
    expect(said).toEqual([{ databaseIsAheadMs: hourMs }]);
    clock.stop();
  });

  it('is the machine’s own while the two differ by no more than a clock that is kept right', async () => {
    const { open, said } = scene([{ databaseMs: 1_000_015 }]);
    const clock = await open();
    expect(clock.nowMs()).toBe(1_000_000);
    expect(said).toEqual([]);
    clock.stop();
  });

  it('is taken from the quickest answer, as a slow one may be old by what it took', async () => {
    const { open } = scene([
      { databaseMs: 1_000_500, tookMs: 600 },
      { databaseMs: 1_000_700, tookMs: 0 },
      { databaseMs: 1_000_650, tookMs: 80 },
    ]);
    const clock = await open();
    // 680 ms have passed on the machine by then.
    expect(clock.nowMs()).toBe(1_000_680 + 100);
    clock.stop();
  });

  it('goes on by what passes, whatever the machine’s clock is set to meanwhile', async () => {
    const { open, pass, setMachineClock } = scene([{ databaseMs: 1_000_000 - hourMs }]);
    const clock = await open();
    pass(5);
    setMachineClock(1_000_005 - hourMs);
    pass(7);
    expect(clock.nowMs()).toBe(1_000_012 - hourMs);
    clock.stop();
  });

  it('follows the database’s when that is set, and stays while the database is away', async () => {
    const away = { databaseMs: Number.NaN };
    const ahead = { databaseMs: 1_000_000 + hourMs };
    const { open, looked } = scene([ahead, ahead, ahead, away, { databaseMs: 1_000_000 }, away]);
    const clock = await open(1);
    await looked(4);
    expect(clock.nowMs()).toBe(1_000_000 + hourMs);
    await looked(6);
    expect(clock.nowMs()).toBe(1_000_000);
    clock.stop();
  });

  it('a database that does not answer at the start is an error', async () => {
    await expect(scene([{ databaseMs: Number.NaN }]).open()).rejects.toThrow('the database is away');
  });
});

describe.each(databaseKinds)('the clock of a store in $name', (kind) => {
  it('is one for all who share a server, whatever their own say, and the process’s own where nobody else can be', async () => {
    const database = await kind.create();
    const aheadMs = 2 * hourMs;
    const ahead = { nowMs: () => systemClock.nowMs() + aheadMs };
    const store = await database.open({ clock: ahead, isClockShared: true });
    const differenceMs = store.clock.nowMs() - systemClock.nowMs();
    // The server is on this machine.
    expect(Math.abs(differenceMs - (kind.isEmbedded ? aheadMs : 0))).toBeLessThan(60_000);
    await store.close();
    await database.remove();
  });
});
