import { randomBytes } from 'node:crypto';
import type { NewDelivery } from '../../api/src/store/inbox/types.ts';
import type { Store } from '../../api/src/store/types.ts';
import { type TestDatabase, databaseKinds } from '../support/databases.ts';
import { failureOf, linkOf, pageOf } from './samples.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

describe.each(databaseKinds)('deliveries as an admin sees them, in $name', (kind) => {
  let database: TestDatabase;
  let store: Store;
  const sealKeys = [randomBytes(32)];

  beforeAll(async () => {
    database = await kind.create();
    store = await database.open({ sealKeys });
  }, 120_000);
  afterAll(async () => {
    await store.close();
    await database.remove();
  });

  const put = (sourceId: string, deliveryKey: string, more: Partial<NewDelivery> = {}) =>
    store.inbox.put({
      sourceId,
      deliveryKey,
      receivedOnMs: 1_000,
      events: [{ table: 'contact', recordIds: ['1'], action: 'upsert' }],
      ...more,
    });
  const settle = (sourceId: string, keys: readonly string[], nowMs: number, outcome = {}) =>
    store.inbox.settle(
      sourceId,
      keys.map((deliveryKey) => ({ deliveryKey, outcome })),
      nowMs,
    );
  const list = (sourceId: string, more: Partial<Parameters<Store['deliveries']['list']>[1]> = {}) =>
    store.deliveries.list(sourceId, { beforeId: null, limit: 100, ...more });
  const keysOf = async (...asked: Parameters<typeof list>) => (await list(...asked)).map(({ deliveryKey }) => deliveryKey);

  it('are listed newest first, page by page, with what is known of them', async () => {
    const events = [{ table: 'contact', recordIds: ['1', '2'], action: 'merge', occurredOnMs: 900 }] as const;
    const told = { hook: 'outbound', secret: 'hookSecret', trust: 'hint', events } as const;
    await put('list', 'a', told);
    for (const key of ['b', 'c']) await put('list', key);
    await put('list', 'a', { ...told, receivedOnMs: 5_000 });
    await settle('list', ['a'], 2_000, { written: 1, failed: 1 });
    const [newest, ...others] = await list('list', { limit: 2 });
    expect([newest, ...others].map((one) => one?.deliveryKey)).toEqual(['c', 'b']);
    const [oldest] = await list('list', { beforeId: others[0]?.id ?? null });
    expect(oldest).toMatchObject({
      deliveryKey: 'a',
      hook: 'outbound',
      secret: 'hookSecret',
      trust: 'hint',
      receivedOnMs: 1_000,
      occurredOnMs: 900,
      doneOnMs: 2_000,
      repeats: 1,
      repeatedOnMs: 5_000,
      outcome: { written: 1, failed: 1 },
      events,
    });
  });

  it('are found by webhook, state and time', async () => {
    await put('find', 'early', { receivedOnMs: 1_000, hook: 'x' });
    await put('find', 'late', { receivedOnMs: 3_000 });
    await put('find', 'bad', { receivedOnMs: 4_000 });
    await settle('find', ['early'], 5_000, { written: 1 });
    await settle('find', ['bad'], 5_000, { failed: 1 });
    expect(await keysOf('find', { hook: 'x' })).toEqual(['early']);
    expect(await keysOf('find', { state: 'waiting' })).toEqual(['late']);
    expect(await keysOf('find', { state: 'failed' })).toEqual(['bad']);
    expect(await keysOf('find', { state: 'done' })).toEqual(['bad', 'early']);
    expect(await keysOf('find', { fromMs: 3_000, toMs: 4_000 })).toEqual(['late']);
  });

  it('are handled again when they are replayed, oldest first, and are then no repeat', async () => {
    for (const key of ['a', 'b', 'c']) await put('again', key);
    await settle('again', ['a', 'b', 'c'], 2_000, { written: 1 });
    const [newest] = await list('again');
    expect(await store.deliveries.replay('again', { ids: [newest?.id ?? 0] }, 3_000)).toEqual({ replayed: 1, withoutPayload: 0 });
    expect(await store.deliveries.replay('again', { fromMs: 0, toMs: 2_000 }, 4_000)).toEqual({ replayed: 2, withoutPayload: 0 });
    expect((await store.inbox.pending('again', 10)).map(({ deliveryKey }) => deliveryKey)).toEqual(['a', 'b', 'c']);
    expect((await list('again'))[0]).toMatchObject({ doneOnMs: null, outcome: null, replayedOnMs: 3_000 });
    expect(await put('again', 'a')).toBe(false);
  });

  it('say why they wait, until they are done', async () => {
    await put('why', 'a');
    await store.inbox.noteProblem('why', ['a'], 'dataverse.unreachable');
    expect((await list('why'))[0]).toMatchObject({ problem: 'dataverse.unreachable' });
    await settle('why', ['a'], 2_000);
    expect((await list('why'))[0]).toMatchObject({ problem: null });
  });

  it('are counted by webhook, secret and hour once they are done; a replay is not counted again', async () => {
    await put('use', 'a', { secret: 'old', receivedOnMs: 1 });
    await put('use', 'b', { secret: 'new', receivedOnMs: hourMs });
    await put('use', 'c', { secret: 'new', receivedOnMs: hourMs + 7 });
    await settle('use', ['a', 'b', 'c'], hourMs + 9);
    await store.deliveries.replay('use', {}, 1);
    await settle('use', ['a', 'b', 'c'], hourMs + 9);
    expect(await store.deliveries.use('use', 0)).toEqual([
      { hook: '', secret: 'new', hour: 1, deliveries: 2, lastOnMs: hourMs + 7 },
      { hook: '', secret: 'old', hour: 0, deliveries: 1, lastOnMs: 1 },
    ]);
    expect(await store.deliveries.use('use', 1)).toHaveLength(1);
  });

  it('tell how long it took from what happened in the CRM, and from the receipt', async () => {
    expect(await store.deliveries.lagFromEvent('lag', 100)).toBeNull();
    for (let number = 1; number <= 20; number += 1) {
      const events = [{ table: 'contact', recordIds: ['1'], action: 'upsert', occurredOnMs: 10_000 - 5 * number }] as const;
      await put('lag', `d${number}`, { events, receivedOnMs: 9_990 });
      await settle('lag', [`d${number}`], 10_000);
    }
    await put('lag', 'ahead of us', {
      events: [{ table: 'contact', recordIds: ['1'], action: 'upsert', occurredOnMs: 20_000 }],
    });
    await settle('lag', ['ahead of us'], 10_000);
    expect(await store.deliveries.lagFromEvent('lag', 21)).toEqual({ measured: 21, lastMs: 0, medianMs: 50, p95Ms: 95, p99Ms: 100 });
    expect(await store.deliveries.lagFromReceipt('lag', 1)).toMatchObject({ measured: 1, medianMs: 9_000 });
  });

  it('wait with what is older than them by webhook', async () => {
    await put('wait', 'a', { receivedOnMs: 5 });
    await put('wait', 'b', { receivedOnMs: 7 });
    await put('wait', 'c', { receivedOnMs: 6, hook: 'x' });
    expect(await store.deliveries.waiting('wait')).toEqual([
      { hook: '', waiting: 2, oldestOnMs: 5, newestOnMs: 7 },
      { hook: 'x', waiting: 1, oldestOnMs: 6, newestOnMs: 6 },
    ]);
  });

  it('that were refused are sums, one row a day for each reason, however many they were', async () => {
    const refused = { sourceId: 'door', hook: '', reason: 'signature', day: 10, refused: 900, lastOnMs: 5 };
    await store.deliveries.addRefused([refused, { ...refused, reason: 'time', refused: 1 }]);
    await store.deliveries.addRefused([{ ...refused, refused: 100, lastOnMs: 4 }]);
    expect(await store.deliveries.refused('door', 10)).toEqual([
      { ...refused, refused: 1_000 },
      { ...refused, reason: 'time', refused: 1 },
    ]);
    await store.deliveries.tidy('door', 41 * dayMs);
    expect(await store.deliveries.refused('door', 0)).toEqual([]);
  });

  it('that came under one key with records each keep their own, sealed', async () => {
    const person = (name: string, occurredOnMs: number) =>
      put('one-key', 'k', { events: [{ table: 'contact', recordIds: ['1'], action: 'upsert', occurredOnMs, carried: { name } }] });
    expect([await person('before', 1), await person('after', 2), await person('after', 2)]).toEqual([true, true, false]);
    const waiting = await store.inbox.pending('one-key', 10);
    expect(waiting.flatMap(({ events }) => events.map(({ carried }) => carried))).toEqual([{ name: 'before' }, { name: 'after' }]);
  });

  it('that brought much along come in smaller batches, in their order', async () => {
    const carried = 'x'.repeat(3 * 1024 * 1024);
    for (const key of ['a', 'b', 'c', 'd'])
      await put('big', key, { events: [{ table: 'contact', recordIds: ['1'], action: 'upsert', carried }] });
    const keys = async () => (await store.inbox.pending('big', 100)).map(({ deliveryKey }) => deliveryKey);
    const first = await keys();
    expect(first).toEqual(['a', 'b', 'c', 'd'].slice(0, first.length));
    expect(first.length).toBeLessThan(4);
    await settle('big', first, 1);
    expect((await keys())[0]).toBe(['a', 'b', 'c', 'd'][first.length]);
  });

  it('what is to be erased waits longer with every try, and is forgotten with all that was known of it', async () => {
    await store.records.commitPage(pageOf({ sourceId: 'erase', links: [linkOf('1')], failures: [failureOf('1')], removals: ['1'] }));
    await store.erasures.add('erase', 'contact', ['1', '2', '1'], 100);
    expect(await store.erasures.due('erase', 'contact', 99, 10)).toEqual([]);
    expect(await store.erasures.due('erase', 'contact', 100, 10)).toEqual(['1', '2']);
    let nowMs = 100;
    for (const minutes of [1, 2, 4, 8, 16]) {
      await store.erasures.postpone('erase', 'contact', ['2'], nowMs);
      nowMs += minutes * 60_000;
      expect(await store.erasures.due('erase', 'contact', nowMs - 1, 10)).toEqual(['1']);
      expect(await store.erasures.due('erase', 'contact', nowMs, 10)).toEqual(['1', '2']);
    }
    for (let tries = 0; tries < 30; tries += 1) await store.erasures.postpone('erase', 'contact', ['2'], nowMs);
    expect(await store.erasures.due('erase', 'contact', nowMs + dayMs, 10)).toEqual(['1', '2']);
    await store.erasures.forget('erase', 'contact', ['1']);
    expect(await store.erasures.waiting('erase')).toBe(2);
    await store.erasures.finish('erase', 'contact', ['1']);
    expect(await store.erasures.waiting('erase')).toBe(1);
    expect((await store.records.findLinks('erase', 'contact', ['1'])).size).toBe(0);
    expect(await store.records.findFailure('erase', 'contact', '1')).toBeNull();
    expect(await store.runs.stillPendingRemovals('erase', 'contact', ['1'])).toEqual([]);
  });
});
