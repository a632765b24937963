import { randomBytes } from 'node:crypto';
import type { TableName } from '../../../api/src/crm/types.ts';
import type { WebhookAction } from '../../../api/src/crm/webhook/types.ts';
import { AppError } from '../../../api/src/errors/app-error.ts';
import type { Store } from '../../../api/src/store/types.ts';
import { createRecordLocks } from '../../../api/src/sync/record-locks.ts';
import { createSources } from '../../../api/src/sync/sources.ts';
import { drainInbox, type InboxDependencies } from '../../../api/src/webhooks/drain-inbox.ts';
import { server, systemClock, type TestDatabase } from '../../support/databases.ts';
import { type HandMadeCrm, type HandMadeDataverse, makeCrm, makeDataverse, recordOf } from '../../support/ports.ts';

const never = new AbortController().signal;
/** More than are taken at a time. */
const many = 501;

describe('deliveries that are many, or cannot be handled', () => {
  let database: TestDatabase;
  let store: Store;
  let crm: HandMadeCrm;
  let dataverse: HandMadeDataverse;
  let sources = 0;

  beforeAll(async () => {
    database = await server.create();
    store = await database.open({ sealKeys: [randomBytes(32)] });
  });
  afterAll(async () => {
    await store.close();
    await database.remove();
  });
  beforeEach(() => {
    sources += 1;
    crm = makeCrm(`stuck-${sources}`, systemClock.nowMs);
    dataverse = makeDataverse();
  });

  const drain = (changes: Partial<InboxDependencies> = {}, tables: readonly TableName[] = crm.source.connector.tables) => {
    const { connector } = crm.source;
    const dependencies: InboxDependencies = {
      dataverse,
      locks: createRecordLocks(),
      clock: systemClock,
      sources: createSources([{ ...crm.source, connector: { ...connector, tables } }]),
      records: store.records,
      runs: store.runs,
      inbox: store.inbox,
      erasures: store.erasures,
      adoption: { requireAdopted: async () => undefined },
      sleep: async () => undefined,
      ...changes,
    };
    return drainInbox(crm.source.id, dependencies, never);
  };
  const put = (deliveryKey: string, table: TableName, recordId: string, action: WebhookAction = 'upsert') => {
    crm.records.set(recordId, recordOf(recordId));
    const events = [{ table, recordIds: [recordId], action }];
    return store.inbox.put({ deliveryKey, sourceId: crm.source.id, receivedOnMs: systemClock.nowMs(), events });
  };
  const isWritten = (recordId: string): boolean => dataverse.rows.has(`${crm.source.id}~${recordId}`);
  const withoutAccounts = (): Partial<InboxDependencies> => ({
    dataverse: {
      ...dataverse,
      describeTable: async (table, signal) => {
        if (table === 'account') throw new AppError('dataverse.unreachable', { problem: 'away' });
        return dataverse.describeTable(table, signal);
      },
    },
  });

  it('however many of one table they are, those of the other table behind them are handled', async () => {
    await Promise.all(Array.from({ length: many }, (_none, position) => put(`a${position}`, 'account', `a${position}`)));
    await put('c', 'contact', 'c');
    await expect(drain(withoutAccounts())).rejects.toMatchObject({ code: 'dataverse.unreachable' });
    expect(isWritten('c')).toBe(true);
    expect(await store.inbox.pending(crm.source.id, many + 1)).toHaveLength(many);
    expect(await drain()).toBe('done');
    expect(dataverse.rows.size).toBe(many + 1);
  });

  it('one table’s trouble keeps nobody of the other from being erased', async () => {
    await put('a', 'account', 'a');
    await put('c', 'contact', 'c');
    await drain();
    await put('again', 'account', 'a');
    await store.erasures.add(crm.source.id, 'contact', ['c'], systemClock.nowMs());
    crm.records.delete('c');
    await expect(drain(withoutAccounts())).rejects.toMatchObject({ code: 'dataverse.unreachable' });
    expect(isWritten('c')).toBe(false);
  });

  it('of a mass change are read in parts, and those that are done are settled before the next', async () => {
    // As a load of a CRM that names 200 records in each delivery.
    const [batches, each] = [30, 200];
    for (let batch = 0; batch < batches; batch += 1) {
      const recordIds = Array.from({ length: each }, (_none, position) => `m${batch}-${position}`);
      for (const id of recordIds) crm.records.set(id, recordOf(id));
      const events = [{ table: 'account' as const, recordIds, action: 'upsert' as const }];
      await store.inbox.put({ deliveryKey: `m${batch}`, sourceId: crm.source.id, receivedOnMs: systemClock.nowMs(), events });
    }
    const reads: number[] = [];
    const waiting: number[] = [];
    const { connector } = crm.source;
    const counted = (name: TableName) => {
      const reader = connector.table(name);
      const getMany: typeof reader.getMany = async (ids, signal) => {
        reads.push(ids.length);
        waiting.push((await store.inbox.pending(crm.source.id, batches)).length);
        return reader.getMany(ids, signal);
      };
      return { ...reader, getMany };
    };
    await drain({ sources: createSources([{ ...crm.source, connector: { ...connector, table: counted } }]) });
    expect(Math.max(...reads)).toBeLessThanOrEqual(1_000);
    expect(waiting.at(-1)).toBeLessThan(batches);
    expect(dataverse.rows.size).toBe(batches * each);
  });

  it('as the manifest no longer has their table, they wait until it has it again', async () => {
    await put('a', 'account', 'a');
    await put('c', 'contact', 'c');
    expect(await drain({}, ['account'])).toBe('done');
    expect([isWritten('a'), isWritten('c')]).toEqual([true, false]);
    expect(await store.inbox.pending(crm.source.id, 10)).toMatchObject([{ deliveryKey: 'c' }]);
    await drain();
    expect(isWritten('c')).toBe(true);
  });
});
