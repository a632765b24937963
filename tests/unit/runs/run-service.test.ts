import { setTimeout as delay } from 'node:timers/promises';
import { countRemovals } from '../../../api/src/runs/settle-removals.ts';
import { createRunService } from '../../../api/src/runs/run-service.ts';
import { countsAddUp } from '../../../api/src/sync/counts.ts';
import { createSources } from '../../../api/src/sync/sources.ts';
import { makeCrm } from '../../support/ports.ts';
import fc from 'fast-check';
import type { Run, RunState, RunStore } from '../../../api/src/store/runs/types.ts';

const silent = { info: () => undefined, error: () => undefined };
const clock = { nowMs: () => 5_000 };
const emptyCounts = { read: 0, written: 0, unchanged: 0, stale: 0, filtered: 0, failed: 0, withheld: 0 };

/** Knows one run; `state` and `read` are moved by the test. */
const oneRun = () => {
  const moved: { state: RunState; read: number; error: Run['error'] } = { state: 'queued', read: 0, error: null };
  const get = async (): Promise<Run> => ({
    id: 'run-1',
    sourceId: 'northwind',
    mode: 'full',
    isDryRun: false,
    tables: ['account'],
    requestedBy: 'cli',
    state: moved.state,
    requestedOnMs: 1_000,
    startedOnMs: 3_000,
    finishedOnMs: null,
    isCancelRequested: false,
    error: moved.error,
    plannedChanges: [],
    notes: [],
    acceptsFewer: false,
    partitions: [
      {
        table: 'account',
        state: 'running',
        counts: { ...emptyCounts, read: moved.read, written: moved.read },
        expectedRecords: null,
        cursor: null,
        windowFromMs: null,
        windowToMs: null,
        turn: 1,
        part: 0,
        slice: null,
        isHeld: true,
        isEnded: false,
      },
    ],
  });
  const runs: Pick<RunStore, 'create' | 'get' | 'finish'> = {
    create: get,
    get,
    finish: async (_runId, state, error) => void Object.assign(moved, { state, error }),
  };
  return { moved, runs };
};

const open = (send: () => Promise<void>) => {
  const { moved, runs } = oneRun();
  const refused = async (): Promise<never> => {
    throw new Error('not asked for here');
  };
  const store: RunStore = {
    ...runs,
    list: async () => [],
    start: refused,
    planTable: refused,
    startPartition: refused,
    leavePartition: refused,
    readAllInstead: refused,
    endTable: refused,
    addNote: refused,
    pause: refused,
    resume: refused,
    shares: refused,
    addCounts: refused,
    savePlannedChanges: refused,
    requestCancel: refused,
    failures: async () => [],
    watermark: refused,
    saveWatermark: refused,
    arrivedChildren: refused,
    linkedCount: refused,
    pendingRemovals: refused,
    pendingRemovalCount: refused,
    stillPendingRemovals: refused,
    settleRemovals: refused,
    forgetRemovals: refused,
    childrenOfRemoved: refused,
    verify: {
      part: refused,
      save: refused,
      absentKeys: refused,
      openItems: refused,
      settledItems: refused,
      itemsInOrder: refused,
      samples: refused,
      tally: refused,
      saveStatement: refused,
      statement: refused,
      clearFinished: refused,
    },
  };
  const jobs = { start: refused, send, work: refused, stop: refused };
  const sources = createSources([makeCrm('northwind', clock.nowMs).source]);
  return {
    moved,
    service: createRunService({ sources, runs: store, jobs, clock, log: silent, sleep: (_ms, signal) => delay(1, undefined, { signal }) }),
  };
};

describe('the service of runs', () => {
  it('leaves no run behind when its job could not be sent: it must not start by itself after a restart', async () => {
    const { moved, service } = open(async () => {
      throw new Error('the queue is away');
    });
    await expect(service.start({ sourceId: 'northwind' }, 'cli')).rejects.toThrow('the queue is away');
    expect(moved).toMatchObject({ state: 'failed', error: { code: 'run.interrupted' } });
  });

  it('tells a watcher only what is new, and ends with the run', async () => {
    const { moved, service } = open(async () => undefined);
    const seen: [RunState, number][] = [];
    for await (const run of service.watch('run-1', new AbortController().signal)) {
      seen.push([run.state, run.counts.read]);
      if (run.state === 'queued') Object.assign(moved, { state: 'running', read: 10 });
      else moved.state = 'succeeded';
    }
    expect(seen).toEqual([
      ['queued', 0],
      ['running', 10],
      ['succeeded', 10],
    ]);
  });

  it('stops watching without an error when the watcher goes away', async () => {
    const { service } = open(async () => undefined);
    const leaving = new AbortController();
    for await (const _run of service.watch('run-1', leaving.signal)) leaving.abort();
  });

  it('counts the speed of a run that still works up to now', async () => {
    const { moved, service } = open(async () => undefined);
    Object.assign(moved, { state: 'running', read: 100 });
    expect((await service.get('run-1')).run.recordsPerSecond).toBe(50);
  });
});

describe('a run that is over', () => {
  it('does not show the table that it was reading as running', async () => {
    const { moved, service } = open(async () => undefined);
    const partStates = async () => (await service.get('run-1')).run.parts.map(({ state }) => state);
    moved.state = 'running';
    expect(await partStates()).toEqual(['running']);
    moved.state = 'cancelled';
    expect(await partStates()).toEqual(['stopped']);
  });
});

describe('removals that are carried out', () => {
  it('leave the equation whole and no count below 0, whoever had withheld them', () =>
    fc.assert(
      fc.property(fc.nat(50), fc.nat(50), fc.nat(5), fc.nat(120), (written, missing, failed, withheldHere) => {
        const failures = Array.from({ length: failed }, (_, index) => ({
          table: 'account' as const,
          recordId: `${index}`,
          code: '',
          failureClass: 'data' as const,
          reason: '',
        }));
        const counts = countRemovals({ written, missing, failures }, withheldHere);
        expect(countsAddUp(counts)).toBe(true);
        expect(withheldHere + counts.withheld).toBeGreaterThanOrEqual(0);
        expect(counts.read).toBeGreaterThanOrEqual(0);
      }),
    ));
});
