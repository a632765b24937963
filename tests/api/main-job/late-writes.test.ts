import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { SourceRecord, TableName, TableReader } from '../../../api/src/crm/types.ts';
import type { WebhookAction } from '../../../api/src/crm/webhook/types.ts';
import { executeRun } from '../../../api/src/runs/execute-run.ts';
import type { Store } from '../../../api/src/store/types.ts';
import { mendOpenWrites } from '../../../api/src/sync/mend-open-writes.ts';
import { openTableSync } from '../../../api/src/sync/open-table-sync.ts';
import { createRecordLocks } from '../../../api/src/sync/record-locks.ts';
import { createSources } from '../../../api/src/sync/sources.ts';
import { syncNamedRecords } from '../../../api/src/sync/sync-named-records.ts';
import type { Source } from '../../../api/src/sync/types.ts';
import { drainInbox } from '../../../api/src/webhooks/drain-inbox.ts';
import { type TestDatabase, server, systemClock } from '../../support/databases.ts';
import { type HandMadeCrm, type HandMadeDataverse, makeCrm, makeDataverse, recordOf } from '../../support/ports.ts';
import { waitFor } from '../../support/wait-for.ts';

const never = new AbortController().signal;
const silent = { info: () => undefined, error: () => undefined, warn: () => undefined };
const recordId = 'r';
const dayMs = 24 * 3_600_000;

/** How the record stood before the late one read it. */
const histories = ['was never synced', 'was synced and has changed', 'was removed and is back'] as const;
/** Who has read the record, and is late with writing it. */
const lateDoors = ['click', 'webhook', 'run', 'mender'] as const;
/** How far it has come when it falls asleep: the CRM has answered; the links are read; the row is about to be sent. */
const moments = ['has read the record', 'has looked at its link', 'is about to write'] as const;
/** By whom the other process learns meanwhile that the record is gone. */
const news = ['run', 'click', 'webhook', 'privacy deletion'] as const;

type History = (typeof histories)[number];
type LateDoor = (typeof lateDoors)[number];
type Moment = (typeof moments)[number];
type News = (typeof news)[number];

const cases = lateDoors.flatMap((late) =>
  // One run of a source at a time.
  news.filter((one) => late !== 'run' || one !== 'run').flatMap((one) => moments.map((moment) => ({ late, moment, news: one }))),
);

/** Whoever passes it first waits there; all others go on. */
const createGate = () => {
  const arrived = Promise.withResolvers<void>();
  const opened = Promise.withResolvers<void>();
  let isPassed = false;
  return {
    arrived: arrived.promise,
    open: () => opened.resolve(),
    async pass(): Promise<void> {
      if (isPassed) return;
      isPassed = true;
      arrived.resolve();
      await opened.promise;
    },
  };
};
type Gate = ReturnType<typeof createGate>;

