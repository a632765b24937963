import { type DailyLedger, DailyRequests, createMemoryLedger } from '../../../../api/src/dataverse/pace/daily-requests.ts';

const open = (limit: number | null, ledger: DailyLedger = createMemoryLedger()) => {
  const time = { nowMs: Date.parse('2026-11-26T22:00:00Z') };
  return { time, ledger, daily: new DailyRequests({ limit, ledger, clock: { nowMs: () => time.nowMs } }) };
};

describe('the budget of requests for a day', () => {
  it('stops bulk work that would go beyond it, says until when, and lets an agent’s click through', async () => {
    const { daily } = open(1_000);
    await daily.admit('bulk', 900);
    daily.count(900);
    await daily.admit('bulk', 100);
    await expect(daily.admit('bulk', 101)).rejects.toMatchObject({
      code: 'dataverse.daily_budget_spent',
      details: { used: 900, limit: 1_000, resetsOn: '2026-11-27T00:00:00.000Z' },
    });
    await daily.admit('interactive', 1);
    daily.count(1);
    expect(await daily.use()).toMatchObject({ day: '2026-11-26', used: 901, limit: 1_000 });
  });

  it('begins anew at midnight UTC', async () => {
    const { daily, time } = open(1_000);
    await daily.admit('bulk', 1_000);
    daily.count(1_000);
    await daily.flush();
    await expect(daily.admit('bulk', 1)).rejects.toMatchObject({ code: 'dataverse.daily_budget_spent' });
    time.nowMs += 2 * 3_600_000;
    await daily.admit('bulk', 1_000);
    expect(await daily.use()).toMatchObject({ day: '2026-11-27', used: 0 });
  });

  it('counts what other processes use, and what this one used before it was started anew', async () => {
    const { daily, ledger } = open(1_000);
    await ledger.add('2026-11-26', 950);
    await expect(daily.admit('bulk', 100)).rejects.toMatchObject({ code: 'dataverse.daily_budget_spent' });
    const other = open(1_000, ledger);
    await other.daily.admit('bulk', 50);
    other.daily.count(50);
    await other.daily.flush();
    expect(await daily.use()).toMatchObject({ used: 1_000 });
  });

  it('loses no count when the ledger fails for a moment', async () => {
    let isDown = false;
    const memory = createMemoryLedger();
    const { daily } = open(null, {
      add: (day, requests) => (isDown ? Promise.reject(new Error('down')) : memory.add(day, requests)),
    });
    daily.count(7);
    isDown = true;
    await expect(daily.flush()).rejects.toThrow('down');
    daily.count(3);
    isDown = false;
    expect(await daily.use()).toMatchObject({ used: 10, limit: null });
  });
});
