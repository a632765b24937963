import { setTimeout as delay } from 'node:timers/promises';
import type { TableName } from '../../../api/src/crm/types.ts';
import { AppError } from '../../../api/src/errors/app-error.ts';
import { executeRun } from '../../../api/src/runs/execute-run.ts';
import type { Run, RunMode } from '../../../api/src/store/runs/types.ts';
import type { Store } from '../../../api/src/store/types.ts';
import { addCounts, countsAddUp, noCounts } from '../../../api/src/sync/counts.ts';
import { createRecordLocks } from '../../../api/src/sync/record-locks.ts';
import { createSources } from '../../../api/src/sync/sources.ts';
import { syncNamedRecords } from '../../../api/src/sync/sync-named-records.ts';
import { openTableSync } from '../../../api/src/sync/open-table-sync.ts';
import { drainInbox } from '../../../api/src/webhooks/drain-inbox.ts';
import { type TestDatabase, server, systemClock } from '../../support/databases.ts';
import { waitFor } from '../../support/wait-for.ts';
import { type HandMadeCrm, type HandMadeDataverse, makeCrm, makeDataverse, recordOf } from '../../support/ports.ts';

const never = new AbortController().signal;
const silent = { info: () => undefined, error: () => undefined, warn: () => undefined };

describe('a run that is disturbed between two lines', () => {
  let database: TestDatabase;
  let store: Store;
  let crm: HandMadeCrm;
  let dataverse: HandMadeDataverse;
  let sourceNumber = 0;

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
  });

  const dependencies = (locks = createRecordLocks()) => ({
    dataverse,
    locks,
    clock: systemClock,
    sources: createSources([crm.source]),
    records: store.records,
    runs: store.runs,
    sweeps: store.sweeps,
    inbox: store.inbox,
    erasures: store.erasures,
    jobs: { send: async () => undefined },
    log: silent,
    adoption: { requireAdopted: async () => undefined },
    sleep: (_ms: number, signal: AbortSignal) => delay(5, undefined, { signal }),
  });
  const create = (mode: RunMode = 'full', tables: readonly TableName[] = ['account', 'contact']) =>
    store.runs.create({ sourceId: crm.source.id, mode, isDryRun: false, tables, requestedBy: 'cli' }, 1);
  const seen = async (runId: string): Promise<Run> => {
    const run = await store.runs.get(runId);
    if (run === null) throw new Error('the run is gone');
    for (const { counts } of run.partitions) {
      expect(countsAddUp(counts)).toBe(true);
      for (const [name, count] of Object.entries(counts)) expect([name, count >= 0]).toEqual([name, true]);
    }
    return run;
  };
  const execute = async (mode: RunMode = 'full', work = dependencies(), tables?: readonly TableName[]): Promise<Run> => {
    const { id } = await create(mode, tables);
    await executeRun(id, work, never);
    return seen(id);
  };
  const countsOf = (run: Run) => run.partitions.map(({ counts }) => counts).reduce(addCounts, noCounts);
  const accounts = (count: number, more: Parameters<typeof recordOf>[1] = {}) =>
    Array.from({ length: count }, (_, index) => recordOf(`a${index}`, more));
  const key = (id: string) => `${crm.source.id}~${id}`;

  it('removals that an earlier run withheld are counted by the run that carries them out', async () => {
    crm.pages.account = [accounts(60)];
    await execute();
    crm.pages.account = [accounts(11, { isDeleted: true, modifiedOnMs: 2_000 })];
    const withheld = await execute('incremental');
    expect(withheld.state).toBe('partial');
    expect(countsOf(withheld)).toMatchObject({ read: 11, withheld: 11, written: 0 });
    crm.pages.account = [Array.from({ length: 100 }, (_, index) => recordOf(`b${index}`))];
    const run = await execute('incremental');
    expect(run.state).toBe('succeeded');
    expect(countsOf(run)).toMatchObject({ read: 111, written: 111, withheld: 0 });
    expect(dataverse.rows.get(key('a0'))).toMatchObject({ statecode: 1 });
  });

  it('a deletion that a list names twice is one removal, and nothing is left waiting', async () => {
    crm.pages.account = [accounts(3)];
    await execute();
    const gone = recordOf('a0', { isDeleted: true, modifiedOnMs: 2_000 });
    crm.pages.account = [[gone], [gone]];
    const run = await execute('incremental');
    expect(run.state).toBe('succeeded');
    expect(countsOf(run)).toMatchObject({ read: 2, written: 1, withheld: 0, stale: 1 });
  });

  it('a deletion that is older than what was written since removes nothing', async () => {
    crm.pages.account = [[recordOf('a0', { modifiedOnMs: 5_000 })]];
    await execute();
    crm.pages.account = [[recordOf('a0', { isDeleted: true, modifiedOnMs: 4_000 })]];
    expect(countsOf(await execute('incremental'))).toMatchObject({ read: 1, stale: 1, written: 0 });
    expect(dataverse.rows.get(key('a0'))).not.toHaveProperty('statecode');
  });

  it('a record that comes back while its removal is under way stays', async () => {
    crm.pages.account = [accounts(3)];
    await execute();
    crm.pages.account = [[recordOf('a0', { isDeleted: true, modifiedOnMs: 2_000 })]];
    crm.records.set('a0', recordOf('a0', { modifiedOnMs: 3_000 }));
    const work = dependencies();
    // Between the run's look at what waits and its hold of the record, a click reads the CRM.
    const pendingRemovals: typeof store.runs.pendingRemovals = async (...asked) => {
      const ids = await store.runs.pendingRemovals(...asked);
      if (ids.length > 0) {
        const sync = await openTableSync(crm.source, 'account', work, never);
        await syncNamedRecords(sync, crm.source, ['a0'], work, { signal: never, isDryRun: false });
      }
      return ids;
    };
    const run = await execute('incremental', { ...work, runs: { ...store.runs, pendingRemovals } });
    expect(dataverse.rows.get(key('a0'))).not.toHaveProperty('statecode');
    expect(run.state).toBe('succeeded');
    expect(countsOf(run)).toMatchObject({ read: 1, stale: 1, withheld: 0 });
  });

  it('a record that is found deleted while a page with it is on its way stays removed', async () => {
    // Three pages are under way at once; the fourth is read ahead, and not held yet.
    crm.pages.account = [[recordOf('a0')], [recordOf('c0')], [recordOf('d0')], [recordOf('b0')]];
    await execute();
    crm.pages.account = [
      [recordOf('a0', { modifiedOnMs: 2_000, fields: { name: 'changed' } })],
      [recordOf('c0')],
      [recordOf('d0')],
      [recordOf('b0')],
    ];
    const work = dependencies();
    const pageWithIt = Promise.withResolvers<void>();
    crm.beforePage = (_table, position) => {
      if (position === 3) pageWithIt.resolve();
    };
    dataverse.beforeWrite = async (rows) => {
      if (rows[0]?.sourceKey !== key('a0')) return;
      await pageWithIt.promise;
      const sync = await openTableSync(crm.source, 'account', work, never);
      await syncNamedRecords(sync, crm.source, ['b0'], work, { signal: never, isDryRun: false });
    };
    const run = await execute('full', work);
    expect(dataverse.rows.get(key('b0'))).toMatchObject({ statecode: 1 });
    expect(countsOf(run)).toMatchObject({ read: 4, written: 1, unchanged: 2, stale: 1 });
  });

  it('a process that dies between a removal and its count leaves no removal uncounted', async () => {
    crm.pages.account = [accounts(3)];
    await execute();
    crm.pages.account = [[recordOf('a0', { isDeleted: true, modifiedOnMs: 2_000 })]];
    const { id } = await create('incremental');
    const dying = new AbortController();
    const settleRemovals: typeof store.runs.settleRemovals = async (...asked) => {
      await store.runs.settleRemovals(...asked);
      dying.abort();
      throw new Error('the process dies');
    };
    await expect(executeRun(id, { ...dependencies(), runs: { ...store.runs, settleRemovals } }, dying.signal)).rejects.toThrow('dies');
    await executeRun(id, dependencies(), never);
    const run = await seen(id);
    expect(run.state).toBe('succeeded');
    expect(countsOf(run)).toMatchObject({ read: 1, written: 1, withheld: 0 });
  });

  it('a removal that Dataverse refuses is listed with the run, and tried by the next', async () => {
    crm.pages.account = [accounts(3)];
    await execute();
    crm.pages.account = [[recordOf('a0', { isDeleted: true, modifiedOnMs: 2_000 })]];
    dataverse.refused.add(key('a0'));
    const run = await execute('incremental');
    expect(run.state).toBe('partial');
    expect(countsOf(run)).toMatchObject({ read: 1, failed: 1, withheld: 0 });
    expect(await store.runs.failures(run.id, 10)).toMatchObject([{ recordId: 'a0' }]);
    dataverse.refused.clear();
    crm.pages.account = [[]];
    expect(countsOf(await execute('incremental'))).toMatchObject({ read: 1, written: 1 });
  });

  it('a run that waits for a Dataverse that is away is over at once when it is cancelled, and keeps what it recorded', async () => {
    crm.pages.account = [accounts(2), [recordOf('b0')]];
    const { id } = await create();
    const work = dependencies();
    const upsert: typeof dataverse.upsert = async (table, rows, options) => {
      if (!rows.some(({ sourceKey }) => sourceKey === key('b0'))) return dataverse.upsert(table, rows, options);
      await waitFor(
        async () => countsOf(await seen(id)).read,
        (read) => read === 2,
      );
      await store.runs.requestCancel(id);
      return new Promise((_resolve, reject) => options.signal.addEventListener('abort', () => reject(new Error('called off'))));
    };
    await executeRun(id, { ...work, dataverse: { ...dataverse, upsert } }, never);
    const run = await seen(id);
    expect(run).toMatchObject({ state: 'cancelled', error: null });
    expect(countsOf(run)).toMatchObject({ read: 2, written: 2 });
  });

  it('a run whose process stops while it waits for Dataverse is handed back, not ended', async () => {
    crm.pages.account = [accounts(2)];
    const { id } = await create();
    const stopping = new AbortController();
    const upsert: typeof dataverse.upsert = (_table, _rows, { signal }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(new Error('called off')));
        stopping.abort();
      });
    const work = { ...dependencies(), dataverse: { ...dataverse, upsert } };
    await expect(executeRun(id, work, stopping.signal)).rejects.toThrow('called off');
    expect(await seen(id)).toMatchObject({ state: 'running' });
  });

  it('a run that hangs and is taken over by another worker counts no page twice', async () => {
    crm.pages.account = [accounts(2), [recordOf('b0')], [recordOf('c0')]];
    const { id } = await create();
    const hung = Promise.withResolvers<void>();
    const isHanging = Promise.withResolvers<void>();
    let isFirst = true;
    dataverse.beforeWrite = async (rows) => {
      if (!isFirst || !rows.some(({ sourceKey }) => sourceKey === key('b0'))) return;
      isFirst = false;
      isHanging.resolve();
      await hung.promise;
    };
    const first = executeRun(id, dependencies(), never);
    await isHanging.promise;
    await executeRun(id, dependencies(), never);
    hung.resolve();
    await expect(first).rejects.toMatchObject({ code: 'run.taken_over' });
    const run = await seen(id);
    expect(run.state).toBe('succeeded');
    expect(countsOf(run)).toMatchObject({ read: 4, written: 4 });
  });

  it('the window ends by the CRM’s clock, also in a process that has just started', async () => {
    crm.checks.skewMs = -600_000;
    const startedMs = systemClock.nowMs();
    await execute('incremental');
    const watermark = await store.runs.watermark(crm.source.id, 'account');
    expect(watermark?.readUpToMs).toBeLessThan(startedMs - 500_000);
  });

  it('a record that failed and is then deleted in the CRM fails no more', async () => {
    dataverse.refused.add(key('a0'));
    crm.pages.account = [[recordOf('a0')]];
    await execute();
    crm.pages.account = [[recordOf('a0', { isDeleted: true, modifiedOnMs: 2_000 })]];
    const run = await execute('incremental');
    expect(countsOf(run)).toMatchObject({ read: 1, filtered: 1 });
    expect(await store.records.findFailure(crm.source.id, 'account', 'a0')).toBeNull();
  });

  it('an account that somebody deletes in Dataverse comes back with the next full run, and its contact waits for it in peace', async () => {
    const contact = (name: string, modifiedOnMs: number) => recordOf('c', { parentId: 'a0', modifiedOnMs, fields: { name } });
    crm.pages = { account: [accounts(1)], contact: [[contact('before', 1_000)]] };
    await execute();
    dataverse.rows.delete(key('a0'));
    crm.pages = { account: [[]], contact: [[contact('after', 2_000)]] };
    crm.records.set('c', contact('after', 2_000));
    expect(countsOf(await execute('incremental'))).toMatchObject({ read: 1, written: 1, failed: 0 });
    crm.pages = { account: [[]], contact: [[]] };
    expect(countsOf(await execute('incremental'))).toMatchObject({ read: 0, written: 0 });
    crm.pages = { account: [accounts(1)], contact: [[contact('after', 2_000)]] };
    expect(countsOf(await execute('full'))).toMatchObject({ read: 2, written: 2, failed: 0 });
    expect(dataverse.rows.get(key('c'))).toMatchObject({
      'parentcustomerid_account@odata.bind': `/accounts(ccsync_sourcekey='${key('a0')}')`,
    });
  });

  it('a run of accounts alone links the contacts that waited for them', async () => {
    const contact = recordOf('c', { parentId: 'a0' });
    crm.pages = { account: [accounts(1)], contact: [[contact]] };
    crm.records.set('c', contact);
    await execute('full', dependencies(), ['contact']);
    expect(dataverse.rows.get(key('c'))).toMatchObject({ ccsync_syncstatus: 863_400_001 });
    await execute('full', dependencies(), ['account']);
    expect(dataverse.rows.get(key('c'))).toMatchObject({ ccsync_syncstatus: 863_400_000 });
  });

  it('while rows wait for adoption no run writes, and deliveries stay in the inbox', async () => {
    crm.pages.account = [accounts(2)];
    crm.records.set('new', recordOf('new'));
    const sourceId = crm.source.id;
    await store.inbox.put({
      deliveryKey: 'new',
      sourceId,
      receivedOnMs: 1,
      events: [{ table: 'account', recordIds: ['new'], action: 'upsert' }],
    });
    const requireAdopted = async () => {
      throw new AppError('adoption.pending', { table: 'account', source: sourceId });
    };
    const waiting = { ...dependencies(), adoption: { requireAdopted } };
    expect(await execute('full', waiting)).toMatchObject({ state: 'failed', error: { code: 'adoption.pending' } });
    await expect(drainInbox(sourceId, waiting, never)).rejects.toMatchObject({ code: 'adoption.pending' });
    expect(dataverse.rows.size).toBe(0);
    await drainInbox(sourceId, dependencies(), never);
    expect([...dataverse.rows.keys()]).toEqual([key('new')]);
  });

  it('a delivery whose record cannot be read does not keep the others waiting', async () => {
    crm.records.set('good', recordOf('good'));
    crm.records.set('bad', recordOf('bad', { fields: { name: 'unreadable' } }));
    const sourceId = crm.source.id;
    for (const id of ['bad', 'good']) {
      await store.inbox.put({
        deliveryKey: id,
        sourceId,
        receivedOnMs: 1,
        events: [{ table: 'account', recordIds: [id], action: 'upsert' }],
      });
    }
    await drainInbox(sourceId, dependencies(), never);
    expect(dataverse.rows.has(key('good'))).toBe(true);
    expect(await store.inbox.pending(sourceId, 10)).toEqual([]);
    expect(await store.records.findFailure(sourceId, 'account', 'bad')).toMatchObject({ code: 'record.unreadable' });
  });
});