describe('a record that is deleted in the CRM while one process', () => {
  let database: TestDatabase;
  let stores: readonly [Store, Store];
  let crm: HandMadeCrm;
  let dataverse: HandMadeDataverse;
  let number = 0;

  beforeAll(async () => {
    database = await server.create();
    const options = { sealKeys: [randomBytes(32)], openWriteTimings: { refreshEveryMs: 3_600_000, abandonedAfterMs: 50 } };
    stores = [await database.open(options), await database.open(options)];
  });
  afterAll(async () => {
    for (const store of stores) await store.close();
    await database.remove();
  });

  /** Falls asleep at its gate when it comes to that moment. */
  const aProcess = (store: Store, asleep: { readonly at: Moment; readonly gate: Gate } | null = null, aheadMs = 0) => {
    const pauseAt = async <Result>(moment: Moment, result: Promise<Result>): Promise<Result> => {
      const value = await result;
      if (asleep?.at === moment) await asleep.gate.pass();
      return value;
    };
    const { connector } = crm.source;
    const readerOf = (table: TableName): TableReader => {
      const reader = connector.table(table);
      return {
        ...reader,
        getOne: (id, signal) => pauseAt('has read the record', reader.getOne(id, signal)),
        getMany: (ids, signal) => pauseAt('has read the record', reader.getMany(ids, signal)),
        // An incremental run that is the source's first reads all.
        async *listAll(...asked) {
          for await (const page of reader.listAll(...asked)) yield await pauseAt('has read the record', Promise.resolve(page));
        },
        async *listChanges(...asked) {
          for await (const page of reader.listChanges(...asked)) yield await pauseAt('has read the record', Promise.resolve(page));
        },
      };
    };
    const source: Source = { ...crm.source, connector: { ...connector, table: readerOf } };
    const upsert: typeof dataverse.upsert = async (...asked) => {
      await pauseAt('is about to write', Promise.resolve());
      return dataverse.upsert(...asked);
    };
    return {
      source,
      dataverse: { ...dataverse, upsert },
      locks: createRecordLocks(),
      clock: { nowMs: () => systemClock.nowMs() + aheadMs },
      sources: createSources([source]),
      records: {
        ...store.records,
        findLinks: (...asked: Parameters<typeof store.records.findLinks>) =>
          pauseAt('has looked at its link', store.records.findLinks(...asked)),
        findUnsettled: (...asked: Parameters<typeof store.records.findUnsettled>) =>
          pauseAt('has looked at its link', store.records.findUnsettled(...asked)),
      },
      runs: store.runs,
      sweeps: store.sweeps,
      inbox: store.inbox,
      erasures: store.erasures,
      jobs: { send: async () => undefined },
      log: silent,
      adoption: { requireAdopted: async () => undefined },
      sleep: (ms: number, signal: AbortSignal) => delay(ms, undefined, { signal }),
    };
  };
  type Process = ReturnType<typeof aProcess>;

  const click = async (process: Process): Promise<void> => {
    const sync = await openTableSync(process.source, 'account', process, never);
    await syncNamedRecords(sync, process.source, [recordId], process, { signal: never, isDryRun: false });
  };
  let deliveries = 0;
  const webhook = async (process: Process, action: WebhookAction): Promise<void> => {
    deliveries += 1;
    const events = [{ table: 'account', recordIds: [recordId], action }] as const;
    await process.inbox.put({ deliveryKey: `d${deliveries}`, sourceId: crm.source.id, receivedOnMs: systemClock.nowMs(), events });
    await drainInbox(crm.source.id, process, never);
  };
  const run = async (process: Process, page: readonly SourceRecord[]): Promise<void> => {
    crm.pages.account = [page];
    const asked = { sourceId: crm.source.id, mode: 'incremental', isDryRun: false, tables: ['account'], requestedBy: 'cli' } as const;
    const { id } = await process.runs.create(asked, 1);
    await executeRun(id, process, never);
  };
  /** What a process that died left noted is read again by this one. */
  const mend = async (process: Process): Promise<void> => {
    await stores[1].records.beginWrite(crm.source.id, 'account', [recordId]).then((write) => write.leave());
    await waitFor(
      () => mendOpenWrites(process.source, process, never),
      (records) => records > 0,
    );
  };
  const enter: Readonly<Record<LateDoor, (process: Process) => Promise<void>>> = {
    click,
    webhook: (process) => webhook(process, 'upsert'),
    run: (process) => run(process, [...crm.records.values()]),
    mender: mend,
  };

  const version = (name: string, modifiedOnMs: number): SourceRecord => recordOf(recordId, { modifiedOnMs, fields: { name } });
  const tombstone = recordOf(recordId, { modifiedOnMs: 4_000, isDeleted: true });
  const hear: Readonly<Record<News, (process: Process) => Promise<void>>> = {
    run: (process) => run(process, [tombstone]),
    click,
    webhook: (process) => webhook(process, 'delete'),
    'privacy deletion': (process) => webhook(process, 'erase'),
  };

  const bringAbout = async (history: History): Promise<void> => {
    const peace = aProcess(stores[0]);
    if (history !== 'was never synced') {
      crm.records.set(recordId, version('first', 1_000));
      await click(peace);
    }
    if (history === 'was removed and is back') {
      crm.records.delete(recordId);
      await click(peace);
      expect(dataverse.rows.get(key())).toMatchObject({ statecode: 1 });
    }
    crm.records.set(recordId, version('second', 3_000));
  };
  const key = (): string => `${crm.source.id}~${recordId}`;

  it.each(cases)('$late $moment, and the other hears of it by a $news, leaves no row behind', async ({ late, moment, news: told }) => {
    for (const history of histories) {
      number += 1;
      crm = makeCrm(`late-${number}`, systemClock.nowMs);
      dataverse = makeDataverse();
      await bringAbout(history);

      const gate = createGate();
      const entered = enter[late](aProcess(stores[0], { at: moment, gate }));
      const isOver = entered.then(() => 'over');
      expect(await Promise.race([gate.arrived.then(() => moment), isOver])).toBe(moment);
      crm.records.delete(recordId);
      // By an event of this process the next one has another time than it.
      await delay(2);
      await hear[told](aProcess(stores[1]));
      gate.open();
      await entered;

      // What the mender found gone waits for the next run, and an erasure that could not be made for its next time.
      await run(aProcess(stores[1]), []);
      await drainInbox(crm.source.id, aProcess(stores[1], null, dayMs), never);
      const row = dataverse.rows.get(key());
      const isThere = row !== undefined && (told === 'privacy deletion' || row['statecode'] !== 1);
      expect({ history, isThere }).toEqual({ history, isThere: false });
      expect(await stores[0].erasures.waiting(crm.source.id)).toBe(0);
      expect(await mendOpenWrites(crm.source, aProcess(stores[0]), never)).toBe(0);
    }
  });
});
