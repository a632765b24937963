import type { Store } from '../../api/src/store/types.ts';
import { type TestDatabase, databaseKinds } from '../support/databases.ts';

describe.each(databaseKinds)('the count of a day’s requests in $name', (kind) => {
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

  it('adds up what several processes use at the same time, each day for itself', async () => {
    await Promise.all(Array.from({ length: 20 }, () => store.dailyRequests.add('2026-11-26', 250)));
    expect(await store.dailyRequests.add('2026-11-26', 0)).toBe(5_000);
    expect(await store.dailyRequests.add('2026-11-27', 3)).toBe(3);
  });

  it('outlives the process', async () => {
    await store.dailyRequests.add('2026-12-01', 7);
    await store.close();
    store = await database.open();
    expect(await store.dailyRequests.add('2026-12-01', 1)).toBe(8);
  });
});
