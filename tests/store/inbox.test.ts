import type { InboxDelivery } from '../../api/src/store/inbox/types.ts';
import type { Store } from '../../api/src/store/types.ts';
import { type TestDatabase, databaseKinds } from '../support/databases.ts';

const dayMs = 24 * 60 * 60 * 1_000;
const settled = (...keys: readonly string[]) => keys.map((deliveryKey) => ({ deliveryKey, outcome: {} }));
const deliveryOf = (sourceId: string, deliveryKey: string): InboxDelivery => ({
  sourceId,
  deliveryKey,
  events: [
    { table: 'contact', recordIds: ['1', '9007199254740993'], action: 'upsert' },
    { table: 'account', recordIds: ['ALFKI'], action: 'delete' },
  ],
  receivedOnMs: 1_000,
});

describe.each(databaseKinds)('the inbox in $name', (kind) => {
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

  const keys = async (sourceId: string) => (await store.inbox.pending(sourceId, 100)).map(({ deliveryKey }) => deliveryKey);

  it('a delivery is stored once, however often and however many at a time it arrives', async () => {
    const results = await Promise.all(Array.from({ length: 8 }, () => store.inbox.put(deliveryOf('dedup', 'd1'))));
    expect(results.filter(Boolean)).toHaveLength(1);
    expect(await store.inbox.pending('dedup', 10)).toEqual([deliveryOf('dedup', 'd1')]);
  });

  it('one that comes under the same key and tells of other records, or at another webhook, is no repeat', async () => {
    const first = deliveryOf('mixed', 'same-key');
    expect(await store.inbox.put(first)).toBe(true);
    const other = { ...first, events: [{ table: 'account' as const, recordIds: ['other'], action: 'upsert' as const }] };
    // Alone, and in one group with true repeats of both.
    expect(await store.inbox.put(other)).toBe(true);
    const elsewhere = { ...first, hook: 'people' };
    expect(await Promise.all([first, other, elsewhere, elsewhere, other].map((delivery) => store.inbox.put(delivery)))).toEqual([
      false,
      false,
      true,
      false,
      false,
    ]);
    const waiting = await store.inbox.pending('mixed', 10);
    expect(waiting.map(({ events }) => events)).toEqual([first.events, other.events, first.events]);
    expect(new Set(waiting.map(({ deliveryKey }) => deliveryKey)).size).toBe(3);
  });

  it('two sources may use the same key', async () => {
    expect(await store.inbox.put(deliveryOf('one', 'same'))).toBe(true);
    expect(await store.inbox.put(deliveryOf('two', 'same'))).toBe(true);
  });

  it('deliveries wait oldest first, until they are settled, and are known ever after', async () => {
    for (const key of ['c', 'a', 'b']) await store.inbox.put(deliveryOf('order', key));
    expect(await keys('order')).toEqual(['c', 'a', 'b']);
    await store.inbox.settle('order', settled('a', 'c'), 2_000);
    expect(await keys('order')).toEqual(['b']);
    expect(await store.inbox.put(deliveryOf('order', 'a'))).toBe(false);
    expect(await keys('order')).toEqual(['b']);
  });

  it('done deliveries are forgotten after a week; waiting ones never', async () => {
    for (const key of ['done', 'waiting', 'later']) await store.inbox.put(deliveryOf('week', key));
    await store.inbox.settle('week', settled('done'), 0);
    await store.inbox.settle('week', settled('later'), 8 * dayMs);
    expect(await keys('week')).toEqual(['waiting']);
    expect(await store.inbox.put(deliveryOf('week', 'later'))).toBe(false);
    expect(await store.inbox.put(deliveryOf('week', 'done'))).toBe(true);
  });

  it('only ids and actions are stored', async () => {
    const delivery = deliveryOf('private', 'p');
    const withBody = { ...delivery, body: 'Ana Trujillo', events: delivery.events.map((event) => ({ ...event, name: 'Ana Trujillo' })) };
    await store.inbox.put(withBody);
    expect(JSON.stringify(await store.inbox.pending('private', 1))).not.toContain('Ana');
  });
});
