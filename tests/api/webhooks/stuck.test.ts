import type { TableName } from '../../../api/src/crm/types.ts';
import { AppError } from '../../../api/src/errors/app-error.ts';
import { createSources } from '../../../api/src/sync/sources.ts';
import type { InboxDependencies } from '../../../api/src/webhooks/drain-inbox.ts';
import { systemClock } from '../../support/databases.ts';
import { recordOf } from '../../support/ports.ts';
import { sceneOfDeliveries } from './support/drained-deliveries.ts';

/** More than are taken at a time. */
const many = 501;

describe('deliveries that are many, or cannot be handled', () => {
  const { scene, drain, put } = sceneOfDeliveries('stuck');

  const changes = (table: TableName, recordId: string): Promise<string> => {
    scene.crm.records.set(recordId, recordOf(recordId));
    return put(table, [recordId]);
  };
  const isWritten = (recordId: string): boolean => scene.dataverse.rows.has(scene.keyOf(recordId));
  const withoutAccounts = (): Partial<InboxDependencies> => ({
    dataverse: {
      ...scene.dataverse,
      describeTable: async (table, signal) => {
        if (table === 'account') throw new AppError('dataverse.unreachable', { problem: 'away' });
        return scene.dataverse.describeTable(table, signal);
      },
    },
  });

  it('however many of one table they are, those of the other table behind them are handled', async () => {
    await Promise.all(Array.from({ length: many }, (_none, position) => changes('account', `a${position}`)));
    await changes('contact', 'c');
    await expect(drain(withoutAccounts())).rejects.toMatchObject({ code: 'dataverse.unreachable' });
    expect(isWritten('c')).toBe(true);
    expect(await scene.store.inbox.pending(scene.source.id, many + 1)).toHaveLength(many);
    expect(await drain()).toBe('done');
    expect(scene.dataverse.rows.size).toBe(many + 1);
  });

  it('one table’s trouble keeps nobody of the other from being erased', async () => {
    await changes('account', 'a');
    await changes('contact', 'c');
    await drain();
    await changes('account', 'a');
    await scene.store.erasures.add(scene.source.id, 'contact', ['c'], systemClock.nowMs());
    scene.crm.records.delete('c');
    await expect(drain(withoutAccounts())).rejects.toMatchObject({ code: 'dataverse.unreachable' });
    expect(isWritten('c')).toBe(false);
  });

  it('of a mass change are read in parts, and those that are done are settled before the next', async () => {
    // As a load of a CRM that names 200 records in each delivery.
    const [batches, each] = [30, 200];
    for (let batch = 0; batch < batches; batch += 1) {
      const recordIds = Array.from({ length: each }, (_none, position) => `m${batch}-${position}`);
      for (const id of recordIds) scene.crm.records.set(id, recordOf(id));
      await put('account', recordIds);
    }
    const reads: number[] = [];
    const waiting: number[] = [];
    const { connector } = scene.source;
    const counted = (name: TableName) => {
      const reader = connector.table(name);
      const getMany: typeof reader.getMany = async (ids, signal) => {
        reads.push(ids.length);
        waiting.push((await scene.store.inbox.pending(scene.source.id, batches)).length);
        return reader.getMany(ids, signal);
      };
      return { ...reader, getMany };
    };
    await drain({ sources: createSources([{ ...scene.source, connector: { ...connector, table: counted } }]) });
    expect(Math.max(...reads)).toBeLessThanOrEqual(1_000);
    expect(waiting.at(-1)).toBeLessThan(batches);
    expect(scene.dataverse.rows.size).toBe(batches * each);
  });

  it('as the manifest no longer has their table, they wait until it has it again', async () => {
    await changes('account', 'a');
    const waits = await changes('contact', 'c');
    const { connector } = scene.source;
    const onlyAccounts = createSources([{ ...scene.source, connector: { ...connector, tables: ['account'] } }]);
    expect(await drain({ sources: onlyAccounts })).toBe('done');
    expect([isWritten('a'), isWritten('c')]).toEqual([true, false]);
    expect(await scene.store.inbox.pending(scene.source.id, 10)).toMatchObject([{ deliveryKey: waits }]);
    await drain();
    expect(isWritten('c')).toBe(true);
  });
});
