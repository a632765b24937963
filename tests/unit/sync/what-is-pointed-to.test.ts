import type { ColumnRule } from '../../../api/src/crm/value/types.ts';
import type { TableDescription } from '../../../api/src/dataverse/types.ts';
import type { Counts } from '../../../api/src/store/records/types.ts';
import { addCounts, noCounts } from '../../../api/src/sync/counts.ts';
import { openTableSync } from '../../../api/src/sync/open-table-sync.ts';
import { createRecordLocks } from '../../../api/src/sync/record-locks.ts';
import { syncRecords } from '../../../api/src/sync/sync-records.ts';
import { describeByHand, makeCrm, makeDataverse, makeRecordStore, recordOf } from '../../support/ports.ts';

const never = new AbortController().signal;
const clock = { nowMs: () => 1_000 };
const bind = 'transactioncurrencyid@odata.bind';

const withCurrency: TableDescription = {
  ...describeByHand('contact'),
  columns: new Map([
    ...describeByHand('contact').columns,
    [
      'transactioncurrencyid',
      {
        logicalName: 'transactioncurrencyid',
        type: 'Lookup',
        maxLength: null,
        displayName: 'Currency',
        isValidForCreate: true,
        isValidForUpdate: true,
        targets: [{ table: 'currency', navigationProperty: 'transactioncurrencyid' }],
      },
    ],
  ]),
};

/** A Dataverse whose currencies are `currencies` (id by name), and one contact that is read from the CRM as often as `run` is called. */
const openCrm = async (whenInvalid?: ColumnRule['whenInvalid']) => {
  const crm = makeCrm('crm', clock.nowMs);
  const dataverse = makeDataverse();
  const records = makeRecordStore();
  const currencies = new Map([['EUR', 'id-of-euro']]);
  const asked: string[][] = [];
  const rule: ColumnRule = {
    to: ['transactioncurrencyid'],
    read: (fields) => fields.currency,
    whenTooLong: 'reject',
    whenNull: 'clear',
    lookup: { table: 'currency', by: 'name' },
    ...(whenInvalid === undefined ? {} : { whenInvalid }),
  };
  const reader = crm.source.connector.table('contact');
  const connector = { ...crm.source.connector, table: () => ({ ...reader, columns: [...reader.columns, rule] }) };
  const dependencies = {
    dataverse: {
      ...dataverse,
      describeTable: async () => withCurrency,
      readRowsByColumn: async (_table: TableDescription, _column: string, values: readonly string[]) => {
        asked.push([...values]);
        const wanted = values.map((value) => value.toLowerCase());
        return [...currencies]
          .filter(([name]) => wanted.includes(name.toLowerCase().replace(/ \d$/, '')))
          .map(([name, currencyid]) => ({ name: name.replace(/ \d$/, ''), currencyid }));
      },
      upsert: async (...[table, rows, options]: Parameters<typeof dataverse.upsert>) => {
        const isGone = rows.some(({ columnsJson }) => columnsJson.includes('(id-of-gone)'));
        if (!isGone) return dataverse.upsert(table, rows, options);
        return rows.map(() => ({ status: 'failed', failureClass: 'data', code: '0x80040217', reason: 'Does Not Exist' }) as const);
      },
    },
    records,
    locks: createRecordLocks(),
    clock,
  };
  const open = () => openTableSync({ ...crm.source, connector }, 'contact', dependencies, never);
  const run = async (pages: ReadonlyArray<ReturnType<typeof recordOf>>, sync?: Awaited<ReturnType<typeof open>>): Promise<Counts> => {
    crm.pages.contact = [pages];
    let counts = noCounts;
    const options = { signal: never, lane: 'bulk', runId: null, isDryRun: false } as const;
    for await (const page of syncRecords(sync ?? (await open()), { kind: 'all', resumeFrom: null }, options))
      counts = addCounts(counts, page.counts);
    return counts;
  };
  return { run, open, dataverse, records, currencies, asked, row: (id: string) => dataverse.rows.get(`crm~${id}`) };
};

const inCurrency = (id: string, currency: string | null) => recordOf(id, { fields: { name: id, currency } });

