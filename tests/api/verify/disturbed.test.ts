import { setTimeout as delay } from 'node:timers/promises';
import type { VerifyStatementBody } from '../../../api/src/contract/statement.ts';
import type { SourceRecord } from '../../../api/src/crm/types.ts';
import { openDataverse } from '../../../api/src/dataverse/open-dataverse.ts';
import type { Dataverse } from '../../../api/src/dataverse/types.ts';
import { executeRun } from '../../../api/src/runs/execute-run.ts';
import type { Run, RunMode, RunStore } from '../../../api/src/store/runs/types.ts';
import type { Store } from '../../../api/src/store/types.ts';
import type { Source } from '../../../api/src/sync/types.ts';
import { addCounts, countsAddUp, noCounts } from '../../../api/src/sync/counts.ts';
import { createRecordLocks } from '../../../api/src/sync/record-locks.ts';
import { createSources } from '../../../api/src/sync/sources.ts';
import { startTestDataverse, type TestDataverse } from '../../sandbox/dataverse/dataverse-client.ts';
import { type TestDatabase, server, systemClock } from '../../support/databases.ts';
import { type HandMadeCrm, makeCrm, recordOf } from '../../support/ports.ts';

const never = new AbortController().signal;
const silent = { info: () => undefined, error: () => undefined };
const table = 'account';

/** What a statement says, but for what is another at every run. */
const saidBy = ({ runId: _runId, startedOn: _startedOn, finishedOn: _finishedOn, tables, ...rest }: VerifyStatementBody) => ({
  ...rest,
  tables: tables.map(({ asOf: _asOf, ...said }) => said),
});

