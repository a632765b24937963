import type { NewRun, Run } from '../../api/src/store/runs/types.ts';
import type { Store } from '../../api/src/store/types.ts';
import { type TestDatabase, databaseKinds } from '../support/databases.ts';
import { failureOf, linkOf, noCounts, pageOf, sourceId } from './samples.ts';

const newRun: NewRun = { sourceId, mode: 'full', isDryRun: false, tables: ['account', 'contact'], requestedBy: 'cli' };

describe.each(databaseKinds)('runs in $name', (kind) => {
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

  const get = async (runId: string): Promise<Run> => {
    const run = await store.runs.get(runId);
    if (run === null) throw new Error('the run is gone');
    return run;
  };
  const contacts = async (runId: string) => (await get(runId)).partitions.find(({ table }) => table === 'contact');

  it('a new run waits, with a partition for each table in the order given', async () => {
    const run = await store.runs.create(newRun, 1_000);
    const partition = {
      state: 'waiting',
      counts: noCounts,
      expectedRecords: null,
      cursor: null,
      windowFromMs: null,
      windowToMs: null,
      turn: 0,
      part: 0,
      slice: null,
      isHeld: false,
      isEnded: false,
    };
    expect(run).toEqual({
      ...newRun,
      id: run.id,
      state: 'queued',
      requestedOnMs: 1_000,
      startedOnMs: null,
      finishedOnMs: null,
      isCancelRequested: false,
      error: null,
      plannedChanges: [],
      notes: [],
      acceptsFewer: false,
      partitions: [
        { table: 'account', ...partition },
        { table: 'contact', ...partition },
      ],
    });
    expect(await get(run.id)).toEqual(run);
  });

  it('there is no run under an id that was never given', async () => {
    expect(await store.runs.get("x' or 1=1")).toBeNull();
  });

  it('runs are listed newest first, of one source or of all', async () => {
    const first = await store.runs.create({ ...newRun, sourceId: 'listed' }, 5);
    const second = await store.runs.create({ ...newRun, sourceId: 'listed' }, 5);
    const other = await store.runs.create(newRun, 5);
    const ids = async (options: { limit: number; sourceId?: string }) => (await store.runs.list(options)).map(({ id }) => id);
    expect(await ids({ limit: 10, sourceId: 'listed' })).toEqual([second.id, first.id]);
    expect(await ids({ limit: 2 })).toEqual([other.id, second.id]);
  });

  it('a run that was interrupted is still running, and one that is finished does not start again', async () => {
    const { id } = await store.runs.create(newRun, 1);
    expect(await store.runs.start(id, 10)).toBe(true);
    expect(await store.runs.start(id, 20)).toBe(true);
    expect(await get(id)).toMatchObject({ state: 'running', startedOnMs: 10 });
    const error = { code: 'crm.unreachable', title: 'away', help: 'wait' };
    await store.runs.finish(id, 'failed', error, 30);
    expect(await store.runs.start(id, 40)).toBe(false);
    await store.runs.finish(id, 'succeeded', null, 50);
    expect(await get(id)).toMatchObject({ state: 'failed', error, startedOnMs: 10, finishedOnMs: 30 });
  });

  it('a partition that is taken up again keeps its window', async () => {
    const { id } = await store.runs.create(newRun, 1);
    expect(await store.runs.startPartition(id, 'contact', { fromMs: 100, toMs: 200 })).toMatchObject({
      state: 'running',
      windowFromMs: 100,
      windowToMs: 200,
    });
    expect(await store.runs.startPartition(id, 'contact', { fromMs: 150, toMs: 900 })).toMatchObject({
      state: 'running',
      windowFromMs: 100,
      windowToMs: 200,
    });
    expect(await store.runs.startPartition(id, 'account', null)).toMatchObject({ state: 'running', windowFromMs: null });
    await expect(store.runs.startPartition('nowhere', 'contact', null)).rejects.toMatchObject({ code: 'run.unknown' });
  });

  it('a worker whose partition was taken up by another commits nothing any more, whichever way it tries', async () => {
    const { id } = await store.runs.create(newRun, 1);
    const { turn: hung } = await store.runs.startPartition(id, 'contact', null);
    const { turn } = await store.runs.startPartition(id, 'contact', null);
    const counts = { ...noCounts, read: 1, written: 1 };
    const page = (by: number) =>
      pageOf({ links: [linkOf(`turn-${by}`)], checkpoint: { runId: id, cursor: by, counts, isComplete: false, turn: by } });
    const isRefused = { code: 'run.taken_over' };
    await expect(store.records.commitPage(page(hung))).rejects.toMatchObject(isRefused);
    await expect(store.runs.addCounts(id, 'contact', { counts, isComplete: true, turn: hung })).rejects.toMatchObject(isRefused);
    const inRun = { runId: id, counts, isComplete: true, turn: hung };
    const removal = { sourceId, table: 'contact', recordIds: [`turn-${turn}`], nowMs: 1 } as const;
    await store.records.commitPage(page(turn));
    await expect(store.runs.settleRemovals({ ...removal, inRun })).rejects.toMatchObject(isRefused);
    // Also where the other has written the same records by now: they are not the hung one's to look at again.
    const sameRecords = { ...page(hung), links: [linkOf(`turn-${turn}`)], guard: { askedOnMs: 1, links: new Map() } };
    await expect(store.records.commitPage(sameRecords)).rejects.toMatchObject(isRefused);
    expect(await contacts(id)).toMatchObject({ state: 'running', counts: { read: 1, written: 1 }, cursor: turn });
    const links = await store.records.findLinks(sourceId, 'contact', [`turn-${hung}`, `turn-${turn}`]);
    expect([...links.values()].map(({ recordId, state }) => [recordId, state])).toEqual([[`turn-${turn}`, 'linked']]);
  });

  it('a store belongs to the first environment that it remembers rows of', async () => {
    expect(await store.environment.claim('contoso')).toBe('contoso');
    await store.records.commitPage(pageOf({ links: [linkOf('of contoso')] }));
    expect(await store.environment.claim('fabrikam')).toBe('contoso');
  });

  it('links whose rows are gone are forgotten, and no other', async () => {
    await store.records.commitPage({ ...pageOf({ links: [linkOf('gone'), linkOf('here')] }), sourceId: 'forgetting' });
    await store.records.forgetLinks('forgetting', 'contact', ['gone']);
    expect([...(await store.records.findLinks('forgetting', 'contact', ['gone', 'here'])).keys()]).toEqual(['here']);
  });

  it('the counts of all pages add up, and the cursor is the last page’s', async () => {
    const { id } = await store.runs.create(newRun, 1);
    await store.runs.startPartition(id, 'contact', null);
    const counts = { read: 10, written: 4, unchanged: 2, stale: 1, filtered: 1, failed: 1, withheld: 1 };
    for (const page of [1, 2, 3]) {
      const checkpoint = { runId: id, cursor: { page, after: ['ü', null] }, counts, isComplete: page === 3 };
      await store.records.commitPage(pageOf({ links: [linkOf(`sum-${page}`)], checkpoint }));
      expect((await store.records.findLinks(sourceId, 'contact', [`sum-${page}`])).size).toBe(1);
    }
    await store.runs.addCounts(id, 'contact', { counts: { ...noCounts, withheld: -2, written: 2 }, isComplete: false });
    expect(await contacts(id)).toMatchObject({
      state: 'complete',
      cursor: { page: 3, after: ['ü', null] },
      counts: { read: 30, written: 14, unchanged: 6, stale: 3, filtered: 3, failed: 3, withheld: 1 },
    });
  });

  it('counts beyond 32 bits survive', async () => {
    const { id } = await store.runs.create(newRun, 1);
    await store.runs.addCounts(id, 'contact', { counts: { ...noCounts, read: 3_000_000_000 }, isComplete: false });
    await store.runs.addCounts(id, 'contact', { counts: { ...noCounts, read: 3_000_000_000 }, isComplete: true });
    expect(await contacts(id)).toMatchObject({ state: 'complete', counts: { read: 6_000_000_000 } });
  });

  it('a run lists the records that failed in it, until they are mended', async () => {
    const { id } = await store.runs.create(newRun, 1);
    const checkpoint = { runId: id, cursor: null, counts: noCounts, isComplete: false };
    await store.records.commitPage(pageOf({ failures: [failureOf('f2'), failureOf('f1'), failureOf('f3')], checkpoint }));
    // A click meets the same failure: it stays the run's too.
    await store.records.commitPage(pageOf({ failures: [failureOf('f1', { reason: 'clicked' })] }));
    expect(await store.runs.failures(id, 2)).toEqual([failureOf('f1', { reason: 'clicked' }), failureOf('f2')]);
    await store.records.commitPage(pageOf({ links: [linkOf('f1'), linkOf('f2')] }));
    expect(await store.runs.failures(id, 10)).toEqual([failureOf('f3')]);
  });

  it('what a dry run would change is kept', async () => {
    const { id } = await store.runs.create({ ...newRun, isDryRun: true }, 1);
    const changes = [{ table: 'contact' as const, created: 1, updated: 2, columns: { telephone1: 2 }, sampleRecordIds: ['a', 'b'] }];
    await store.runs.savePlannedChanges(id, changes);
    expect(await get(id)).toMatchObject({ isDryRun: true, plannedChanges: changes });
  });

  it('a run can be asked to stop, but not once it is finished', async () => {
    const { id } = await store.runs.create(newRun, 1);
    await store.runs.requestCancel(id);
    expect((await get(id)).isCancelRequested).toBe(true);
    const finished = await store.runs.create(newRun, 1);
    await store.runs.finish(finished.id, 'succeeded', null, 2);
    await store.runs.requestCancel(finished.id);
    expect((await get(finished.id)).isCancelRequested).toBe(false);
  });

  it('a source remembers up to when each table was read', async () => {
    expect(await store.runs.watermark('marked', 'contact')).toBeNull();
    await store.runs.saveWatermark('marked', 'contact', { readUpToMs: 1, completedOnMs: 2 });
    await store.runs.saveWatermark('marked', 'contact', { readUpToMs: 1_700_000_000_001, completedOnMs: 1_700_000_000_002 });
    expect(await store.runs.watermark('marked', 'contact')).toEqual({ readUpToMs: 1_700_000_000_001, completedOnMs: 1_700_000_000_002 });
    expect(await store.runs.watermark('marked', 'account')).toBeNull();
  });

  it('children are called once their parent has a row, in pages by id', async () => {
    const family = { ...pageOf({}), sourceId: 'family' };
    const child = (id: string, parentId: string) => linkOf(id, { parentId, state: 'waitingForParent' });
    await store.records.commitPage({ ...family, table: 'account', links: [linkOf('here'), linkOf('gone', { state: 'removed' })] });
    await store.records.commitPage({
      ...family,
      links: [
        child('c1', 'here'),
        child('c2', 'missing'),
        child('c3', 'here'),
        child('c4', 'gone'),
        child('B', 'here'),
        linkOf('c5', { parentId: 'here' }),
      ],
    });
    // By bytes: upper case before lower case, whatever the server's locale says.
    expect(await store.runs.arrivedChildren('family', 'contact', 'account', '', 2)).toEqual(['B', 'c1']);
    expect(await store.runs.arrivedChildren('family', 'contact', 'account', 'c1', 2)).toEqual(['c3']);
    expect(await store.runs.linkedCount('family', 'contact')).toBe(6);
    expect(await store.runs.linkedCount('family', 'account')).toBe(1);
  });

  it('removals wait until they are settled; then the link says removed, also of a record that had none: somebody may be making its row', async () => {
    const page = { ...pageOf({}), sourceId: 'removing' };
    await store.records.commitPage({ ...page, links: [linkOf('r1'), linkOf('r2')], failures: [failureOf('r1')] });
    await store.records.commitPage({ ...page, removals: ['r2', 'r1', 'never here'] });
    expect(await store.runs.pendingRemovalCount('removing', 'contact')).toBe(3);
    expect(await store.runs.pendingRemovals('removing', 'contact', 'all', 'never here', 1)).toEqual(['r1']);
    expect(await store.runs.stillPendingRemovals('removing', 'contact', ['r1', 'no such'])).toEqual(['r1']);
    await store.runs.settleRemovals({ sourceId: 'removing', table: 'contact', recordIds: ['r1', 'never here'], nowMs: 77 });
    expect(await store.runs.pendingRemovals('removing', 'contact', 'all', '', 10)).toEqual(['r2']);
    const links = await store.records.findLinks('removing', 'contact', ['r1', 'r2', 'never here']);
    expect(links.get('r1')).toMatchObject({ state: 'removed', syncedOnMs: 77 });
    expect(links.get('r2')).toMatchObject({ state: 'linked' });
    expect(links.get('never here')).toMatchObject({ state: 'removed', syncedOnMs: 77 });
    expect(await store.runs.linkedCount('removing', 'contact')).toBe(1);
    expect(await store.records.findFailure('removing', 'contact', 'r1')).toBeNull();
  });
});
