/** What becomes of the rows of records that the CRM no longer has. */
import { setTimeout as delay } from 'node:timers/promises';
import type { IdPage, TableName, TableReader } from '../../../api/src/crm/types.ts';
import { applyApprovedRemovals, createRemovalService } from '../../../api/src/runs/removal-service.ts';
import { executeRun } from '../../../api/src/runs/execute-run.ts';
import type { Jobs } from '../../../api/src/store/jobs/types.ts';
import type { Run, RunMode } from '../../../api/src/store/runs/types.ts';
import type { Store } from '../../../api/src/store/types.ts';
import { addCounts, countsAddUp, noCounts } from '../../../api/src/sync/counts.ts';
import { createRecordLocks } from '../../../api/src/sync/record-locks.ts';
import { createSources } from '../../../api/src/sync/sources.ts';
import type { Source, SourceWriting } from '../../../api/src/sync/types.ts';
import { type TestDatabase, server, systemClock } from '../../support/databases.ts';
import { type HandMadeCrm, type HandMadeDataverse, makeCrm, makeDataverse, recordOf } from '../../support/ports.ts';

const never = new AbortController().signal;
const silent = { info: () => undefined, error: () => undefined, warn: () => undefined };

describe('records that the CRM no longer has', () => {
  let database: TestDatabase;
  let store: Store;
  let crm: HandMadeCrm;
  let dataverse: HandMadeDataverse;
  let sourceNumber = 0;
  let writing: SourceWriting = {};
  /** What a walk over all ids gives; the pages of the list when it is left alone. */
  let idPages: (() => AsyncIterable<IdPage>) | null = null;

  beforeAll(async () => {
    database = await server.create();
    store = await database.open();
  });
  afterAll(async () => {
    await store.close();
    await database.remove();
  });
  beforeEach(() => {
    sourceNumber += 1;
    crm = makeCrm(`source-${sourceNumber}`, systemClock.nowMs);
    dataverse = makeDataverse();
    writing = {};
    idPages = null;
  });

  const readerOf = (table: TableName): TableReader => {
    const reader = crm.source.connector.table(table);
    return { ...reader, marksDeleted: false, listIds: (from, signal) => idPages?.() ?? reader.listIds(from, signal) };
  };
  const source = (): Source => ({ ...crm.source, writing, connector: { ...crm.source.connector, table: readerOf } });
  const dependencies = () => ({
    dataverse,
    locks: createRecordLocks(),
    clock: systemClock,
    sources: createSources([source()]),
    records: store.records,
    runs: store.runs,
    sweeps: store.sweeps,
    jobs: { send: async () => undefined },
    log: silent,
    adoption: { requireAdopted: async () => undefined },
    sleep: (_ms: number, signal: AbortSignal) => delay(5, undefined, { signal }),
  });
  const execute = async (mode: RunMode = 'full'): Promise<Run> => {
    const request = { sourceId: crm.source.id, mode, isDryRun: false, tables: ['account', 'contact'] as const, requestedBy: 'cli' };
    const { id } = await store.runs.create(request, systemClock.nowMs());
    await executeRun(id, dependencies(), never);
    const run = await store.runs.get(id);
    if (run === null) throw new Error('the run is gone');
    for (const { counts } of run.partitions) expect(countsAddUp(counts)).toBe(true);
    // Links written in the same millisecond as the next run begins would count as its own.
    await delay(2);
    return run;
  };
  const countsOf = (run: Run) => run.partitions.map(({ counts }) => counts).reduce(addCounts, noCounts);
  const key = (id: string) => `${crm.source.id}~${id}`;
  const idsFrom = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, index) => `a${String(from + index).padStart(4, '0')}`);
  /** The CRM has these accounts, in its list and by id. */
  const has = (ids: readonly string[]) => {
    crm.pages.account = [ids.map((id) => recordOf(id))];
    crm.records.clear();
    for (const id of ids) crm.records.set(id, recordOf(id));
  };
  const inactive = () => [...dataverse.rows].filter(([, row]) => row.statecode === 1).map(([sourceKey]) => sourceKey);
  const service = (jobs: Pick<Jobs, 'send'> = { send: async () => undefined }) =>
    createRemovalService({ sources: createSources([source()]), removals: store.removals, runs: store.runs, jobs });

  it('are found by a full run’s walk over all ids, and only their rows are deactivated', async () => {
    has(idsFrom(0, 30));
    await execute();
    has(idsFrom(3, 30));
    const run = await execute();
    expect(inactive().toSorted()).toEqual(idsFrom(0, 3).map(key));
    expect(run.state).toBe('succeeded');
    expect(countsOf(run)).toMatchObject({ read: 30, written: 3, unchanged: 27, withheld: 0 });
    has(idsFrom(0, 30));
    expect(countsOf(await execute())).toMatchObject({ written: 3, unchanged: 27 });
    expect(inactive()).toEqual([]);
  });

  it('are not believed to be gone while the CRM still gives them by id', async () => {
    has(idsFrom(0, 30));
    await execute();
    crm.pages.account = [idsFrom(5, 30).map((id) => recordOf(id))];
    crm.records.set('a0001', recordOf('a0001', { modifiedOnMs: 2_000, fields: { name: 'changed meanwhile' } }));
    crm.records.delete('a0004');
    const run = await execute();
    expect(inactive()).toEqual([key('a0004')]);
    expect(dataverse.rows.get(key('a0001'))).toMatchObject({ name: 'changed meanwhile' });
    expect(countsOf(run)).toMatchObject({ read: 30, written: 1, unchanged: 25, stale: 4, withheld: 0 });
  });

  it('are not looked for where the walk over the ids breaks off', async () => {
    has(idsFrom(0, 30));
    await execute();
    idPages = async function* brokenOff() {
      yield { ids: idsFrom(0, 10), next: 10 };
      throw new Error('the connection was reset');
    };
    expect((await execute()).state).toBe('failed');
    expect(inactive()).toEqual([]);
    expect(await store.runs.pendingRemovalCount(crm.source.id, 'account')).toBe(0);
  });

  it('are not looked for where the CRM gives an empty list, which nobody believes', async () => {
    has(idsFrom(0, 5));
    await execute();
    has([]);
    const run = await execute();
    expect([run.state, inactive(), countsOf(run).withheld]).toEqual(['suspicious', [], 0]);
    expect(await store.runs.pendingRemovalCount(crm.source.id, 'account')).toBe(0);
  });

  it('wait for approval where the walk over the ids meets none at all, however few rows there are', async () => {
    has(idsFrom(0, 5));
    await execute();
    idPages = async function* none() {
      yield { ids: [], next: null };
    };
    const run = await execute();
    expect([run.state, inactive(), countsOf(run).withheld]).toEqual(['partial', [], 5]);
    expect((await execute('incremental')).state).toBe('succeeded');
    expect(inactive()).toEqual([]);
    idPages = null;
    await execute();
    expect(await store.runs.pendingRemovalCount(crm.source.id, 'account')).toBe(0);
  });

  it('11 % of 1,000 are withheld and listed, and one approval applies exactly those', async () => {
    has(idsFrom(0, 1000));
    await execute();
    has(idsFrom(110, 1000));
    const run = await execute();
    expect([run.state, inactive().length]).toEqual(['partial', 0]);
    expect(countsOf(run)).toMatchObject({ read: 1000, unchanged: 890, withheld: 110 });

    const { tables } = await service().list(crm.source.id, { table: 'account', limit: 200 });
    expect(tables).toEqual([
      expect.objectContaining({ table: 'account', waiting: 110, linked: 1000, action: 'deactivate', recordIds: idsFrom(0, 110) }),
    ]);
    const mark = tables[0]?.mark ?? '';
    // Another one is deleted after the admin has looked.
    await store.records.commitPage({
      sourceId: crm.source.id,
      table: 'account',
      links: [],
      unchangedIds: [],
      failures: [],
      removals: ['a0500'],
    });
    await expect(service().approve(crm.source.id, { table: 'account', atMost: 110 })).rejects.toMatchObject({ code: 'removals.changed' });
    await store.runs.forgetRemovals(crm.source.id, 'account', ['a0500']);
    const sent: object[] = [];
    const jobs: Pick<Jobs, 'send'> = { send: async (_queue, data) => void sent.push(data) };
    expect(await service(jobs).approve(crm.source.id, { table: 'account', atMost: 110, mark })).toEqual({ table: 'account', decided: 110 });
    expect(sent).toEqual([{ sourceId: crm.source.id, table: 'account' }]);
    crm.records.set('a0007', recordOf('a0007', { modifiedOnMs: 3_000 }));
    await applyApprovedRemovals({ sourceId: crm.source.id, table: 'account' }, dependencies(), never);
    expect(inactive().toSorted()).toEqual(
      idsFrom(0, 110)
        .filter((id) => id !== 'a0007')
        .map(key),
    );
    expect(await store.runs.pendingRemovalCount(crm.source.id, 'account')).toBe(0);
  });

  it('need nothing of Dataverse where none is approved, or the source is no longer configured', async () => {
    const asked: string[] = [];
    const describeTable = async (table: string) => {
      asked.push(table);
      return dataverse.describeTable(table, never);
    };
    const work = { ...dependencies(), dataverse: { ...dataverse, describeTable } };
    await applyApprovedRemovals({ sourceId: crm.source.id, table: 'account' }, work, never);
    await applyApprovedRemovals({ sourceId: 'gone', table: 'account' }, work, never);
    expect(asked).toEqual([]);
  });

  it('dismissed, leave their rows as they are', async () => {
    has(idsFrom(0, 200));
    await execute();
    has(idsFrom(50, 200));
    await execute();
    expect(await service().dismiss(crm.source.id, 'account')).toEqual({ table: 'account', decided: 50 });
    await execute('incremental');
    expect(inactive()).toEqual([]);
  });

  it('lose their rows for good where the source says delete, and come back as new ones', async () => {
    writing = { removed: 'delete' };
    has(idsFrom(0, 30));
    await execute();
    has(idsFrom(1, 30));
    expect(countsOf(await execute())).toMatchObject({ written: 1, unchanged: 29 });
    expect(dataverse.rows.has(key('a0000'))).toBe(false);
    expect(dataverse.rows.size).toBe(29);
    has(idsFrom(0, 30));
    await execute();
    expect(dataverse.rows.get(key('a0000'))).toMatchObject({ name: 'a0000' });
  });

  it('change nothing where the source says ignore', async () => {
    writing = { removed: 'ignore' };
    has(idsFrom(0, 5));
    await execute();
    crm.pages.account = [[recordOf('a0000', { isDeleted: true, modifiedOnMs: 5_000 })]];
    const run = await execute('incremental');
    expect([run.state, countsOf(run)]).toEqual(['succeeded', expect.objectContaining({ read: 1, filtered: 1 })]);
    expect(inactive()).toEqual([]);
  });

  it('take their children along to the record that they were merged into, though the CRM does not count that as a change', async () => {
    has(['loser', 'winner', ...idsFrom(0, 20)]);
    const child = recordOf('c1', { parentId: 'loser' });
    crm.pages.contact = [[child]];
    crm.records.set('c1', child);
    await execute();
    expect(JSON.stringify(dataverse.rows.get(key('c1')))).toContain(key('loser'));
    has(['winner', ...idsFrom(0, 20)]);
    crm.records.set('c1', recordOf('c1', { parentId: 'winner' }));
    crm.pages.account = [[recordOf('loser', { isDeleted: true, modifiedOnMs: 5_000 })]];
    crm.pages.contact = [[]];
    const run = await execute('incremental');
    expect(inactive()).toEqual([key('loser')]);
    expect(JSON.stringify(dataverse.rows.get(key('c1')))).toContain(`${key('winner')}'`);
    expect(countsOf(run)).toMatchObject({ read: 2, written: 2 });
  });
});