describe('a verification that is disturbed', () => {
  let database: TestDatabase;
  let store: Store;
  let environment: TestDataverse;
  let dataverse: Dataverse;
  let crm: HandMadeCrm;
  let sourceNumber = 0;

  beforeAll(async () => {
    [database, environment] = await Promise.all([server.create(), startTestDataverse()]);
    store = await database.open();
    const credential = { getToken: async () => 'application', invalidate: () => undefined };
    dataverse = openDataverse({ url: environment.url, users: [{ clientId: 'application', credential }], clock: systemClock });
  });
  afterAll(async () => {
    await dataverse.close();
    await environment.close();
    await store.close();
    await database.remove();
  });
  beforeEach(() => {
    sourceNumber += 1;
    crm = makeCrm(`source-${sourceNumber}`, systemClock.nowMs);
  });
  afterEach(() => environment.reset());

  /** Accounts alone: the hand-made mapping has no column for people. */
  const sourceOf = ({ source }: HandMadeCrm): Source => ({ ...source, connector: { ...source.connector, tables: [table] } });

  const dependencies = (more: { readonly runs?: RunStore; readonly dataverse?: Dataverse } = {}) => ({
    dataverse,
    locks: createRecordLocks(),
    clock: systemClock,
    sources: createSources([sourceOf(crm)]),
    records: store.records,
    runs: store.runs,
    sweeps: store.sweeps,
    jobs: { send: async () => undefined },
    log: silent,
    adoption: { requireAdopted: async () => undefined },
    sleep: (_ms: number, signal: AbortSignal) => delay(5, undefined, { signal }),
    ...more,
  });
  const create = async (mode: RunMode, repairs = false): Promise<string> =>
    (await store.runs.create({ sourceId: crm.source.id, mode, isDryRun: false, tables: [table], requestedBy: 'cli', repairs }, 1)).id;
  const seen = async (runId: string): Promise<Run> => {
    const run = await store.runs.get(runId);
    if (run === null) throw new Error('the run is gone');
    for (const { counts } of run.partitions) expect(countsAddUp(counts)).toBe(true);
    return run;
  };
  const statementOf = async (runId: string): Promise<VerifyStatementBody> =>
    (await store.runs.verify.statement(runId)) as VerifyStatementBody;
  const verify = async (repairs = false, work = dependencies()): Promise<VerifyStatementBody> => {
    const id = await create('verify', repairs);
    await executeRun(id, work, never);
    expect((await seen(id)).error).toBeNull();
    return statementOf(id);
  };
  const found = ({ tables }: VerifyStatementBody) =>
    Object.fromEntries(
      tables
        .flatMap(({ classes }) => classes.map(({ verdict, found: count }) => [verdict, count] as const))
        .filter(([, count]) => count > 0),
    );

  const key = (id: string) => `${crm.source.id}~${id}`;
  const address = (id: string) => `accounts(ccsync_sourcekey='${key(id)}')`;
  const put = (...records: readonly SourceRecord[]): void => {
    for (const record of records) crm.records.set(record.id, record);
    const all = [...crm.records.values()].filter(({ isDeleted }) => !isDeleted);
    crm.pages.account = Array.from({ length: Math.ceil(all.length / 3) }, (_, page) => all.slice(page * 3, page * 3 + 3));
  };
  const remove = (id: string): void => {
    crm.records.delete(id);
    put();
  };
  const changed = (id: string, name: string, modifiedOnMs = 2_000) => recordOf(id, { modifiedOnMs, fields: { name } });
  const synced = async (count: number): Promise<void> => {
    put(...Array.from({ length: count }, (_, index) => recordOf(`a${String(index).padStart(2, '0')}`)));
    await executeRun(await create('full'), dependencies(), never);
  };
  /** One of each kind among a00 … a07. */
  const seed = async (): Promise<void> => {
    await synced(8);
    await environment.delete(address('a00'));
    put(changed('a01', 'newer'));
    await environment.patch(address('a02'), { name: 'by hand' });
    remove('a03');
    await environment.create('accounts', { name: 'double', ccsync_sourcecrm: 'Hand-made', ccsync_sourcecrmid: 'a04' });
  };
  /** Everything that a save does, but at the `deadly` one: there the process dies, before or after it is durable. */
  const dyingStore = (deadly: number, isDurable: boolean, dying: AbortController): RunStore => {
    let saves = 0;
    const save: RunStore['verify']['save'] = async (step) => {
      saves += 1;
      if (saves === deadly && !isDurable) {
        dying.abort();
        throw new Error('the process dies');
      }
      await store.runs.verify.save(step);
      if (saves === deadly) {
        dying.abort();
        throw new Error('the process dies');
      }
    };
    return { ...store.runs, verify: { ...store.runs.verify, save } };
  };

  it('and killed at any step, before or after the step is durable, ends with the very statement of one that was left alone', async () => {
    await seed();
    const undisturbed = saidBy(await verify());
    expect(undisturbed.agrees).toBe(false);
    let kills = 0;
    for (let deadly = 1, isOver = false; !isOver; deadly += 1) {
      for (const isDurable of [false, true]) {
        const id = await create('verify');
        const dying = new AbortController();
        const tried = executeRun(id, dependencies({ runs: dyingStore(deadly, isDurable, dying) }), dying.signal);
        isOver = await tried.then(
          () => true,
          () => false,
        );
        if (isOver) break;
        kills += 1;
        expect((await seen(id)).state).toBe('running');
        await executeRun(id, dependencies(), never);
        expect(saidBy(await statementOf(id))).toEqual(undisturbed);
      }
    }
    expect(kills).toBeGreaterThan(12);
  });

  it('and killed at any step of a repair, leaves nothing unrepaired', async () => {
    for (const deadly of [9, 10, 11, 12, 13]) {
      await seed();
      const id = await create('verify', true);
      const dying = new AbortController();
      await expect(executeRun(id, dependencies({ runs: dyingStore(deadly, deadly % 2 === 0, dying) }), dying.signal)).rejects.toThrow(
        'dies',
      );
      await executeRun(id, dependencies(), never);
      const statement = await statementOf(id);
      expect(statement.agrees).toBe(true);
      expect(found(statement)).toMatchObject({ missing: 1, stale: 1, edited: 1, orphaned: 1, doubled: 1 });
      expect((await verify()).agrees).toBe(true);
      environment.reset();
      sourceNumber += 1;
      crm = makeCrm(`source-${sourceNumber}`, systemClock.nowMs);
    }
  });

  it('by a record that changes in the CRM while it walks, does not report it', async () => {
    await synced(9);
    // The list has given it already.
    crm.beforePage = (_table, position) => {
      if (position === 2) put(changed('a00', 'changed meanwhile', systemClock.nowMs() + 5_000));
    };
    const later = changed('a08', 'changed before its page', systemClock.nowMs() + 5_000);
    put(later);
    const statement = await verify();
    expect(found(statement)).toEqual({ same: 8, changed: 1 });
    expect(statement.agrees).toBe(true);
    expect(statement.crm.digest).toBe(statement.dataverse.digest);
  });

  it('by a record that changes while it walks in a CRM that knows no versions, does not report it', async () => {
    await synced(3);
    const first = crm.records.get('a00');
    put(...[...crm.records.values()].map((record) => ({ ...record, modifiedOnMs: null })));
    const rows: Dataverse = {
      ...dataverse,
      readRowPages: (...asked) => {
        put(recordOf('a00', { modifiedOnMs: null, fields: { name: 'changed meanwhile' } }));
        return dataverse.readRowPages(...asked);
      },
    };
    put(recordOf('a00', { modifiedOnMs: null, fields: { name: 'changed before' } }));
    expect(first).toBeDefined();
    expect(found(await verify(false, dependencies({ dataverse: rows })))).toEqual({ same: 2, changed: 1 });
  });

  it('by records that come and go while it walks, calls no row orphaned and none missing', async () => {
    await synced(6);
    const rows: Dataverse = {
      ...dataverse,
      readRowPages: (...asked) => {
        // A webhook has brought a new one, and one is deleted.
        remove('a05');
        return dataverse.readRowPages(...asked);
      },
    };
    await environment.patch(address('new'), { name: 'new', ccsync_sourcecrmid: 'new' });
    crm.records.set('new', recordOf('new'));
    await environment.patch(address('a05'), { name: 'differs, so that it is looked at again' });
    const statement = await verify(true, dependencies({ dataverse: rows }));
    expect(found(statement)).toEqual({ same: 6, changed: 1 });
    expect((await environment.get(`${address('a05')}?$select=statecode`)).json).toMatchObject({ statecode: 0 });
  });

  it('by a CRM that answers its list with nothing and status 200, takes nothing away', async () => {
    await synced(12);
    crm.pages.account = [[]];
    const statement = await verify(true);
    expect(found(statement)).toEqual({ same: 12 });
    expect((await environment.get('accounts?$filter=statecode eq 1')).rows).toEqual([]);
  });

  it('by a CRM that shows an older version than was written, says so and writes nothing over the newer', async () => {
    await synced(3);
    put(changed('a00', 'newest', 5_000));
    await executeRun(await create('full'), dependencies(), never);
    put(changed('a00', 'from a backup', 3_000));
    const statement = await verify(true);
    expect(found(statement)).toEqual({ same: 2, olderInCrm: 1 });
    expect(statement.agrees).toBe(false);
    expect((await environment.get(`${address('a00')}?$select=name`)).json).toMatchObject({ name: 'newest' });
  });

  it('by the loss of the store, still tells stale from edited, by what the rows themselves say', async () => {
    await synced(4);
    await environment.patch(address('a00'), { name: 'by hand' });
    put(changed('a01', 'newer'));
    await store.records.forgetLinks(crm.source.id, table, ['a00', 'a01', 'a02', 'a03']);
    expect(found(await verify(true))).toEqual({ same: 2, stale: 1, edited: 1 });
    expect((await verify()).agrees).toBe(true);
  });

  it('by a person who cancels it, ends as cancelled, has no statement and keeps nothing behind', async () => {
    await seed();
    const id = await create('verify');
    const save: RunStore['verify']['save'] = async (step) => {
      await store.runs.verify.save(step);
      await store.runs.requestCancel(id);
    };
    crm.beforePage = async (_table, position) => {
      if (position < 2) return;
      // Until the run has seen the request.
      while (!seenCancel.signal.aborted) await delay(20);
    };
    const seenCancel = new AbortController();
    const get: RunStore['get'] = async (runId) => {
      const run = await store.runs.get(runId);
      if (run?.isCancelRequested === true) setImmediate(() => seenCancel.abort());
      return run;
    };
    await executeRun(id, dependencies({ runs: { ...store.runs, get, verify: { ...store.runs.verify, save } } }), never);
    expect((await seen(id)).state).toBe('cancelled');
    expect(await store.runs.verify.statement(id)).toBeNull();
    expect(await store.runs.verify.itemsInOrder({ runId: id, table }, '', 10)).toEqual([]);
  });

  it('by another worker that takes it over, lets the first get no further', async () => {
    await seed();
    const id = await create('verify');
    const isHanging = Promise.withResolvers<void>();
    const hung = Promise.withResolvers<void>();
    let isFirst = true;
    crm.beforePage = async (_table, position) => {
      if (position !== 2 || !isFirst) return;
      isFirst = false;
      isHanging.resolve();
      await hung.promise;
    };
    const first = executeRun(id, dependencies(), never);
    await isHanging.promise;
    await executeRun(id, dependencies(), never);
    hung.resolve();
    await expect(first).rejects.toMatchObject({ code: 'run.taken_over' });
    const statement = await statementOf(id);
    expect(found(statement)).toMatchObject({ same: 4, missing: 1, stale: 1, edited: 1, orphaned: 1, doubled: 1 });
    expect((await seen(id)).partitions.map(({ counts }) => counts).reduce(addCounts, noCounts).read).toBe(7);
  });
});
