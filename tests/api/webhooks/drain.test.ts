import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { TableName } from '../../../api/src/crm/types.ts';
import type { WebhookAction } from '../../../api/src/crm/webhook/types.ts';
import { AppError } from '../../../api/src/errors/app-error.ts';
import type { NewDelivery } from '../../../api/src/store/inbox/types.ts';
import type { Store } from '../../../api/src/store/types.ts';
import { createRecordLocks } from '../../../api/src/sync/record-locks.ts';
import { createSources } from '../../../api/src/sync/sources.ts';
import type { Source } from '../../../api/src/sync/types.ts';
import { drainInbox, type InboxDependencies } from '../../../api/src/webhooks/drain-inbox.ts';
import { type TestDatabase, server, systemClock } from '../../support/databases.ts';
import { type HandMadeCrm, type HandMadeDataverse, makeCrm, makeDataverse, recordOf } from '../../support/ports.ts';

const never = new AbortController().signal;

describe('the drain of the inbox', () => {
  let database: TestDatabase;
  let store: Store;
  let crm: HandMadeCrm;
  let dataverse: HandMadeDataverse;
  let source: Source;
  let number = 0;
  let reads: string[][];
  let writes: string[][];

  beforeAll(async () => {
    database = await server.create();
    store = await database.open({ sealKeys: [randomBytes(32)] });
  });
  afterAll(async () => {
    await store.close();
    await database.remove();
  });
  beforeEach(() => {
    number += 1;
    crm = makeCrm(`source-${number}`, systemClock.nowMs);
    source = crm.source;
    dataverse = makeDataverse();
    reads = [];
    writes = [];
    dataverse.beforeWrite = (rows) => void writes.push(rows.map(({ sourceKey }) => sourceKey));
    const { connector } = crm.source;
    const table = (name: TableName) => {
      const reader = connector.table(name);
      const seen = (ids: readonly string[]) => void reads.push([...ids]);
      return {
        ...reader,
        getOne: (id: string, signal: AbortSignal) => (seen([id]), reader.getOne(id, signal)),
        getMany: (ids: readonly string[], signal: AbortSignal) => (seen(ids), reader.getMany(ids, signal)),
      };
    };
    source = { ...crm.source, connector: { ...connector, table } };
  });

  const work = (): InboxDependencies => ({
    dataverse,
    locks: createRecordLocks(),
    clock: systemClock,
    sources: createSources([source]),
    records: store.records,
    runs: store.runs,
    inbox: store.inbox,
    erasures: store.erasures,
    adoption: { requireAdopted: async () => undefined },
    sleep: (ms: number, signal: AbortSignal) => delay(ms, undefined, { signal }),
  });
  const drain = (dependencies = work()) => drainInbox(source.id, dependencies, never);
  const drainTurn = (batches: number) => drainInbox(source.id, work(), never, batches);
  const key = (id: string) => `${source.id}~${id}`;

  let deliveries = 0;
  const put = async (table: TableName, recordIds: readonly string[], action: WebhookAction = 'upsert', more: Partial<NewDelivery> = {}) => {
    deliveries += 1;
    const deliveryKey = `d${deliveries}`;
    await store.inbox.put({
      deliveryKey,
      sourceId: source.id,
      receivedOnMs: systemClock.nowMs(),
      events: [{ table, recordIds, action }],
      ...more,
    });
    return deliveryKey;
  };
  const stored = async (deliveryKey: string) =>
    (await store.deliveries.list(source.id, { beforeId: null, limit: 500 })).find((one) => one.deliveryKey === deliveryKey);

  it('says of each delivery what became of the records that it names', async () => {
    for (const id of ['new', 'same', 'refused']) crm.records.set(id, recordOf(id));
    dataverse.refused.add(key('refused'));
    await put('account', ['same']);
    await drain();
    const both = await put('account', ['new', 'same', 'refused']);
    const gone = await put('account', ['never-there'], 'delete');
    await drain();
    expect(await stored(both)).toMatchObject({ outcome: { written: 1, unchanged: 1, failed: 1 }, problem: null });
    expect(await stored(gone)).toMatchObject({ outcome: { filtered: 1 } });
    expect((await stored(both))?.doneOnMs).toBeGreaterThan(0);
  });

  it('a thousand changes of one record in a second are a few reads and a few writes, and the newest state', async () => {
    const changes = 1_000;
    let told = 0;
    /** Who lets deliveries gather sees the next hundreds of them. */
    const gathering = new Map<number, PromiseWithResolvers<void>>();
    const dependencies = {
      ...work(),
      sleep: async () => {
        const until = Math.min(changes, (Math.floor(told / 250) + 1) * 250);
        if (told < until) await (gathering.get(until) ?? gathering.set(until, Promise.withResolvers()).get(until))?.promise;
      },
    };
    let draining: Promise<unknown> | null = null;
    const drains: Promise<unknown>[] = [];
    for (; told < changes; gathering.get(told)?.resolve()) {
      crm.records.set('busy', recordOf('busy', { modifiedOnMs: 1_001 + told, fields: { name: `change ${told + 1}` } }));
      await put('account', ['busy']);
      told += 1;
      // As the queue does it: one at a time, and another one when something came meanwhile.
      if (draining === null) drains.push((draining = drain(dependencies).finally(() => (draining = null))));
    }
    await Promise.all(drains);
    await drain(dependencies);
    expect(dataverse.rows.get(key('busy'))).toMatchObject({ name: 'change 1000' });
    expect(reads.length).toBeLessThan(25);
    expect(writes.length).toBeLessThan(25);
    expect(await store.inbox.pending(source.id, 1)).toEqual([]);
  });

  it('a source that is told of changes without an end gives its worker back now and then, and loses nothing by it', async () => {
    for (let count = 1; count <= 501; count += 1) {
      crm.records.set(`r${count}`, recordOf(`r${count}`));
      await put('account', [`r${count}`]);
    }
    expect(await drainTurn(1)).toBe('more');
    expect(await store.inbox.pending(source.id, 10)).toHaveLength(1);
    expect(await drainTurn(2)).toBe('done');
    expect(await store.inbox.pending(source.id, 1)).toEqual([]);
    expect(dataverse.rows.size).toBe(501);
  });

  it('what one table cannot do does not keep the other table’s deliveries waiting, and the reason stands with those that wait', async () => {
    crm.records.set('a', recordOf('a'));
    crm.records.set('c', recordOf('c'));
    const waits = await put('account', ['a']);
    const goes = await put('contact', ['c']);
    const dependencies = work();
    const describeTable: typeof dataverse.describeTable = async (table, signal) => {
      if (table === 'account') throw new AppError('dataverse.unreachable', { problem: 'away' });
      return dataverse.describeTable(table, signal);
    };
    await expect(drain({ ...dependencies, dataverse: { ...dataverse, describeTable } })).rejects.toMatchObject({
      code: 'dataverse.unreachable',
    });
    expect(await stored(waits)).toMatchObject({ doneOnMs: null, problem: 'dataverse.unreachable' });
    expect(await stored(goes)).toMatchObject({ outcome: { written: 1 } });
    await drain();
    expect(await stored(waits)).toMatchObject({ outcome: { written: 1 }, problem: null });
  });

  it('a record that the CRM refuses to show is a failed record, and its delivery is done', async () => {
    const { connector } = source;
    const refuse = async () => {
      throw new AppError('crm.refused', { source: source.id, problem: 'HTTP 400' });
    };
    source = { ...source, connector: { ...connector, table: (name) => ({ ...connector.table(name), getOne: refuse, getMany: refuse }) } };
    const delivery = await put('contact', ['odd id']);
    await drain();
    expect(await stored(delivery)).toMatchObject({ outcome: { failed: 1 } });
    expect(await store.records.findFailure(source.id, 'contact', 'odd id')).toMatchObject({ code: 'crm.refused', failureClass: 'crm' });
  });

  it('a merge moves the children of the record that went to the one that stayed', async () => {
    for (const id of ['loser', 'winner']) crm.records.set(id, recordOf(id));
    crm.records.set('child', recordOf('child', { parentId: 'loser' }));
    await put('account', ['loser', 'winner']);
    await put('contact', ['child']);
    await drain();
    expect(dataverse.rows.get(key('child'))).toMatchObject({
      'parentcustomerid_account@odata.bind': `/accounts(ccsync_sourcekey='${key('loser')}')`,
    });
    // The CRM does not count it as a change of the child, and says nothing of it.
    crm.records.delete('loser');
    crm.records.set('child', recordOf('child', { parentId: 'winner' }));
    const merge = await put('account', ['loser', 'winner'], 'merge');
    await drain();
    expect(await stored(merge)).toMatchObject({ outcome: { removed: 1, unchanged: 1 } });
    expect(dataverse.rows.get(key('loser'))).toMatchObject({ statecode: 1 });
    expect(dataverse.rows.get(key('child'))).toMatchObject({
      'parentcustomerid_account@odata.bind': `/accounts(ccsync_sourcekey='${key('winner')}')`,
    });
  });

  it('a merge whose process died after the removal still moves the children when it is repeated', async () => {
    for (const id of ['loser', 'winner']) crm.records.set(id, recordOf(id));
    crm.records.set('child', recordOf('child', { parentId: 'loser' }));
    await put('account', ['loser', 'winner']);
    await put('contact', ['child']);
    await drain();
    crm.records.delete('loser');
    crm.records.set('child', recordOf('child', { parentId: 'winner' }));
    await put('account', ['loser', 'winner'], 'merge');
    const dying = { ...work().runs, childrenOfRemoved: () => Promise.reject(new Error('the process dies')) };
    await expect(drain({ ...work(), runs: dying })).rejects.toThrow('dies');
    expect(dataverse.rows.get(key('loser'))).toMatchObject({ statecode: 1 });
    await drain();
    expect(dataverse.rows.get(key('child'))).toMatchObject({
      'parentcustomerid_account@odata.bind': `/accounts(ccsync_sourcekey='${key('winner')}')`,
    });
  });

  it('a contact that moved to another account is bound to it, though the CRM says no newer version', async () => {
    for (const id of ['one', 'other']) crm.records.set(id, recordOf(id));
    crm.records.set('child', recordOf('child', { parentId: 'one' }));
    await put('account', ['one', 'other']);
    await put('contact', ['child']);
    await drain();
    crm.records.set('child', recordOf('child', { parentId: 'other' }));
    await put('contact', ['child'], 'relink');
    await drain();
    expect(dataverse.rows.get(key('child'))).toMatchObject({
      'parentcustomerid_account@odata.bind': `/accounts(ccsync_sourcekey='${key('other')}')`,
    });
  });

  describe('a privacy deletion', () => {
    const written = async () => {
      crm.records.set('person', recordOf('person'));
      await put('contact', ['person']);
      await drain();
      crm.records.delete('person');
    };
    const known = async () => [
      (await store.records.findLinks(source.id, 'contact', ['person'])).size,
      await store.records.findFailure(source.id, 'contact', 'person'),
      await store.erasures.waiting(source.id),
    ];

    it('deletes the row, though others are only deactivated, and forgets what was known of the record', async () => {
      await written();
      dataverse.refused.add(key('person'));
      const erase = await put('contact', ['person'], 'erase');
      await drain();
      expect(await stored(erase)).toMatchObject({ outcome: { failed: 1 } });
      dataverse.refused.clear();
      const later = { ...work(), clock: { nowMs: () => systemClock.nowMs() + 3_600_000 } };
      await drain(later);
      expect(dataverse.rows.has(key('person'))).toBe(false);
      expect(await known()).toEqual([0, null, 0]);
    });

    it('deletes a row that was deactivated before it came', async () => {
      await written();
      await put('contact', ['person'], 'delete');
      await drain();
      expect(dataverse.rows.get(key('person'))).toMatchObject({ statecode: 1 });
      await put('contact', ['person'], 'erase');
      await drain();
      expect(dataverse.rows.has(key('person'))).toBe(false);
    });

    it('empties the row where the source says so: nothing of the person stays', async () => {
      source = { ...source, writing: { erased: 'empty' } };
      await written();
      await put('contact', ['person'], 'erase');
      await drain();
      expect(dataverse.rows.get(key('person'))).toMatchObject({ name: null, ccsync_sourcecrmurl: null, statecode: 1 });
      expect(await known()).toEqual([0, null, 0]);
    });

    it('waits for another process that is just writing the record, as its row would come after the deletion', async () => {
      await written();
      const other = await database.open();
      const write = await other.records.beginWrite(source.id, 'contact', ['person']);
      const erase = await put('contact', ['person'], 'erase');
      await drain();
      expect(await stored(erase)).toMatchObject({ outcome: { waitsForErasure: 1 } });
      await other.records.closeWrite(write);
      await other.close();
      await drain({ ...work(), clock: { nowMs: () => systemClock.nowMs() + 60_000 } });
      expect(dataverse.rows.has(key('person'))).toBe(false);
    });

    it('waits while the CRM still has the record, and is carried out when it no longer has', async () => {
      await written();
      crm.records.set('person', recordOf('person'));
      const erase = await put('contact', ['person'], 'erase');
      await drain();
      expect(await stored(erase)).toMatchObject({ outcome: { waitsForErasure: 1 } });
      expect(dataverse.rows.get(key('person'))).not.toHaveProperty('statecode');
      crm.records.delete('person');
      await drain({ ...work(), clock: { nowMs: () => systemClock.nowMs() + 60_000 } });
      expect(dataverse.rows.has(key('person'))).toBe(false);
    });
  });
});
