import { setTimeout as delay } from 'node:timers/promises';
import { executeRun } from '../../../api/src/runs/execute-run.ts';
import type { RunMode } from '../../../api/src/store/runs/types.ts';
import type { Store } from '../../../api/src/store/types.ts';
import { mendOpenWrites } from '../../../api/src/sync/mend-open-writes.ts';
import { openTableSync } from '../../../api/src/sync/open-table-sync.ts';
import { createRecordLocks } from '../../../api/src/sync/record-locks.ts';
import { createSources } from '../../../api/src/sync/sources.ts';
import { syncNamedRecords } from '../../../api/src/sync/sync-named-records.ts';
import { type TestDatabase, server, systemClock } from '../../support/databases.ts';
import { type HandMadeCrm, type HandMadeDataverse, makeCrm, makeDataverse, recordOf } from '../../support/ports.ts';
import { waitFor } from '../../support/wait-for.ts';

const never = new AbortController().signal;
const silent = { info: () => undefined, error: () => undefined, warn: () => undefined };
/** Of two stores on one database each is a process; a write is taken for abandoned as soon as this has passed. */
const timings = { refreshEveryMs: 3_600_000, abandonedAfterMs: 300 };

describe('a process that dies between a write and its record', () => {
  let database: TestDatabase;
  let first: Store;
  let second: Store;
  let crm: HandMadeCrm;
  let dataverse: HandMadeDataverse;
  let sourceNumber = 0;

  beforeAll(async () => {
    database = await server.create();
    first = await database.open({ openWriteTimings: timings });
    second = await database.open({ openWriteTimings: timings });
  });
  afterAll(async () => {
    await first.close();
    await second.close();
    await database.remove();
  });
  beforeEach(() => {
    sourceNumber += 1;
    crm = makeCrm(`killed-${sourceNumber}`, systemClock.nowMs);
    dataverse = makeDataverse();
  });

  const aProcess = (store: Store) => ({
    dataverse: { ...dataverse },
    locks: createRecordLocks(),
    clock: systemClock,
    sources: createSources([crm.source]),
    records: { ...store.records },
    runs: { ...store.runs },
    sweeps: store.sweeps,
    jobs: { send: async () => undefined },
    log: silent,
    adoption: { requireAdopted: async () => undefined },
    sleep: (ms: number, signal: AbortSignal) => delay(ms, undefined, { signal }),
  });
  type Process = ReturnType<typeof aProcess>;
  /** It hangs for ever in its commit: nothing of it happens any more. Resolves when it has come so far. */
  const killedInCommit = (process: Process): Promise<void> => {
    const { promise, resolve } = Promise.withResolvers<void>();
    process.records.commitPage = () => {
      resolve();
      return new Promise(() => undefined);
    };
    return promise;
  };
  const click = async (process: Process, id: string) => {
    const sync = await openTableSync(crm.source, 'account', process, never);
    await syncNamedRecords(sync, crm.source, [id], process, { signal: never, isDryRun: false });
  };
  const run = async (process: Process, mode: RunMode = 'incremental') => {
    const { id } = await second.runs.create({ sourceId: crm.source.id, mode, isDryRun: false, tables: ['account'], requestedBy: 'cli' }, 1);
    await executeRun(id, process, never);
    return second.runs.get(id);
  };
  const mended = (process: Process): Promise<number> =>
    waitFor(
      () => mendOpenWrites(crm.source, process, never),
      (records) => records > 0,
    );
  const changed = (name: string, modifiedOnMs: number) => recordOf('r', { modifiedOnMs, fields: { name } });
  const key = (): string => `${crm.source.id}~r`;
  const becomes = (name: string, modifiedOnMs: number): void => void crm.records.set('r', changed(name, modifiedOnMs));

  it('after another wrote something newer, does not leave the older row behind', async () => {
    becomes('older', 1_000);
    const dying = aProcess(first);
    const died = killedInCommit(dying);
    const written = Promise.withResolvers<void>();
    const upsert: typeof dataverse.upsert = (...asked) => dataverse.upsert(...asked);
    // It read the older version, and its request lands after the other's.
    dying.dataverse.upsert = async (...asked) => {
      becomes('newer', 2_000);
      await click(aProcess(second), 'r');
      written.resolve();
      return upsert(...asked);
    };
    void click(dying, 'r');
    await died;
    expect(dataverse.rows.get(key())).toMatchObject({ name: 'older' });
    await mended(aProcess(second));
    expect(dataverse.rows.get(key())).toMatchObject({ name: 'newer' });
    expect(await mendOpenWrites(crm.source, aProcess(second), never)).toBe(0);
  });

  it('and whose record is deleted meanwhile, leaves no row that nobody knows of: the next run removes it and counts it', async () => {
    becomes('made', 1_000);
    const dying = aProcess(first);
    const died = killedInCommit(dying);
    void click(dying, 'r');
    await died;
    crm.records.delete('r');
    crm.pages.account = [[recordOf('r', { isDeleted: true, modifiedOnMs: 2_000 })]];
    const done = await run(aProcess(second));
    expect(dataverse.rows.get(key())).toMatchObject({ statecode: 1 });
    expect(done?.state).toBe('succeeded');
    expect(done?.partitions[0]?.counts).toMatchObject({ read: 1, written: 1, withheld: 0 });
  });

  it('is mended before its time by no run, and its row is removed also where the deletion was read before', async () => {
    becomes('made', 1_000);
    const dying = aProcess(first);
    const died = killedInCommit(dying);
    void click(dying, 'r');
    await died;
    crm.records.delete('r');
    await mended(aProcess(second));
    // A page that says the same is no reason to forget the removal that waits.
    crm.pages.account = [[recordOf('r', { isDeleted: true, modifiedOnMs: 2_000 })]];
    await run(aProcess(second));
    expect(dataverse.rows.get(key())).toMatchObject({ statecode: 1 });
  });

  it('in a removal, of a record that came back, does not leave its row inactive', async () => {
    becomes('there', 1_000);
    await click(aProcess(second), 'r');
    const dying = aProcess(first);
    const { promise: died, resolve } = Promise.withResolvers<void>();
    dying.runs.settleRemovals = () => {
      resolve();
      return new Promise(() => undefined);
    };
    const update: typeof dataverse.update = (...asked) => dataverse.update(...asked);
    dying.dataverse.update = async (...asked) => {
      becomes('back', 3_000);
      await click(aProcess(second), 'r');
      return update(...asked);
    };
    crm.records.delete('r');
    void click(dying, 'r');
    await died;
    expect(dataverse.rows.get(key())).toMatchObject({ statecode: 1 });
    await mended(aProcess(second));
    expect(dataverse.rows.get(key())).toMatchObject({ statecode: 0, name: 'back' });
  });

  it('is no matter where it lives after all: of two that write, the newest stays', async () => {
    becomes('older', 1_000);
    const slow = aProcess(first);
    const commitPage: typeof first.records.commitPage = (commit) => first.records.commitPage(commit);
    slow.records.commitPage = async (commit) => {
      slow.records.commitPage = commitPage;
      becomes('newer', 2_000);
      await mended(aProcess(second));
      return commitPage(commit);
    };
    await click(slow, 'r');
    expect(dataverse.rows.get(key())).toMatchObject({ name: 'newer' });
  });

  it('and the deletion of a record that another is just making is not taken for one without a row', async () => {
    becomes('made', 1_000);
    const slow = aProcess(first);
    const upsert: typeof dataverse.upsert = (...asked) => dataverse.upsert(...asked);
    slow.dataverse.upsert = async (...asked) => {
      crm.records.delete('r');
      await click(aProcess(second), 'r');
      return upsert(...asked);
    };
    await click(slow, 'r');
    expect(dataverse.rows.get(key())).toMatchObject({ statecode: 1 });
  });
});
