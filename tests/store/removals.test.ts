import type { Store } from '../../api/src/store/types.ts';
import { type TestDatabase, databaseKinds } from '../support/databases.ts';
import { linkOf, pageOf } from './samples.ts';

describe.each(databaseKinds)('removals in $name', (kind) => {
  let database: TestDatabase;
  let store: Store;
  let sourceNumber = 0;
  let sourceId = '';

  beforeAll(async () => {
    database = await kind.create();
    store = await database.open();
  }, 120_000);
  afterAll(async () => {
    await store.close();
    await database.remove();
  });
  beforeEach(() => {
    sourceNumber += 1;
    sourceId = `source-${sourceNumber}`;
  });

  const ids = (count: number, from = 0) => Array.from({ length: count }, (_, index) => `r${String(from + index).padStart(4, '0')}`);
  const link = (recordIds: readonly string[], syncedOnMs = 100) =>
    store.records.commitPage({ ...pageOf({ links: recordIds.map((id) => ({ ...linkOf(id), syncedOnMs })) }), sourceId });
  const startRun = async () => {
    const { id } = await store.runs.create({ sourceId, mode: 'full', isDryRun: false, tables: ['contact'], requestedBy: 'cli' }, 1_000);
    const { turn } = await store.runs.startPartition(id, 'contact', null);
    return { runId: id, turn };
  };
  const remove = (removals: readonly string[]) => store.records.commitPage({ ...pageOf({ removals }), sourceId });
  const all = () => store.runs.pendingRemovals(sourceId, 'contact', 'all', '', 1000);

  it('a sweep that has met all but two ids makes removals of these two, counted as read and withheld', async () => {
    await link(ids(50));
    await link(['written-since'], 700);
    const { runId, turn } = await startRun();
    expect(await store.sweeps.begin(sourceId, 'contact', runId, 500)).toEqual({ cursor: null, isComplete: false });
    const page = { sourceId, table: 'contact', runId } as const;
    await store.sweeps.addPage({ ...page, ids: ids(30), cursor: { at: 30 } });
    expect(await store.sweeps.begin(sourceId, 'contact', runId, 900)).toEqual({ cursor: { at: 30 }, isComplete: false });
    await store.sweeps.addPage({ ...page, ids: [...ids(20, 28), 'unknown here'], cursor: null });
    expect(await store.sweeps.conclude({ ...page, turn })).toBe(2);
    expect(await all()).toEqual(ids(2, 48));
    expect(await store.runs.pendingRemovals(sourceId, 'contact', 'allowed', '', 10)).toEqual(ids(2, 48));
    expect((await store.runs.get(runId))?.partitions[0]?.counts).toMatchObject({ read: 2, withheld: 2 });
    expect(await store.sweeps.conclude({ ...page, turn })).toBe(0);
    expect(await store.sweeps.begin(sourceId, 'contact', runId, 900)).toEqual({ cursor: null, isComplete: true });
    expect((await store.runs.get(runId))?.partitions[0]?.counts).toMatchObject({ read: 2, withheld: 2 });
  });

  it('a sweep that another run has replaced concludes nothing', async () => {
    await link(ids(3));
    const [first, second] = [await startRun(), await startRun()];
    await store.sweeps.begin(sourceId, 'contact', first.runId, 500);
    await store.sweeps.begin(sourceId, 'contact', second.runId, 500);
    await store.sweeps.addPage({ sourceId, table: 'contact', runId: first.runId, ids: ids(3), cursor: null });
    expect(await store.sweeps.conclude({ sourceId, table: 'contact', ...first })).toBe(0);
    expect(await all()).toEqual([]);
    await store.sweeps.addPage({ sourceId, table: 'contact', runId: second.runId, ids: ids(2), cursor: null });
    expect(await store.sweeps.conclude({ sourceId, table: 'contact', ...second })).toBe(1);
  });

  it('a sweep whose worker has been replaced concludes nothing either', async () => {
    await link(ids(3));
    const { runId, turn } = await startRun();
    await store.sweeps.begin(sourceId, 'contact', runId, 500);
    await store.sweeps.addPage({ sourceId, table: 'contact', runId, ids: ids(2), cursor: null });
    await store.runs.startPartition(runId, 'contact', null);
    await expect(store.sweeps.conclude({ sourceId, table: 'contact', runId, turn })).rejects.toMatchObject({ code: 'run.taken_over' });
    expect(await all()).toEqual([]);
    expect(await store.sweeps.conclude({ sourceId, table: 'contact', runId, turn: turn + 1 })).toBe(1);
  });

  it('what a sweep that met nothing at all finds must be approved, however little it is', async () => {
    await link(ids(3));
    const { runId, turn } = await startRun();
    await store.sweeps.begin(sourceId, 'contact', runId, 500);
    await store.sweeps.addPage({ sourceId, table: 'contact', runId, ids: [], cursor: null });
    expect(await store.sweeps.conclude({ sourceId, table: 'contact', runId, turn })).toBe(3);
    expect(await store.runs.pendingRemovals(sourceId, 'contact', 'allowed', '', 10)).toEqual([]);
    expect((await store.removals.summary(sourceId, 'contact')).count).toBe(3);
  });

  it('an approval takes those that were seen, and none that came later', async () => {
    await link(ids(10));
    await remove(ids(4));
    const seen = await store.removals.summary(sourceId, 'contact');
    expect(seen.count).toBe(4);
    expect(await store.removals.waiting(sourceId, 'contact', 'r0001', 2)).toEqual(ids(2, 2));
    await remove(ids(1, 4));
    expect(await store.removals.approve(sourceId, 'contact', { atMost: 4 })).toBeNull();
    expect(await store.removals.approve(sourceId, 'contact', { atMost: 5, mark: seen.mark })).toBeNull();
    expect(await store.runs.pendingRemovals(sourceId, 'contact', 'approved', '', 10)).toEqual([]);
    const { mark } = await store.removals.summary(sourceId, 'contact');
    expect(await store.removals.approve(sourceId, 'contact', { atMost: 5, mark })).toBe(5);
    await remove(ids(1, 5));
    expect(await store.runs.pendingRemovals(sourceId, 'contact', 'approved', '', 10)).toEqual(ids(5));
    expect((await store.removals.summary(sourceId, 'contact')).count).toBe(1);
    expect(await store.removals.dismiss(sourceId, 'contact')).toBe(1);
    expect(await all()).toEqual(ids(5));
    expect(await store.removals.approve(sourceId, 'contact', { atMost: 5 })).toBe(0);
  });

  it('names the children of parents whose rows were removed since', async () => {
    const parent = async (id: string, syncedOnMs: number) => {
      const page = { sourceId, table: 'account' } as const;
      await store.records.commitPage({ ...pageOf({ links: [linkOf(id)] }), ...page });
      await store.records.commitPage({ ...pageOf({ removals: [id] }), ...page });
      await store.runs.settleRemovals({ ...page, recordIds: [id], nowMs: syncedOnMs });
    };
    await parent('gone-before', 10);
    await parent('gone-since', 30);
    await store.records.commitPage({ ...pageOf({ links: [linkOf('there')] }), sourceId, table: 'account' });
    const child = (id: string, parentId: string | null) => ({ ...linkOf(id), parentId });
    const links = [child('a', 'gone-since'), child('b', 'there'), child('c', 'gone-before'), child('d', null), child('e', 'gone-since')];
    await store.records.commitPage({ ...pageOf({ links }), sourceId });
    const of = { parentTable: 'account', sinceMs: 20 } as const;
    expect(await store.runs.childrenOfRemoved(sourceId, 'contact', of, '', 10)).toEqual(['a', 'e']);
    expect(await store.runs.childrenOfRemoved(sourceId, 'contact', of, 'a', 10)).toEqual(['e']);
  });
});
