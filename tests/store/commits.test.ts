import type { Link } from '../../api/src/store/records/types.ts';
import type { Store } from '../../api/src/store/types.ts';
import { type TestDatabase, databaseKinds } from '../support/databases.ts';
import { failureOf, hashOf, linkOf, noCounts, pageOf, sourceId } from './samples.ts';

describe.each(databaseKinds)('commits of records in $name', (kind) => {
  let database: TestDatabase;
  let store: Store;
  const nowMs = 5_000;
  let lastId = 0;
  const newId = (): string => `record-${(lastId += 1)}`;
  const find = async (recordId: string): Promise<Link | undefined> =>
    (await store.records.findLinks(sourceId, 'contact', [recordId])).get(recordId);

  beforeAll(async () => {
    database = await kind.create();
    store = await database.open({ clock: { nowMs: () => nowMs } });
  }, 120_000);
  afterAll(async () => {
    await store.close();
    await database.remove();
  });

  it('a page is committed whole or not at all', async () => {
    const [failed, written, removed] = [newId(), newId(), newId()];
    await store.records.commitPage(pageOf({ failures: [failureOf(failed)] }));
    const page = pageOf({
      links: [linkOf(written), linkOf(failed)],
      failures: [failureOf(newId())],
      removals: [removed],
      // The last statement is the one that fails: there is no such run.
      checkpoint: { runId: 'no such run', cursor: 1, counts: { ...noCounts, read: 2, written: 2 }, isComplete: false },
    });
    await expect(store.records.commitPage(page)).rejects.toMatchObject({ code: 'run.unknown' });
    expect(await find(written)).toBeUndefined();
    expect(await store.records.findFailure(sourceId, 'contact', failed)).not.toBeNull();
    expect(await store.runs.pendingRemovalCount(sourceId, 'contact')).toBe(0);
  });

  describe.each(['by itself', 'as a page of a run'])('committed %s', (way) => {
    const checkpointOf = async () => {
      if (way === 'by itself') return {};
      const { id } = await store.runs.create({ sourceId, mode: 'full', isDryRun: false, tables: ['contact'], requestedBy: 'cli' }, 1);
      const { turn } = await store.runs.startPartition(id, 'contact', null);
      return { checkpoint: { runId: id, cursor: 1, counts: noCounts, isComplete: false, turn } };
    };
    /** Who looks at the records now, and what they will commit however much later. */
    const lookAt = async (recordIds: readonly string[]) => ({
      guard: { askedOnMs: 1_500, links: await store.records.findLinks(sourceId, 'contact', recordIds) },
      ...(await checkpointOf()),
    });

    it('of two who find no row of a record and make one, the second learns of it, and nothing of its page is kept', async () => {
      const [ours, both, failed] = [newId(), newId(), newId()];
      await store.records.commitPage(pageOf({ failures: [failureOf(failed)] }));
      const [first, second] = [await lookAt([ours, both, failed]), await lookAt([ours, both, failed])];
      expect(await store.records.commitPage(pageOf({ links: [linkOf(both)], ...first }))).toEqual([]);
      const late = pageOf({ links: [linkOf(ours), linkOf(both, { contentHash: hashOf('late') }), linkOf(failed)], ...second });
      expect(await store.records.commitPage(late)).toEqual([both]);
      expect(await find(ours)).toBeUndefined();
      expect(await find(both)).toEqual(linkOf(both));
      expect(await store.records.findFailure(sourceId, 'contact', failed)).not.toBeNull();

      const others = pageOf({ ...late, links: late.links.filter(({ recordId }) => recordId !== both) });
      expect(await store.records.commitPage(others)).toEqual([]);
      expect(await find(ours)).toEqual(linkOf(ours));
      expect(await store.records.findFailure(sourceId, 'contact', failed)).toBeNull();
    });

    it('of two who write a known record, the second learns of it; a new record beside it is not kept either', async () => {
      const [known, added] = [newId(), newId()];
      await store.records.commitPage(pageOf({ links: [linkOf(known)] }));
      const [first, second] = [await lookAt([known, added]), await lookAt([known, added])];
      const now = { contentHash: hashOf('now'), checkedOnMs: 2_001 };
      expect(await store.records.commitPage(pageOf({ links: [linkOf(known, now)], ...first }))).toEqual([]);
      expect(await store.records.commitPage(pageOf({ links: [linkOf(added), linkOf(known)], ...second }))).toEqual([known]);
      expect(await find(added)).toBeUndefined();
      expect(await find(known)).toEqual(linkOf(known, now));
    });

    it('new records are kept beside one that was found unchanged, whose failure is over', async () => {
      const [unchanged, added] = [newId(), newId()];
      await store.records.commitPage(pageOf({ links: [linkOf(unchanged)], failures: [] }));
      await store.records.commitPage(pageOf({ failures: [failureOf(unchanged), failureOf(added)] }));
      const commit = pageOf({ links: [linkOf(added)], unchangedIds: [unchanged], ...(await lookAt([unchanged, added])) });
      expect(await store.records.commitPage(commit)).toEqual([]);
      expect(await find(added)).toEqual(linkOf(added));
      for (const id of [unchanged, added]) expect(await store.records.findFailure(sourceId, 'contact', id)).toBeNull();
    });

    it('a page that holds a new record twice keeps its newest version', async () => {
      const id = newId();
      const versions = [linkOf(id, { sourceModifiedOnMs: 3_000 }), linkOf(id, { sourceModifiedOnMs: 2_000 })];
      expect(await store.records.commitPage(pageOf({ links: versions, ...(await lookAt([id])) }))).toEqual([]);
      expect(await find(id)).toEqual(versions[0]);
    });

    it('a record that was found deleted after the CRM was asked for it is not taken for one that is there', async () => {
      const [gone, added] = [newId(), newId()];
      const seen = await lookAt([gone, added]);
      await store.records.commitPage(pageOf({ removals: [gone] }));
      expect(await store.records.commitPage(pageOf({ links: [linkOf(gone), linkOf(added)], ...seen }))).toEqual([gone]);
      expect(await find(added)).toBeUndefined();
      await store.runs.settleRemovals({ sourceId, table: 'contact', recordIds: [gone], nowMs: 1 });
    });
  });

  it('pages that hold the same records in other orders do not block each other', async () => {
    const ids = Array.from({ length: 300 }, newId);
    const orders = [ids, ids.toReversed(), [...ids.slice(150), ...ids.slice(0, 150)]];
    await Promise.all(
      orders.flatMap((order) =>
        [1, 2, 3].map((sourceModifiedOnMs) =>
          store.records.commitPage(pageOf({ links: order.map((id) => linkOf(id, { sourceModifiedOnMs })) })),
        ),
      ),
    );
    const found = await store.records.findLinks(sourceId, 'contact', ids);
    expect(new Set([...found.values()].map(({ sourceModifiedOnMs }) => sourceModifiedOnMs))).toEqual(new Set([3]));
  });
});
