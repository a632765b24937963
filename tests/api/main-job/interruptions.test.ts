import type { TableName } from '../../../api/src/crm/types.ts';
import { AppError } from '../../../api/src/errors/app-error.ts';
import { executeRun } from '../../../api/src/runs/execute-run.ts';
import type { Run, RunMode } from '../../../api/src/store/runs/types.ts';
import { drainInbox } from '../../../api/src/webhooks/drain-inbox.ts';
import { systemClock } from '../../support/databases.ts';
import { click, createRun, deliver } from '../../support/doors.ts';
import { handMadeScene } from '../../support/hand-made-scene.ts';
import { recordOf, recordsOf } from '../../support/ports.ts';
import { waitFor } from '../../support/wait-for.ts';
import { attentiveProcess, countsOf, seenRun } from './support/runs.ts';

const never = new AbortController().signal;

describe('a run that is disturbed between two lines', () => {
  const scene = handMadeScene('disturbed');
  const { keyOf } = scene;

  const aProcess = () => attentiveProcess(scene);
  const create = (mode: RunMode = 'full', tables: readonly TableName[] = ['account', 'contact']) => createRun(aProcess(), mode, tables);
  const seen = (runId: string): Promise<Run> => seenRun(scene.store.runs, runId);
  const execute = async (mode: RunMode = 'full', work = aProcess(), tables?: readonly TableName[]): Promise<Run> => {
    const id = await create(mode, tables);
    await executeRun(id, work, never);
    return seen(id);
  };

  it('removals that an earlier run withheld are counted by the run that carries them out', async () => {
    scene.crm.pages.account = [recordsOf('a', 60)];
    await execute();
    scene.crm.pages.account = [recordsOf('a', 11, { isDeleted: true, modifiedOnMs: 2_000 })];
    const withheld = await execute('incremental');
    expect(withheld.state).toBe('partial');
    expect(countsOf(withheld)).toMatchObject({ read: 11, withheld: 11, written: 0 });
    scene.crm.pages.account = [recordsOf('b', 100)];
    const run = await execute('incremental');
    expect(run.state).toBe('succeeded');
    expect(countsOf(run)).toMatchObject({ read: 111, written: 111, withheld: 0 });
    expect(scene.dataverse.rows.get(keyOf('a0'))).toMatchObject({ statecode: 1 });
  });

  it('a deletion that a list names twice is one removal, and nothing is left waiting', async () => {
    scene.crm.pages.account = [recordsOf('a', 3)];
    await execute();
    const gone = recordOf('a0', { isDeleted: true, modifiedOnMs: 2_000 });
    scene.crm.pages.account = [[gone], [gone]];
    const run = await execute('incremental');
    expect(run.state).toBe('succeeded');
    expect(countsOf(run)).toMatchObject({ read: 2, written: 1, withheld: 0, stale: 1 });
  });

  it('a deletion that is older than what was written since removes nothing', async () => {
    scene.crm.pages.account = [[recordOf('a0', { modifiedOnMs: 5_000 })]];
    await execute();
    scene.crm.pages.account = [[recordOf('a0', { isDeleted: true, modifiedOnMs: 4_000 })]];
    expect(countsOf(await execute('incremental'))).toMatchObject({ read: 1, stale: 1, written: 0 });
    expect(scene.dataverse.rows.get(keyOf('a0'))).not.toHaveProperty('statecode');
  });

  it('a record that comes back while its removal is under way stays', async () => {
    scene.crm.pages.account = [recordsOf('a', 3)];
    await execute();
    scene.crm.pages.account = [[recordOf('a0', { isDeleted: true, modifiedOnMs: 2_000 })]];
    scene.crm.records.set('a0', recordOf('a0', { modifiedOnMs: 3_000 }));
    const work = aProcess();
    // Between the run's look at what waits and its hold of the record, a click reads the CRM.
    const pendingRemovals: typeof scene.store.runs.pendingRemovals = async (...asked) => {
      const ids = await scene.store.runs.pendingRemovals(...asked);
      if (ids.length > 0) {
        await click(work, 'a0');
      }
      return ids;
    };
    const run = await execute('incremental', { ...work, runs: { ...scene.store.runs, pendingRemovals } });
    expect(scene.dataverse.rows.get(keyOf('a0'))).not.toHaveProperty('statecode');
    expect(run.state).toBe('succeeded');
    expect(countsOf(run)).toMatchObject({ read: 1, stale: 1, withheld: 0 });
  });

  it('a record that is found deleted while a page with it is on its way stays removed', async () => {
    // Three pages are under way at once; the fourth is read ahead, and not held yet.
    scene.crm.pages.account = [[recordOf('a0')], [recordOf('c0')], [recordOf('d0')], [recordOf('b0')]];
    await execute();
    scene.crm.pages.account = [
      [recordOf('a0', { modifiedOnMs: 2_000, fields: { name: 'changed' } })],
      [recordOf('c0')],
      [recordOf('d0')],
      [recordOf('b0')],
    ];
    const work = aProcess();
    const pageWithIt = Promise.withResolvers<void>();
    scene.crm.beforePage = (_table, position) => {
      if (position === 3) pageWithIt.resolve();
    };
    scene.dataverse.beforeWrite = async (rows) => {
      if (rows[0]?.sourceKey !== keyOf('a0')) return;
      await pageWithIt.promise;
      await click(work, 'b0');
    };
    const run = await execute('full', work);
    expect(scene.dataverse.rows.get(keyOf('b0'))).toMatchObject({ statecode: 1 });
    expect(countsOf(run)).toMatchObject({ read: 4, written: 1, unchanged: 2, stale: 1 });
  });

  it('a process that dies between a removal and its count leaves no removal uncounted', async () => {
    scene.crm.pages.account = [recordsOf('a', 3)];
    await execute();
    scene.crm.pages.account = [[recordOf('a0', { isDeleted: true, modifiedOnMs: 2_000 })]];
    const id = await create('incremental');
    const dying = new AbortController();
    const settleRemovals: typeof scene.store.runs.settleRemovals = async (...asked) => {
      await scene.store.runs.settleRemovals(...asked);
      dying.abort();
      throw new Error('the process dies');
    };
    await expect(executeRun(id, { ...aProcess(), runs: { ...scene.store.runs, settleRemovals } }, dying.signal)).rejects.toThrow('dies');
    await executeRun(id, aProcess(), never);
    const run = await seen(id);
    expect(run.state).toBe('succeeded');
    expect(countsOf(run)).toMatchObject({ read: 1, written: 1, withheld: 0 });
  });

  it('a removal that Dataverse refuses is listed with the run, and tried by the next', async () => {
    scene.crm.pages.account = [recordsOf('a', 3)];
    await execute();
    scene.crm.pages.account = [[recordOf('a0', { isDeleted: true, modifiedOnMs: 2_000 })]];
    scene.dataverse.refused.add(keyOf('a0'));
    const run = await execute('incremental');
    expect(run.state).toBe('partial');
    expect(countsOf(run)).toMatchObject({ read: 1, failed: 1, withheld: 0 });
    expect(await scene.store.runs.failures(run.id, 10)).toMatchObject([{ recordId: 'a0' }]);
    scene.dataverse.refused.clear();
    scene.crm.pages.account = [[]];
    expect(countsOf(await execute('incremental'))).toMatchObject({ read: 1, written: 1 });
  });

  it('a run that waits for a Dataverse that is away is over at once when it is cancelled, and keeps what it recorded', async () => {
    scene.crm.pages.account = [recordsOf('a', 2), [recordOf('b0')]];
    const id = await create();
    const work = aProcess();
    const upsert: typeof scene.dataverse.upsert = async (table, rows, options) => {
      if (!rows.some(({ sourceKey }) => sourceKey === keyOf('b0'))) return scene.dataverse.upsert(table, rows, options);
      await waitFor(
        async () => countsOf(await seen(id)).read,
        (read) => read === 2,
      );
      await scene.store.runs.requestCancel(id);
      return new Promise((_resolve, reject) => options.signal.addEventListener('abort', () => reject(new Error('called off'))));
    };
    await executeRun(id, { ...work, dataverse: { ...scene.dataverse, upsert } }, never);
    const run = await seen(id);
    expect(run).toMatchObject({ state: 'cancelled', error: null });
    expect(countsOf(run)).toMatchObject({ read: 2, written: 2 });
  });

  it('a run whose process stops while it waits for Dataverse is handed back, not ended', async () => {
    scene.crm.pages.account = [recordsOf('a', 2)];
    const id = await create();
    const stopping = new AbortController();
    const upsert: typeof scene.dataverse.upsert = (_table, _rows, { signal }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(new Error('called off')));
        stopping.abort();
      });
    const work = { ...aProcess(), dataverse: { ...scene.dataverse, upsert } };
    await expect(executeRun(id, work, stopping.signal)).rejects.toThrow('called off');
    expect(await seen(id)).toMatchObject({ state: 'running' });
  });

  it('a run that hangs and is taken over by another worker counts no page twice', async () => {
    scene.crm.pages.account = [recordsOf('a', 2), [recordOf('b0')], [recordOf('c0')]];
    const id = await create();
    const hung = Promise.withResolvers<void>();
    const isHanging = Promise.withResolvers<void>();
    let isFirst = true;
    scene.dataverse.beforeWrite = async (rows) => {
      if (!isFirst || !rows.some(({ sourceKey }) => sourceKey === keyOf('b0'))) return;
      isFirst = false;
      isHanging.resolve();
      await hung.promise;
    };
    const first = executeRun(id, aProcess(), never);
    await isHanging.promise;
    await executeRun(id, aProcess(), never);
    hung.resolve();
    await expect(first).rejects.toMatchObject({ code: 'run.taken_over' });
    const run = await seen(id);
    expect(run.state).toBe('succeeded');
    expect(countsOf(run)).toMatchObject({ read: 4, written: 4 });
  });

  it('the window ends by the CRM’s clock, also in a process that has just started', async () => {
    scene.crm.checks.skewMs = -600_000;
    const startedMs = systemClock.nowMs();
    await execute('incremental');
    const watermark = await scene.store.runs.watermark(scene.source.id, 'account');
    expect(watermark?.readUpToMs).toBeLessThan(startedMs - 500_000);
  });

  it('a record that failed and is then deleted in the CRM fails no more', async () => {
    scene.dataverse.refused.add(keyOf('a0'));
    scene.crm.pages.account = [[recordOf('a0')]];
    await execute();
    scene.crm.pages.account = [[recordOf('a0', { isDeleted: true, modifiedOnMs: 2_000 })]];
    const run = await execute('incremental');
    expect(countsOf(run)).toMatchObject({ read: 1, filtered: 1 });
    expect(await scene.store.records.findFailure(scene.source.id, 'account', 'a0')).toBeNull();
  });

  it('an account that somebody deletes in Dataverse comes back with the next full run, and its contact waits for it in peace', async () => {
    const contact = (name: string, modifiedOnMs: number) => recordOf('c', { parentId: 'a0', modifiedOnMs, fields: { name } });
    scene.crm.pages = { account: [recordsOf('a', 1)], contact: [[contact('before', 1_000)]] };
    await execute();
    scene.dataverse.rows.delete(keyOf('a0'));
    scene.crm.pages = { account: [[]], contact: [[contact('after', 2_000)]] };
    scene.crm.records.set('c', contact('after', 2_000));
    expect(countsOf(await execute('incremental'))).toMatchObject({ read: 1, written: 1, failed: 0 });
    scene.crm.pages = { account: [[]], contact: [[]] };
    expect(countsOf(await execute('incremental'))).toMatchObject({ read: 0, written: 0 });
    scene.crm.pages = { account: [recordsOf('a', 1)], contact: [[contact('after', 2_000)]] };
    expect(countsOf(await execute('full'))).toMatchObject({ read: 2, written: 2, failed: 0 });
    expect(scene.dataverse.rows.get(keyOf('c'))).toMatchObject({
      'parentcustomerid_account@odata.bind': `/accounts(ccsync_sourcekey='${keyOf('a0')}')`,
    });
  });

  it('a run of accounts alone links the contacts that waited for them', async () => {
    const contact = recordOf('c', { parentId: 'a0' });
    scene.crm.pages = { account: [recordsOf('a', 1)], contact: [[contact]] };
    scene.crm.records.set('c', contact);
    await execute('full', aProcess(), ['contact']);
    expect(scene.dataverse.rows.get(keyOf('c'))).toMatchObject({ ccsync_syncstatus: 863_400_001 });
    await execute('full', aProcess(), ['account']);
    expect(scene.dataverse.rows.get(keyOf('c'))).toMatchObject({ ccsync_syncstatus: 863_400_000 });
  });

  it('while rows wait for adoption no run writes, and deliveries stay in the inbox', async () => {
    scene.crm.pages.account = [recordsOf('a', 2)];
    scene.crm.records.set('new', recordOf('new'));
    const sourceId = scene.source.id;
    await deliver(aProcess(), 'account', ['new']);
    const requireAdopted = async () => {
      throw new AppError('adoption.pending', { table: 'account', source: sourceId });
    };
    const waiting = { ...aProcess(), adoption: { requireAdopted } };
    expect(await execute('full', waiting)).toMatchObject({ state: 'failed', error: { code: 'adoption.pending' } });
    await expect(drainInbox(sourceId, waiting, never)).rejects.toMatchObject({ code: 'adoption.pending' });
    expect(scene.dataverse.rows.size).toBe(0);
    await drainInbox(sourceId, aProcess(), never);
    expect([...scene.dataverse.rows.keys()]).toEqual([keyOf('new')]);
  });

  it('a delivery whose record cannot be read does not keep the others waiting', async () => {
    scene.crm.records.set('good', recordOf('good'));
    scene.crm.records.set('bad', recordOf('bad', { fields: { name: 'unreadable' } }));
    const sourceId = scene.source.id;
    for (const id of ['bad', 'good']) await deliver(aProcess(), 'account', [id]);
    await drainInbox(sourceId, aProcess(), never);
    expect(scene.dataverse.rows.has(keyOf('good'))).toBe(true);
    expect(await scene.store.inbox.pending(sourceId, 10)).toEqual([]);
    expect(await scene.store.records.findFailure(sourceId, 'account', 'bad')).toMatchObject({ code: 'record.unreadable' });
  });
});
