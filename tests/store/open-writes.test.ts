import { jest } from '@jest/globals';
import type { PageCommit } from '../../api/src/store/records/types.ts';
import type { Store } from '../../api/src/store/types.ts';
import { type TestDatabase, databaseKinds } from '../support/databases.ts';
import { waitFor } from '../support/wait-for.ts';
import { sourceId } from './samples.ts';

jest.setTimeout(60_000);

const timings = { refreshEveryMs: 20, abandonedAfterMs: 400 };
/** One that never says that it is at its writes: as dead as a killed process. */
const silent = { refreshEveryMs: 3_600_000, abandonedAfterMs: 400 };

describe.each(databaseKinds)('writes that are under way, in $name', (kind) => {
  let database: TestDatabase;
  let store: Store;
  const openOnes = async (): Promise<number> => {
    await store.close();
    const raw = await database.openRaw();
    const { rows } = await raw.query<{ count: number }>(`select count(*) as count from ${database.options.schema}.open_write`);
    await raw.close();
    return Number(rows[0]?.count);
  };
  const commitOf = (openWriteId: string, more: Partial<PageCommit> = {}): PageCommit => ({
    sourceId,
    table: 'contact',
    links: [],
    unchangedIds: [],
    failures: [],
    removals: [],
    openWriteId,
    ...more,
  });

  beforeEach(async () => {
    database = await kind.create();
    store = await database.open({ openWriteTimings: silent });
  }, 120_000);
  afterEach(async () => {
    await store.close();
    await database.remove();
  });

  it('are over with the commit of their page, whether it is a run’s or a click’s', async () => {
    const { id: runId } = await store.runs.create({ sourceId, mode: 'full', isDryRun: false, tables: ['contact'], requestedBy: 'cli' }, 1);
    const counts = { read: 0, written: 0, unchanged: 0, stale: 0, filtered: 0, failed: 0, withheld: 0 };
    const [ofRun, ofClick, other] = [
      await store.records.beginWrite(sourceId, 'contact', ['a']),
      await store.records.beginWrite(sourceId, 'contact', ['b']),
      await store.records.beginWrite(sourceId, 'contact', ['c']),
    ];
    await store.records.commitPage(commitOf(ofRun.id, { checkpoint: { runId, cursor: null, counts, isComplete: false } }));
    await store.records.commitPage(commitOf(ofClick.id));
    other.leave();
    expect(await openOnes()).toBe(1);
  });

  it('stay where their page is not committed', async () => {
    const write = await store.records.beginWrite(sourceId, 'contact', ['a']);
    const counts = { read: 0, written: 0, unchanged: 0, stale: 0, filtered: 0, failed: 0, withheld: 0 };
    const checkpoint = { runId: 'none', cursor: null, counts, isComplete: false, turn: 1 };
    await expect(store.records.commitPage(commitOf(write.id, { checkpoint }))).rejects.toMatchObject({ code: 'run.taken_over' });
    expect(await openOnes()).toBe(1);
  });

  it('of a process that is there again are its own no more: it takes them once', async () => {
    await store.records.beginWrite(sourceId, 'contact', ['a', 'it’s "b", {c}']);
    await store.close();
    store = await database.open({ openWriteTimings: silent });
    expect(await store.records.takeAbandonedWrite(sourceId, 'account')).toBeNull();
    const taken = await waitFor(
      () => store.records.takeAbandonedWrite(sourceId, 'contact'),
      (write) => write !== null,
    );
    expect(taken?.recordIds).toEqual(['a', 'it’s "b", {c}']);
    expect(await store.records.takeAbandonedWrite(sourceId, 'contact')).toBeNull();
  });
});

const [embedded, server] = databaseKinds;

describe('writes that another process had in hand', () => {
  let database: TestDatabase;
  const stores: Store[] = [];
  const open = async (openWriteTimings: typeof timings): Promise<Store> => {
    const store = await database.open({ openWriteTimings });
    stores.push(store);
    return store;
  };
  afterEach(async () => {
    for (const store of stores.splice(0)) await store.close();
    await database.remove();
  });

  it('are taken once nobody says any more that it is at them, by one process alone', async () => {
    if (server === undefined) throw new Error('no server');
    database = await server.create();
    const [alive, dead, third] = [await open(timings), await open(silent), await open(timings)];
    await alive.records.beginWrite(sourceId, 'contact', ['held']);
    await dead.records.beginWrite(sourceId, 'contact', ['left']);
    const taken: (readonly string[])[] = [];
    await waitFor(
      async () => {
        const found = await Promise.all([
          third.records.takeAbandonedWrite(sourceId, 'contact'),
          alive.records.takeAbandonedWrite(sourceId, 'contact'),
        ]);
        taken.push(...found.flatMap((write) => (write === null ? [] : [write.recordIds])));
        return taken;
      },
      (all) => all.length > 0,
    );
    // As long again: what is held stays held, and what is taken is taken.
    const sinceMs = Date.now();
    await waitFor(
      async () => {
        const found = await third.records.takeAbandonedWrite(sourceId, 'contact');
        if (found !== null) taken.push(found.recordIds);
        return Date.now() - sinceMs;
      },
      (passedMs) => passedMs > 2 * timings.abandonedAfterMs,
    );
    expect(taken).toEqual([['left']]);
  });

  it('are known to all others, and not to the one that has them', async () => {
    if (server === undefined) throw new Error('no server');
    database = await server.create();
    const [first, second] = [await open(silent), await open(silent)];
    const write = await first.records.beginWrite(sourceId, 'contact', ['a', 'b']);
    expect([...(await second.records.openElsewhere(sourceId, 'contact', ['b', 'c']))]).toEqual(['b']);
    expect([...(await second.records.openElsewhere(sourceId, 'account', ['b', 'c']))]).toEqual([]);
    expect([...(await first.records.openElsewhere(sourceId, 'contact', ['b', 'c']))]).toEqual([]);
    // It gave up: from then on nobody has them, and they are not as the links say.
    write.leave();
    expect([...(await first.records.openElsewhere(sourceId, 'contact', ['b', 'c']))]).toEqual(['b']);
  });

  it('with the embedded database are taken at its next start, and once more when Dataverse has long done what it was asked', async () => {
    if (embedded === undefined) throw new Error('no embedded database');
    database = await embedded.create();
    const hour = 3_600_000;
    await (await open(silent)).records.beginWrite(sourceId, 'contact', ['a']);
    await stores.pop()?.close();
    const early = await open({ refreshEveryMs: hour, abandonedAfterMs: hour });
    const taken = await early.records.takeAbandonedWrite(sourceId, 'contact');
    expect(taken?.recordIds).toEqual(['a']);
    if (taken !== null) await early.records.closeWrite(taken);
    expect(await early.records.takeAbandonedWrite(sourceId, 'contact')).toBeNull();
    await stores.pop()?.close();

    const late = await open(silent);
    const again = await waitFor(
      () => late.records.takeAbandonedWrite(sourceId, 'contact'),
      (write) => write !== null,
    );
    if (again !== null) await late.records.closeWrite(again);
    expect([...(await late.records.openElsewhere(sourceId, 'contact', ['a']))]).toEqual([]);
  });
});
