import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '../../../api/src/errors/app-error.ts';
import { createRunService } from '../../../api/src/runs/run-service.ts';
import { takeUpOpenWork } from '../../../api/src/runs/take-up-work.ts';
import type { Run } from '../../../api/src/store/runs/types.ts';
import { createSources } from '../../../api/src/sync/sources.ts';
import { type HandMadeQueue, doJob, drainQueue, makeQueue } from '../../support/hand-made-queue.ts';
import { handMadeScene } from '../../support/hand-made-scene.ts';
import { recordsOf } from '../../support/ports.ts';
import { waitFor } from '../../support/wait-for.ts';
import { attentiveProcess, countsOf, seenRun } from './support/runs.ts';

const never = new AbortController().signal;

describe('a run that several workers share', () => {
  const scene = handMadeScene('shared');
  let queue: HandMadeQueue;
  beforeEach(() => {
    queue = makeQueue();
  });

  /** One process: locks of its own, the same store. */
  const aProcess = () => ({ ...attentiveProcess(scene), jobs: queue });
  const service = () => createRunService(aProcess());
  const start = async (): Promise<string> => (await service().start({ sourceId: scene.source.id, mode: 'full' }, 'cli')).id;
  const seen = (runId: string): Promise<Run> => seenRun(scene.store.runs, runId);
  const takeOrFail = () => {
    const job = queue.take();
    if (job === undefined) throw new Error('no job waits');
    return job;
  };
  /** Up to where the parts wait for workers. */
  const startedRun = async (): Promise<string> => {
    const id = await start();
    await doJob(takeOrFail(), aProcess(), never);
    return id;
  };

  it('every record is read once, parents before children, whoever takes which part', async () => {
    scene.crm.slices.account = [[recordsOf('a', 3), recordsOf('b', 2)], [recordsOf('c', 4)], [recordsOf('d', 1)]];
    scene.crm.slices.contact = [[recordsOf('x', 2, { parentId: 'a0' })], [recordsOf('y', 2, { parentId: 'd0' })]];
    const order: string[] = [];
    scene.dataverse.beforeWrite = (rows) => void order.push(...rows.map(({ sourceKey }) => sourceKey.split('~')[1]?.[0] ?? ''));
    const id = await start();
    const [first, second] = [aProcess(), aProcess()];
    const work = async (one: typeof first): Promise<void> => {
      for (;;) {
        const taken = queue.takeAlone();
        if (taken !== undefined) await doJob(taken.job, one, never).finally(taken.done);
        else if ((await seen(id)).state !== 'running') return;
        else await delay(2);
      }
    };
    await Promise.all([work(first), work(second)]);
    const run = await seen(id);
    expect(run.state).toBe('succeeded');
    expect(countsOf(run, 'account')).toMatchObject({ read: 10, written: 10 });
    expect(countsOf(run, 'contact')).toMatchObject({ read: 4, written: 4 });
    expect(order.findIndex((name) => 'xy'.includes(name))).toBe(10);
    expect(await scene.store.runs.watermark(scene.source.id, 'account')).toMatchObject({ fullRecords: 10 });
    expect(scene.dataverse.rows.size).toBe(14);
  });

  it('a part whose worker dies goes on at its checkpoint, and no page is counted twice', async () => {
    scene.crm.slices.account = [[recordsOf('a', 2), recordsOf('b', 2), recordsOf('c', 2)], [recordsOf('d', 2)]];
    const id = await startedRun();
    const job = takeOrFail();
    const dying = new AbortController();
    scene.crm.beforePage = (_table, position, slice) => {
      if (slice !== 0 || position !== 2) return;
      dying.abort();
      throw new Error('the process dies');
    };
    await expect(doJob(job, aProcess(), dying.signal)).rejects.toThrow('dies');
    expect(countsOf(await seen(id))).toMatchObject({ read: 4 });
    scene.crm.beforePage = (_table, position, slice) => {
      if (slice === 0) expect(position).toBe(2);
    };
    await doJob(job, aProcess(), never);
    await drainQueue(queue, aProcess(), never);
    const run = await seen(id);
    expect(run.state).toBe('succeeded');
    expect(countsOf(run)).toMatchObject({ read: 8, written: 8 });
  });

  it('a worker that dies right after the last part leaves no run behind that nobody ends', async () => {
    scene.crm.slices.account = [[recordsOf('a', 1)], [recordsOf('b', 1)]];
    const id = await startedRun();
    await doJob(takeOrFail(), aProcess(), never);
    const last = takeOrFail();
    const dead = { ...aProcess(), jobs: { send: async () => Promise.reject(new Error('the process dies')) } };
    await expect(doJob(last, dead, never)).rejects.toThrow('dies');
    expect(queue.waiting).toEqual([]);
    // Its job comes back, as the queue notices.
    await doJob(last, aProcess(), never);
    await drainQueue(queue, aProcess(), never);
    expect(await seen(id)).toMatchObject({ state: 'succeeded' });
  });

  it('what follows a table’s last page is done once, also when the worker dies in the middle of it', async () => {
    scene.crm.slices.account = [[recordsOf('a', 30)], [recordsOf('b', 2)]];
    await startedRun();
    await drainQueue(queue, aProcess(), never);
    const gone = recordsOf('a', 2, { isDeleted: true, modifiedOnMs: 2_000 });
    scene.crm.slices.account = [[gone], [recordsOf('b', 2), recordsOf('a', 30).slice(2)]];
    const id = await startedRun();
    await doJob(takeOrFail(), aProcess(), never);
    await doJob(takeOrFail(), aProcess(), never);
    const ending = takeOrFail();
    const dying = new AbortController();
    const endTable: typeof scene.store.runs.endTable = async () => {
      dying.abort();
      throw new Error('the process dies');
    };
    const work = aProcess();
    await expect(doJob(ending, { ...work, runs: { ...scene.store.runs, endTable } }, dying.signal)).rejects.toThrow('dies');
    await doJob(ending, aProcess(), never);
    await drainQueue(queue, aProcess(), never);
    const run = await seen(id);
    expect(run.state).toBe('succeeded');
    expect(countsOf(run)).toMatchObject({ read: 32, written: 2, unchanged: 30, withheld: 0 });
  });

  it('a part that fails ends the run, and what others still write of it is not counted any more', async () => {
    scene.crm.slices.account = [[recordsOf('a', 1), recordsOf('b', 1)], [recordsOf('c', 1)]];
    const id = await startedRun();
    const [slow, failing] = [takeOrFail(), takeOrFail()];
    const isAtIt = Promise.withResolvers<void>();
    const goOn = Promise.withResolvers<void>();
    scene.dataverse.beforeWrite = async (rows) => {
      if (!rows.some(({ sourceKey }) => sourceKey.endsWith('~b0'))) return;
      isAtIt.resolve();
      await goOn.promise;
    };
    const other = doJob(slow, aProcess(), never);
    await isAtIt.promise;
    scene.crm.beforePage = (_table, _position, slice) => {
      if (slice === 1) throw new AppError('crm.refused', { source: scene.source.id, what: 'the list', status: 400 });
    };
    await doJob(failing, aProcess(), never);
    const counted = countsOf(await seen(id));
    goOn.resolve();
    await other.catch(() => undefined);
    expect(await seen(id)).toMatchObject({ state: 'failed', error: { code: 'crm.refused' } });
    expect(countsOf(await seen(id))).toEqual(counted);
  });

  it('a run that is cancelled ends when the last of its workers has recorded its page', async () => {
    scene.crm.slices.account = [
      [recordsOf('a', 1), recordsOf('b', 1)],
      [recordsOf('c', 1), recordsOf('d', 1)],
    ];
    const id = await startedRun();
    const goOn = Promise.withResolvers<void>();
    let arrived = 0;
    scene.crm.beforePage = async (_table, position) => {
      if (position !== 1) return;
      arrived += 1;
      await goOn.promise;
    };
    const workers = [takeOrFail(), takeOrFail()].map((job) => doJob(job, aProcess(), never));
    await waitFor(
      async () => [arrived, countsOf(await seen(id)).read],
      ([atIt, read]) => atIt === 2 && read === 2,
    );
    await service().cancel(id);
    await Promise.all(workers);
    goOn.resolve();
    expect(await seen(id)).toMatchObject({ state: 'cancelled', error: null });
    expect(countsOf(await seen(id))).toMatchObject({ read: 2, written: 2 });
  });

  it('a run that is paused keeps what is done, is taken up by no restart, and goes on from there when it is resumed', async () => {
    scene.crm.slices.account = [[recordsOf('a', 1), recordsOf('b', 1)], [recordsOf('c', 1)]];
    const id = await startedRun();
    const asked: number[] = [];
    scene.crm.beforePage = async (_table, position, slice) => {
      asked.push((slice ?? 0) * 10 + position);
      if (position === 1) await service().pause(id);
    };
    await doJob(takeOrFail(), aProcess(), never);
    const paused = await waitFor(
      () => seen(id),
      ({ partitions }) => partitions.every(({ isHeld }) => !isHeld),
    );
    expect(paused).toMatchObject({ state: 'paused', error: null });
    // The other part is not begun, and a restart calls for nobody.
    await drainQueue(queue, aProcess(), never);
    await takeUpOpenWork({ runs: scene.store.runs, jobs: queue, sources: createSources([]) });
    expect(queue.waiting.filter(({ data }) => data['runId'] === id)).toEqual([]);
    expect(asked).toEqual([0, 1]);
    scene.crm.beforePage = () => undefined;
    await service().resume(id);
    await drainQueue(queue, aProcess(), never);
    const run = await seen(id);
    expect(run.state).toBe('succeeded');
    expect(countsOf(run)).toMatchObject({ read: 3, written: 3 });
  });

  it('a run of a single part is paused and resumed all the same', async () => {
    scene.crm.pages.account = [
      recordsOf('a', 1),
      recordsOf('b', 1),
      recordsOf('c', 1),
      recordsOf('d', 1),
      recordsOf('e', 1),
      recordsOf('f', 1),
    ];
    const id = await start();
    const goOn = Promise.withResolvers<void>();
    scene.crm.beforePage = async (table, position) => {
      if (table === 'account' && position === 5) await goOn.promise;
    };
    const working = doJob(takeOrFail(), aProcess(), never);
    await waitFor(
      async () => countsOf(await seen(id)).read,
      (read) => read > 0,
    );
    await service().pause(id);
    await working;
    goOn.resolve();
    expect(await seen(id)).toMatchObject({ state: 'paused' });
    await service().resume(id);
    await drainQueue(queue, aProcess(), never);
    expect(await seen(id)).toMatchObject({ state: 'succeeded' });
    expect(countsOf(await seen(id))).toMatchObject({ read: 6, written: 6 });
  });

  it('a paused run that is cancelled is over at once; one that is over can be neither paused nor resumed', async () => {
    const id = await start();
    expect(await service().pause(id)).toMatchObject({ state: 'paused' });
    expect(await service().pause(id)).toMatchObject({ state: 'paused' });
    expect(await service().cancel(id)).toMatchObject({ state: 'cancelled' });
    await expect(service().pause(id)).rejects.toMatchObject({ code: 'run.not_pausable' });
    await expect(service().resume(id)).rejects.toMatchObject({ code: 'run.not_paused' });
  });

  it('a source has one run at a time; the next one begins when it is over', async () => {
    scene.crm.slices.account = [[recordsOf('a', 1)], [recordsOf('b', 1)]];
    const first = await startedRun();
    const second = await start();
    const call = queue.waiting.findIndex(({ data }) => data['runId'] === second);
    const [job] = queue.waiting.splice(call, 1);
    await doJob(job?.data ?? {}, aProcess(), never);
    expect(await seen(second)).toMatchObject({ state: 'queued' });
    await drainQueue(queue, aProcess(), never);
    expect([(await seen(first)).state, (await seen(second)).state]).toEqual(['succeeded', 'succeeded']);
  });

  it('a run that a worker leaves to make room for another source is taken up again', async () => {
    scene.crm.slices.account = [[recordsOf('a', 1), recordsOf('b', 1), recordsOf('c', 1)], [recordsOf('d', 1)]];
    const id = await startedRun();
    const crowded = [
      { sourceId: scene.source.id, workers: 2, isWaiting: true },
      { sourceId: 'another', workers: 0, isWaiting: true },
    ];
    const goOn = Promise.withResolvers<void>();
    scene.crm.beforePage = async (_table, position) => {
      if (position === 2) await goOn.promise;
    };
    const work = aProcess();
    const left = doJob(takeOrFail(), { ...work, runs: { ...scene.store.runs, shares: async () => crowded } }, never);
    await left;
    goOn.resolve();
    expect(await seen(id)).toMatchObject({ state: 'running' });
    await drainQueue(queue, aProcess(), never);
    expect(await seen(id)).toMatchObject({ state: 'succeeded' });
    expect(countsOf(await seen(id))).toMatchObject({ read: 4, written: 4 });
  });

  it('a run that reads far fewer records than the last is not believed: it removes nothing, moves no watermark, and says why', async () => {
    scene.crm.slices.account = [[recordsOf('a', 30)], [recordsOf('b', 10)]];
    await start();
    await drainQueue(queue, aProcess(), never);
    const before = await scene.store.runs.watermark(scene.source.id, 'account');
    scene.crm.slices.account = [[recordsOf('a', 1, { isDeleted: true, modifiedOnMs: 2_000 })], [recordsOf('b', 2)]];
    const id = await start();
    await drainQueue(queue, aProcess(), never);
    const run = await seen(id);
    expect(run).toMatchObject({ state: 'suspicious', notes: [{ table: 'account', code: 'run.read_far_fewer' }] });
    expect(await scene.store.runs.watermark(scene.source.id, 'account')).toEqual(before);
    expect(scene.dataverse.rows.get(scene.keyOf('a0'))).not.toHaveProperty('statecode');
    const accepted = await service().start({ sourceId: scene.source.id, mode: 'full', acceptsFewer: true }, 'cli');
    await drainQueue(queue, aProcess(), never);
    expect(await seen(accepted.id)).toMatchObject({ state: 'succeeded', notes: [] });
    expect(await scene.store.runs.watermark(scene.source.id, 'account')).toMatchObject({ fullRecords: 3 });
    expect(scene.dataverse.rows.get(scene.keyOf('a0'))).toMatchObject({ statecode: 1 });
  });
});