describe('a lookup', () => {
  it('is bound by the row’s id, and asked for once however many records name it and however they write it', async () => {
    const { run, open, row, asked } = await openCrm();
    const sync = await open();
    await run([inCurrency('a', 'EUR'), inCurrency('b', 'eur'), inCurrency('c', 'EUR')], sync);
    await run([inCurrency('d', 'Eur')], sync);
    for (const id of ['a', 'b', 'c', 'd']) expect(row(id)?.[bind]).toBe('/currencys(id-of-euro)');
    expect(asked).toHaveLength(1);
  });

  it('that no row answers, or two do, fails its record alone', async () => {
    const { run, currencies, records, row } = await openCrm();
    currencies.set('USD 1', 'id-of-dollar').set('USD 2', 'id-of-another');
    expect(await run([inCurrency('a', 'EUR'), inCurrency('b', 'nowhere'), inCurrency('c', 'USD')])).toMatchObject({
      written: 1,
      failed: 2,
    });
    expect(row('a')?.[bind]).toBe('/currencys(id-of-euro)');
    expect(records.failures.get('b')?.reason).toBe(
      'The value for transactioncurrencyid must name one row of currency by its name, and it names none',
    );
    expect(records.failures.get('c')?.reason).toContain('and it names 2 rows');
  });

  it('that the CRM says is empty is emptied, without asking for any row', async () => {
    const { run, row, asked } = await openCrm();
    await run([inCurrency('a', null)]);
    expect(row('a')).toMatchObject({ [bind]: null });
    expect(asked).toEqual([]);
  });

  it.each(['skip', 'clear'] as const)(
    'whose row is missing is looked for again at each reading, and written when it has come (%s)',
    async (whenInvalid) => {
      const { run, row, currencies } = await openCrm(whenInvalid);
      expect(await run([inCurrency('a', 'USD')])).toMatchObject({ written: 1, failed: 0 });
      expect(row('a')?.[bind]).toBe(whenInvalid === 'clear' ? null : undefined);
      expect(await run([inCurrency('a', 'USD')])).toMatchObject({ written: 0, unchanged: 1 });
      currencies.set('USD', 'id-of-dollar');
      expect(await run([inCurrency('a', 'USD')])).toMatchObject({ written: 1 });
      expect(row('a')?.[bind]).toBe('/currencys(id-of-dollar)');
      expect(await run([inCurrency('a', 'USD')])).toMatchObject({ written: 0, unchanged: 1 });
    },
  );

  it('whose row is deleted after we saw it fails the record, and is looked for anew by the next one', async () => {
    const { run, open, row, currencies } = await openCrm();
    currencies.set('EUR', 'id-of-gone');
    const sync = await open();
    expect(await run([inCurrency('a', 'EUR')], sync)).toMatchObject({ written: 0, failed: 1 });
    currencies.set('EUR', 'id-of-euro');
    expect(await run([inCurrency('a', 'EUR')], sync)).toMatchObject({ written: 1 });
    expect(row('a')?.[bind]).toBe('/currencys(id-of-euro)');
  });
});

describe('a parent that the CRM does not mention', () => {
  const parentBind = 'parentcustomerid_account@odata.bind';
  const child = (name: string, parentId: string | null | undefined) => recordOf('child', { parentId, fields: { name } });

  it('stays as it is, and is taken off when the CRM says that there is none', async () => {
    const { run, row, dataverse, records } = await openCrm();
    dataverse.rows.set('crm~p', {});
    await run([child('one', 'p')]);
    expect(row('child')?.[parentBind]).toBe("/accounts(ccsync_sourcekey='crm~p')");
    dataverse.rows.set('crm~child', {});
    await run([child('two', undefined)]);
    expect(row('child')).toMatchObject({ name: 'two' });
    expect(row('child')).not.toHaveProperty([parentBind]);
    expect(records.links.get('child')).toMatchObject({ parentId: 'p', state: 'linked' });
    await run([child('two', null)]);
    expect(row('child')?.[parentBind]).toBeNull();
    expect(records.links.get('child')).toMatchObject({ parentId: null });
  });

  it('is still waited for by a child that waits, and linked when it has come', async () => {
    const { run, row, dataverse, records } = await openCrm();
    await run([child('one', 'p')]);
    await run([child('two', undefined)]);
    expect(records.links.get('child')).toMatchObject({ parentId: 'p', state: 'waitingForParent' });
    dataverse.rows.set('crm~p', {});
    await run([child('two', undefined)]);
    expect(row('child')?.[parentBind]).toBe("/accounts(ccsync_sourcekey='crm~p')");
    expect(records.links.get('child')).toMatchObject({ parentId: 'p', state: 'linked' });
  });
});
