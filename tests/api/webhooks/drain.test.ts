import type { TableName } from '../../../api/src/crm/types.ts';
import { AppError } from '../../../api/src/errors/app-error.ts';
import { systemClock } from '../../support/databases.ts';
import { recordOf } from '../../support/ports.ts';
import { sceneOfDeliveries } from './support/drained-deliveries.ts';

describe('the drain of the inbox', () => {
  const { scene, work, drain, put } = sceneOfDeliveries('drained');
  const { keyOf } = scene;
  let reads: string[][];
  let writes: string[][];

  beforeEach(() => {
    reads = [];
    writes = [];
    scene.dataverse.beforeWrite = (rows) => void writes.push(rows.map(({ sourceKey }) => sourceKey));
    const { connector } = scene.crm.source;
    const table = (name: TableName) => {
      const reader = connector.table(name);
      const seen = (ids: readonly string[]) => void reads.push([...ids]);
      return {
        ...reader,
        getOne: (id: string, signal: AbortSignal) => (seen([id]), reader.getOne(id, signal)),
        getMany: (ids: readonly string[], signal: AbortSignal) => (seen(ids), reader.getMany(ids, signal)),
      };
    };
    scene.source = { ...scene.source, connector: { ...connector, table } };
  });

  const stored = async (deliveryKey: string) =>
    (await scene.store.deliveries.list(scene.source.id, { beforeId: null, limit: 500 })).find((one) => one.deliveryKey === deliveryKey);

  it('says of each delivery what became of the records that it names', async () => {
    for (const id of ['new', 'same', 'refused']) scene.crm.records.set(id, recordOf(id));
    scene.dataverse.refused.add(keyOf('refused'));
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
      scene.crm.records.set('busy', recordOf('busy', { modifiedOnMs: 1_001 + told, fields: { name: `change ${told + 1}` } }));
      await put('account', ['busy']);
      told += 1;
      // As the queue does it: one at a time, and another one when something came meanwhile.
      if (draining === null) drains.push((draining = drain(dependencies).finally(() => (draining = null))));
    }
    await Promise.all(drains);
    await drain(dependencies);
    expect(scene.dataverse.rows.get(keyOf('busy'))).toMatchObject({ name: 'change 1000' });
    expect(reads.length).toBeLessThan(25);
    expect(writes.length).toBeLessThan(25);
    expect(await scene.store.inbox.pending(scene.source.id, 1)).toEqual([]);
  });

  it('a source that is told of changes without an end gives its worker back now and then, and loses nothing by it', async () => {
    for (let count = 1; count <= 501; count += 1) {
      scene.crm.records.set(`r${count}`, recordOf(`r${count}`));
      await put('account', [`r${count}`]);
    }
    expect(await drain({}, 1)).toBe('more');
    expect(await scene.store.inbox.pending(scene.source.id, 10)).toHaveLength(1);
    expect(await drain({}, 2)).toBe('done');
    expect(await scene.store.inbox.pending(scene.source.id, 1)).toEqual([]);
    expect(scene.dataverse.rows.size).toBe(501);
  });

  it('what one table cannot do does not keep the other table’s deliveries waiting, and the reason stands with those that wait', async () => {
    scene.crm.records.set('a', recordOf('a'));
    scene.crm.records.set('c', recordOf('c'));
    const waits = await put('account', ['a']);
    const goes = await put('contact', ['c']);
    const describeTable: typeof scene.dataverse.describeTable = async (table, signal) => {
      if (table === 'account') throw new AppError('dataverse.unreachable', { problem: 'away' });
      return scene.dataverse.describeTable(table, signal);
    };
    await expect(drain({ dataverse: { ...scene.dataverse, describeTable } })).rejects.toMatchObject({
      code: 'dataverse.unreachable',
    });
    expect(await stored(waits)).toMatchObject({ doneOnMs: null, problem: 'dataverse.unreachable' });
    expect(await stored(goes)).toMatchObject({ outcome: { written: 1 } });
    await drain();
    expect(await stored(waits)).toMatchObject({ outcome: { written: 1 }, problem: null });
  });

  it('a record that the CRM refuses to show is a failed record, and its delivery is done', async () => {
    const { connector } = scene.source;
    const refuse = async () => {
      throw new AppError('crm.refused', { source: scene.source.id, problem: 'HTTP 400' });
    };
    scene.source = {
      ...scene.source,
      connector: { ...connector, table: (name) => ({ ...connector.table(name), getOne: refuse, getMany: refuse }) },
    };
    const delivery = await put('contact', ['odd id']);
    await drain();
    expect(await stored(delivery)).toMatchObject({ outcome: { failed: 1 } });
    expect(await scene.store.records.findFailure(scene.source.id, 'contact', 'odd id')).toMatchObject({
      code: 'crm.refused',
      failureClass: 'crm',
    });
  });

  it('a merge moves the children of the record that went to the one that stayed', async () => {
    for (const id of ['loser', 'winner']) scene.crm.records.set(id, recordOf(id));
    scene.crm.records.set('child', recordOf('child', { parentId: 'loser' }));
    await put('account', ['loser', 'winner']);
    await put('contact', ['child']);
    await drain();
    expect(scene.dataverse.rows.get(keyOf('child'))).toMatchObject({
      'parentcustomerid_account@odata.bind': `/accounts(ccsync_sourcekey='${keyOf('loser')}')`,
    });
    // The CRM does not count it as a change of the child, and says nothing of it.
    scene.crm.records.delete('loser');
    scene.crm.records.set('child', recordOf('child', { parentId: 'winner' }));
    const merge = await put('account', ['loser', 'winner'], 'merge');
    await drain();
    expect(await stored(merge)).toMatchObject({ outcome: { removed: 1, unchanged: 1 } });
    expect(scene.dataverse.rows.get(keyOf('loser'))).toMatchObject({ statecode: 1 });
    expect(scene.dataverse.rows.get(keyOf('child'))).toMatchObject({
      'parentcustomerid_account@odata.bind': `/accounts(ccsync_sourcekey='${keyOf('winner')}')`,
    });
  });

  it('a merge whose process died after the removal still moves the children when it is repeated', async () => {
    for (const id of ['loser', 'winner']) scene.crm.records.set(id, recordOf(id));
    scene.crm.records.set('child', recordOf('child', { parentId: 'loser' }));
    await put('account', ['loser', 'winner']);
    await put('contact', ['child']);
    await drain();
    scene.crm.records.delete('loser');
    scene.crm.records.set('child', recordOf('child', { parentId: 'winner' }));
    await put('account', ['loser', 'winner'], 'merge');
    const dying = { ...scene.store.runs, childrenOfRemoved: () => Promise.reject(new Error('the process dies')) };
    await expect(drain({ runs: dying })).rejects.toThrow('dies');
    expect(scene.dataverse.rows.get(keyOf('loser'))).toMatchObject({ statecode: 1 });
    await drain();
    expect(scene.dataverse.rows.get(keyOf('child'))).toMatchObject({
      'parentcustomerid_account@odata.bind': `/accounts(ccsync_sourcekey='${keyOf('winner')}')`,
    });
  });

  it('a contact that moved to another account is bound to it, though the CRM says no newer version', async () => {
    for (const id of ['one', 'other']) scene.crm.records.set(id, recordOf(id));
    scene.crm.records.set('child', recordOf('child', { parentId: 'one' }));
    await put('account', ['one', 'other']);
    await put('contact', ['child']);
    await drain();
    scene.crm.records.set('child', recordOf('child', { parentId: 'other' }));
    await put('contact', ['child'], 'relink');
    await drain();
    expect(scene.dataverse.rows.get(keyOf('child'))).toMatchObject({
      'parentcustomerid_account@odata.bind': `/accounts(ccsync_sourcekey='${keyOf('other')}')`,
    });
  });

  describe('a privacy deletion', () => {
    const written = async () => {
      scene.crm.records.set('person', recordOf('person'));
      await put('contact', ['person']);
      await drain();
      scene.crm.records.delete('person');
    };
    const known = async () => [
      (await scene.store.records.findLinks(scene.source.id, 'contact', ['person'])).size,
      await scene.store.records.findFailure(scene.source.id, 'contact', 'person'),
      await scene.store.erasures.waiting(scene.source.id),
    ];

    it('deletes the row, though others are only deactivated, and forgets what was known of the record', async () => {
      await written();
      scene.dataverse.refused.add(keyOf('person'));
      const erase = await put('contact', ['person'], 'erase');
      await drain();
      expect(await stored(erase)).toMatchObject({ outcome: { failed: 1 } });
      scene.dataverse.refused.clear();
      const later = { clock: { nowMs: () => systemClock.nowMs() + 3_600_000 } };
      await drain(later);
      expect(scene.dataverse.rows.has(keyOf('person'))).toBe(false);
      expect(await known()).toEqual([0, null, 0]);
    });

    it('deletes a row that was deactivated before it came', async () => {
      await written();
      await put('contact', ['person'], 'delete');
      await drain();
      expect(scene.dataverse.rows.get(keyOf('person'))).toMatchObject({ statecode: 1 });
      await put('contact', ['person'], 'erase');
      await drain();
      expect(scene.dataverse.rows.has(keyOf('person'))).toBe(false);
    });

    it('empties the row where the source says so: nothing of the person stays', async () => {
      scene.source = { ...scene.source, writing: { erased: 'empty' } };
      await written();
      await put('contact', ['person'], 'erase');
      await drain();
      expect(scene.dataverse.rows.get(keyOf('person'))).toMatchObject({ name: null, ccsync_sourcecrmurl: null, statecode: 1 });
      expect(await known()).toEqual([0, null, 0]);
    });

    it('waits for another process that is just writing the record, as its row would come after the deletion', async () => {
      await written();
      const other = await scene.database.open();
      const write = await other.records.beginWrite(scene.source.id, 'contact', ['person']);
      const erase = await put('contact', ['person'], 'erase');
      await drain();
      expect(await stored(erase)).toMatchObject({ outcome: { waitsForErasure: 1 } });
      await other.records.closeWrite(write);
      await other.close();
      await drain({ clock: { nowMs: () => systemClock.nowMs() + 60_000 } });
      expect(scene.dataverse.rows.has(keyOf('person'))).toBe(false);
    });

    it('waits while the CRM still has the record, and is carried out when it no longer has', async () => {
      await written();
      scene.crm.records.set('person', recordOf('person'));
      const erase = await put('contact', ['person'], 'erase');
      await drain();
      expect(await stored(erase)).toMatchObject({ outcome: { waitsForErasure: 1 } });
      expect(scene.dataverse.rows.get(keyOf('person'))).not.toHaveProperty('statecode');
      scene.crm.records.delete('person');
      await drain({ clock: { nowMs: () => systemClock.nowMs() + 60_000 } });
      expect(scene.dataverse.rows.has(keyOf('person'))).toBe(false);
    });
  });
});
