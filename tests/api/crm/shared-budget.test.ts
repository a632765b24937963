import { setTimeout as wait } from 'node:timers/promises';
import { createSharedBudget } from '../../../api/src/crm/budget/shared-budget.ts';
import { openConnector } from '../../../api/src/crm/open-connector.ts';
import type { Store } from '../../../api/src/store/types.ts';
import { type TestDatabase, server, systemClock } from '../../support/databases.ts';
import { waitFor } from '../../support/wait-for.ts';
import { startCrm } from './support/crm-server.ts';
import { never, peopleManifest, secretKey } from './support/people-crm.ts';

/** Two programs as they stand beside each other in production: each with a store, a budget and a connector of its own. */
describe('two programs on one PostgreSQL that read one CRM', () => {
  const concurrency = 3;
  const rate = { requests: 30, per: '1s' };
  let database: TestDatabase;
  let stores: readonly Store[] = [];

  beforeAll(async () => {
    database = await server.create();
    stores = await Promise.all([database.open(), database.open()]);
  }, 120_000);
  afterAll(async () => {
    await Promise.all(stores.map((store) => store.close()));
    await database.remove();
  });

  const open = (store: Store, url: string) => {
    const sharedBudget = createSharedBudget({
      ledger: store.crmBudgets,
      nowMs: systemClock.nowMs,
      sleep: (ms, signal) => wait(ms, undefined, { signal }),
      log: { warn: () => undefined },
    });
    const connector = openConnector({
      manifest: peopleManifest({}, { http: { concurrency, rate: [rate], quota: [{ header: 'X-Left', limit: 'X-Limit' }] } }),
      source: { id: 'people', settings: { baseUrl: url, key: secretKey }, allowPrivateNetwork: true },
      clock: systemClock,
      sharedBudget,
    });
    return { sharedBudget, people: connector.table('contact') };
  };

  it('keep together to its limits, and each sees what both have used and what the CRM tells', async () => {
    const cameMs: number[] = [];
    let underWay = 0;
    let mostUnderWay = 0;
    const crm = await startCrm(async ({ path }) => {
      cameMs.push(performance.now());
      underWay += 1;
      mostUnderWay = Math.max(mostUnderWay, underWay);
      await wait(10);
      underWay -= 1;
      const id = path.slice('/people/'.length);
      return { headers: { 'X-Left': '900', 'X-Limit': '1000' }, body: { id, updated: '2026-01-10T00:00:00Z', name: 'a' } };
    });
    const programs = stores.map((store) => open(store, crm.url));
    try {
      const readMany = async ({ people }: (typeof programs)[number], many: number): Promise<number> => {
        const read = await Promise.all(Array.from({ length: many }, (_, id) => people.getOne(String(id), never)));
        return read.length;
      };
      expect(await Promise.all(programs.map((program) => readMany(program, 50)))).toEqual([50, 50]);

      expect(mostUnderWay).toBeLessThanOrEqual(concurrency);
      // As the CRM sees it: a request may take a little longer on its way than the one before it.
      const withinMs = 1_000 - 150;
      const mostWithin = Math.max(...cameMs.map((fromMs) => cameMs.filter((atMs) => atMs >= fromMs && atMs < fromMs + withinMs).length));
      expect(mostWithin).toBeLessThanOrEqual(rate.requests);

      const seen = await waitFor(
        () => Promise.all(programs.map(({ sharedBudget }) => sharedBudget.look('people'))),
        (uses) => uses.every(({ sentToday }) => sentToday === 100),
      );
      for (const use of seen) expect(use.told).toEqual([{ header: 'X-Left', remaining: 900, used: null, limit: 1_000 }]);
    } finally {
      await Promise.all(programs.map(({ sharedBudget }) => sharedBudget.close()));
      await crm.stop();
    }
  });
});
