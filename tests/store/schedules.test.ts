import { setTimeout as delay } from 'node:timers/promises';
import { createScheduler } from '../../api/src/runs/schedule/scheduler.ts';
import { compileSchedules } from '../../api/src/runs/schedule/schedules.ts';
import type { Schedule } from '../../api/src/runs/schedule/types.ts';
import { toRunBody } from '../../api/src/runs/run-body.ts';
import type { Store } from '../../api/src/store/types.ts';
import { type TestDatabase, databaseKinds } from '../support/databases.ts';

const minuteMs = 60_000;
const quarterly: Schedule = { mode: 'incremental', every: '15m', jitter: '0s' };
const hourly: Schedule = { mode: 'full', every: '1h', jitter: '0s', tables: ['account'] };

describe.each(databaseKinds)('schedules in $name', (kind) => {
  let database: TestDatabase;
  let store: Store;
  let sourceNumber = 0;
  let sourceId = '';
  let nowMs = 0;

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
    nowMs = Date.parse('2026-11-26T10:05:00Z');
  });

  const process = (schedules: readonly Schedule[], start: 'runs' | 'dies' | 'refuses' = 'runs') => {
    const warnings: object[] = [];
    const scheduler = createScheduler({
      schedules: compileSchedules('crm-sync.yaml', [{ sourceId, schedules }]),
      store: start === 'dies' ? { ...store.schedules, started: async () => undefined } : store.schedules,
      runs: store.runs,
      clock: { nowMs: () => nowMs },
      sleep: (_ms, signal) => delay(1, undefined, { signal }),
      log: { info: () => undefined, warn: (details) => warnings.push(details) },
      service: {
        start: async (request, requestedBy) => {
          if (start === 'refuses') throw new Error('no');
          const tables = request.tables ?? ['account', 'contact'];
          const run = { sourceId, mode: request.mode ?? 'full', isDryRun: false, tables, requestedBy };
          // What was about to start when its process died has left no run.
          if (start === 'dies') return toRunBody({ ...(await store.runs.create({ ...run, sourceId: 'lost' }, nowMs)), id: 'lost' }, nowMs);
          return toRunBody(await store.runs.create(run, nowMs), nowMs);
        },
      },
    });
    return { look: () => scheduler.look(), warnings, scheduler };
  };
  const runs = () => store.runs.list({ limit: 50, sourceId });
  const endAll = async () => {
    for (const { id } of await runs()) await store.runs.finish(id, 'succeeded', null, nowMs);
  };

  it('a new schedule begins with its next moment, and then starts one run for each', async () => {
    const { look } = process([quarterly]);
    await look();
    expect(await runs()).toEqual([]);
    nowMs += 10 * minuteMs;
    await look();
    await look();
    expect(await runs()).toEqual([expect.objectContaining({ mode: 'incremental', requestedBy: 'schedule' })]);
    await endAll();
    nowMs += 14 * minuteMs;
    await look();
    expect(await runs()).toHaveLength(1);
    nowMs += minuteMs;
    await look();
    expect(await runs()).toHaveLength(2);
  });

  it('a source has one run at a time: what becomes due meanwhile starts, once, when that has ended', async () => {
    const { look } = process([quarterly]);
    await look();
    nowMs += 15 * minuteMs;
    await look();
    nowMs += 45 * minuteMs;
    await look();
    expect(await runs()).toHaveLength(1);
    await endAll();
    await look();
    expect(await runs()).toHaveLength(2);
    await endAll();
    await look();
    expect(await runs()).toHaveLength(2);
  });

  it('what became due while nobody was there starts once, the full run first', async () => {
    await process([quarterly, hourly]).look();
    nowMs += 5 * 60 * minuteMs;
    const { look } = process([quarterly, hourly]);
    await look();
    expect(await runs()).toEqual([expect.objectContaining({ mode: 'full', tables: ['account'] })]);
    await endAll();
    await look();
    expect((await runs()).map(({ mode }) => mode)).toEqual(['incremental', 'full']);
    await endAll();
    await look();
    expect(await runs()).toHaveLength(2);
  });

  it('several processes start one run between them', async () => {
    const processes = Array.from({ length: 4 }, () => process([quarterly]));
    await processes[0]?.look();
    nowMs += 15 * minuteMs;
    await Promise.all(processes.map(({ look }) => look()));
    expect(await runs()).toHaveLength(1);
  });

  it('a moment whose process died before it started a run is taken up by another one a minute later', async () => {
    await process([quarterly]).look();
    nowMs += 10 * minuteMs;
    await process([quarterly], 'dies').look();
    nowMs += 0.9 * minuteMs;
    await process([quarterly]).look();
    expect(await runs()).toHaveLength(0);
    nowMs += 0.1 * minuteMs;
    await process([quarterly]).look();
    expect(await runs()).toHaveLength(1);
  });

  it('a run that cannot be started is told in the log and tried again', async () => {
    const refusing = process([quarterly], 'refuses');
    await refusing.look();
    nowMs += 10 * minuteMs;
    await refusing.look();
    expect(refusing.warnings).toEqual([expect.objectContaining({ sourceId, code: 'internal' })]);
    nowMs += minuteMs;
    await process([quarterly]).look();
    expect(await runs()).toHaveLength(1);
  });

  it('a schedule works by itself until it is stopped', async () => {
    const { scheduler, look } = process([quarterly]);
    await look();
    nowMs += 10 * minuteMs;
    scheduler.start();
    while ((await runs()).length === 0) await delay(5);
    await scheduler.stop();
    expect(await runs()).toHaveLength(1);
  });
});
