import type { BudgetMember, BudgetWord } from '../../api/src/crm/budget/types.ts';
import type { Store } from '../../api/src/store/types.ts';
import { type TestDatabase, databaseKinds } from '../support/databases.ts';

const word = (more: Partial<BudgetWord> = {}): BudgetWord => ({
  holds: {},
  used: {},
  wants: { atOnce: 1 },
  isPersonWaiting: false,
  leaseMs: 60_000,
  keepMs: 60_000,
  sent: 0,
  restMs: 0,
  spareMs: 0,
  told: null,
  ...more,
});

describe.each(databaseKinds)('the request budget that processes share in $name', (kind) => {
  let database: TestDatabase;
  let store: Store;

  beforeAll(async () => {
    database = await kind.create();
    store = await database.open();
  }, 120_000);
  afterAll(async () => {
    await store.close();
    await database.remove();
  });

  it('is decided by one process at a time, each hearing what all before it have taken', async () => {
    const takers = Array.from({ length: 12 }, (_, position) => `process ${position}`);
    await Promise.all(
      takers.map((id) =>
        store.crmBudgets.settle('crm', id, ({ members }) => {
          const taken = members.reduce((sum, { holds }) => sum + (holds.atOnce ?? 0), 0);
          return word({ holds: { atOnce: taken < 5 ? 1 : 0 } });
        }),
      ),
    );
    const { members } = await store.crmBudgets.look('crm');
    expect(members).toHaveLength(12);
    expect(members.reduce((sum, { holds }) => sum + (holds.atOnce ?? 0), 0)).toBe(5);
    expect((await store.crmBudgets.look('another')).members).toEqual([]);
  });

  it('counts a word for as long as it was given, then remembers what may still count, then forgets it', async () => {
    await store.crmBudgets.settle('lease', 'silent', () => word({ holds: { atOnce: 2 }, leaseMs: 0, keepMs: 60_000 }));
    await store.crmBudgets.settle('lease', 'gone', () => word({ holds: { atOnce: 2 }, leaseMs: 0, keepMs: 0 }));
    let heard: readonly BudgetMember[] = [];
    await store.crmBudgets.settle('lease', 'asks', ({ members: others }) => {
      heard = others;
      return word();
    });
    expect(heard).toEqual([expect.objectContaining({ id: 'silent', holds: { atOnce: 2 } })]);
    expect(heard[0]?.leasedForMs).toBeLessThanOrEqual(0);
    const { members } = await store.crmBudgets.look('lease');
    expect(members.find(({ id }) => id === 'asks')?.leasedForMs).toBeGreaterThan(50_000);
  });

  it('has all processes rest as long as the longest says, and adds up what they send in a day', async () => {
    await store.crmBudgets.settle('rest', 'one', () => word({ restMs: 60_000, sent: 7 }));
    await store.crmBudgets.settle('rest', 'two', () => word({ restMs: 1_000, spareMs: 30_000, sent: 5 }));
    const told = [{ header: 'X-Left', remaining: 3, used: null, limit: 10 }];
    await store.crmBudgets.settle('rest', 'two', () => word({ told }));
    let heard = { restsForMs: 0, sparesForMs: 0 };
    await store.crmBudgets.settle('rest', 'three', (state) => {
      heard = state;
      return word();
    });
    expect(heard.restsForMs).toBeGreaterThan(50_000);
    expect(heard.sparesForMs).toBeGreaterThan(20_000);
    expect(heard.sparesForMs).toBeLessThanOrEqual(30_000);
    const look = await store.crmBudgets.look('rest');
    expect(look).toMatchObject({ sentToday: 12, told, day: new Date(look.nowMs).toISOString().slice(0, 10) });
    expect(Math.abs((look.toldOnMs ?? 0) - look.nowMs)).toBeLessThan(60_000);
  });

  it('is not decided when the one who decides fails', async () => {
    await expect(
      store.crmBudgets.settle('failed', 'one', () => {
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    expect((await store.crmBudgets.look('failed')).members).toEqual([]);
  });

  const promise = kind.isEmbedded
    ? 'is free again as soon as a process opens the folder of one that was killed, but for what it had sent'
    : 'is not taken from the others by a process that starts';
  it(promise, async () => {
    await store.crmBudgets.settle('died', 'killed', () => word({ holds: { atOnce: 5 }, leaseMs: 60_000, keepMs: 60_000 }));
    await store.close();
    store = await database.open();
    const [killed] = (await store.crmBudgets.look('died')).members;
    expect(killed).toMatchObject({ id: 'killed', holds: { atOnce: 5 } });
    expect((killed?.leasedForMs ?? 0) > 0).toBe(!kind.isEmbedded);
  });
});
