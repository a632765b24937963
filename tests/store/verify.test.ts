import type { Store } from '../../api/src/store/types.ts';
import type { VerifyItem, VerifyStep } from '../../api/src/store/verify/types.ts';
import { type TestDatabase, databaseKinds } from '../support/databases.ts';
import { hashOf, noCounts, sourceId } from './samples.ts';

const table = 'contact';

describe.each(databaseKinds)('what a verification keeps in $name', (kind) => {
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

  const begin = async (): Promise<{ readonly runId: string; readonly turn: number }> => {
    const { id: runId } = await store.runs.create(
      { sourceId, mode: 'verify', isDryRun: false, tables: [table], requestedBy: 'cli', repairs: true },
      1,
    );
    await store.runs.start(runId, 1);
    const { turn } = await store.runs.startPartition(runId, table, null);
    await store.runs.verify.part({ runId, table });
    return { runId, turn };
  };
  const item = (key: string, more: Partial<VerifyItem> = {}): VerifyItem => ({
    key,
    recordId: key,
    rowId: null,
    isInCrm: true,
    crmHash: hashOf(key),
    rowHash: null,
    modifiedOnMs: null,
    verdict: 'missing',
    isSettled: true,
    ...more,
  });
  const save = (of: { readonly runId: string; readonly turn: number }, items: readonly VerifyItem[], more: Partial<VerifyStep> = {}) =>
    store.runs.verify.save({ ...of, table, items, isAfterRepair: false, phase: 'crm', cursor: null, counts: noCounts, ...more });

  it('comes back as it was kept, in the order of the keys’ bytes', async () => {
    const of = await begin();
    const items = [
      item('b'),
      item('B', { rowId: 'r', rowHash: hashOf('r'), modifiedOnMs: 5, verdict: 'stale' }),
      item('!x', { crmHash: null }),
    ];
    await save(of, items, { cursor: { page: 2 }, unreadable: 3 });
    expect(await store.runs.verify.itemsInOrder({ ...of, table }, '', 10)).toEqual([items[2], items[1], items[0]]);
    expect(await store.runs.verify.itemsInOrder({ ...of, table }, '!x', 1)).toEqual([items[1]]);
    expect(await store.runs.verify.part({ ...of, table })).toEqual({ phase: 'crm', cursor: { page: 2 }, unreadable: 3 });
    expect((await store.runs.get(of.runId))?.repairs).toBe(true);
  });

  it('tells which keys it does not have', async () => {
    const of = await begin();
    await save(of, [item('a'), item('c')]);
    expect(await store.runs.verify.absentKeys({ ...of, table }, ['a', 'b', 'c', 'd'])).toEqual(new Set(['b', 'd']));
  });

  it('remembers what an item was found to be, when a repair makes it something else', async () => {
    const of = await begin();
    await save(of, [item('a', { verdict: 'stale', isSettled: false }), item('b')]);
    await save(of, [item('a', { verdict: 'edited' })]);
    await save(of, [item('a', { verdict: 'same', rowId: 'r' })], { isAfterRepair: true, phase: 'recheckRepaired' });
    expect((await store.runs.verify.tally({ ...of, table })).toSorted((one, other) => one.found.localeCompare(other.found))).toEqual([
      { found: 'edited', verdict: 'same', isInCrm: true, hasRow: true, count: 1 },
      { found: 'missing', verdict: 'missing', isInCrm: true, hasRow: false, count: 1 },
    ]);
    expect((await store.runs.verify.samples({ ...of, table }, 'edited', 5)).map(({ key }) => key)).toEqual(['a']);
    expect((await store.runs.verify.settledItems({ ...of, table }, ['missing', 'edited'], '', 5)).map(({ key }) => key)).toEqual(['b']);
  });

  it('keeps nothing of a worker that was given up', async () => {
    const of = await begin();
    await store.runs.startPartition(of.runId, table, null);
    await expect(save(of, [item('a')])).rejects.toMatchObject({ code: 'run.taken_over' });
    expect(await store.runs.verify.itemsInOrder({ ...of, table }, '', 10)).toEqual([]);
  });

  it('forgets the items of a run that is over, and keeps its statement word for word', async () => {
    const [over, open] = [await begin(), await begin()];
    for (const one of [over, open]) await save(one, [item('a')]);
    await store.runs.verify.saveStatement(over.runId, { z: 1, a: { b: [2] } });
    await store.runs.finish(over.runId, 'succeeded', null, 5);
    await store.runs.verify.clearFinished();
    expect(await store.runs.verify.itemsInOrder({ ...over, table }, '', 10)).toEqual([]);
    expect(await store.runs.verify.itemsInOrder({ ...open, table }, '', 10)).toHaveLength(1);
    expect(JSON.stringify(await store.runs.verify.statement(over.runId))).toBe('{"z":1,"a":{"b":[2]}}');
    expect(await store.runs.verify.statement(open.runId)).toBeNull();
  });
});
