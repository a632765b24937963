import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { SyncResult } from '@crm-sync/client';
import { parse, stringify } from 'yaml';
import type { Manifest } from '../../../api/src/crm/manifest/schema/manifest.ts';
import type { MappingBody } from '../../../api/src/crm/manifest/schema/table.ts';
import { equationError, type Product, type ProductOptions, startProduct } from '../../support/product.ts';

const northwind = new URL('../../../api/connectors/northwind/manifest.yaml', import.meta.url);
const euro = '0a6a4d62-0000-4000-8000-000000000978';
const dollar = '0a6a4d62-0000-4000-8000-000000000840';

/** The product with Northwind's manifest and these rules for accounts in place of those with the same column. */
const startWith = async (accountRules: readonly MappingBody[], options: ProductOptions = {}): Promise<Product> => {
  const product = await startProduct({
    ...options,
    configure: (config, sandbox) => {
      (config.sources as { connector: string }[])[0] = { ...(config.sources as { connector: string }[])[0], connector: './columns.yaml' };
      options.configure?.(config, sandbox);
    },
  });
  const manifest = parse(readFileSync(northwind, 'utf8')) as Manifest;
  const replaced = new Set(accountRules.map(({ to }) => String(to)));
  const account = manifest.tables.account;
  if (account === undefined) throw new Error('Northwind has companies');
  account.map = [...account.map.filter(({ to }) => !replaced.has(String(to))), ...accountRules];
  writeFileSync(join(dirname(product.configFile), 'columns.yaml'), stringify(manifest));
  await product.startApi();
  return product;
};

const account = (recordId: string) => ({ table: 'account', sourceKey: `northwind~${recordId}` }) as const;
/** As Northwind's ids stand in a source key. */
const keyOf = (id: string): string => `northwind~${id.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`;

describe('columns of every type', () => {
  let product: Product;
  beforeAll(async () => {
    product = await startWith([], { accounts: 20, contacts: 40 });
    await product.run({ mode: 'full' });
  }, 60_000);
  afterAll(() => product.stop());

  const rowOf = (id: string) => product.sandbox.dataverse.rowByKey('accounts', keyOf(id));
  const click = (id: string): Promise<SyncResult> => product.client('agent').syncRecord(account(keyOf(id).slice('northwind~'.length)));

  it('reach the rows: a choice by its label, an amount with its currency, yes and no, a date', async () => {
    const id = await product.sandbox.crm.create('companies', {
      name: 'Typed Ltd',
      segment: 'KEY  account',
      annual_revenue: 1234.5,
      currency: 'eur',
    });
    const person = await product.sandbox.crm.create('people', { full_name: 'Ada Typed', birthday: '1990-05-04', email_opt_out: true });
    const run = await product.run({ mode: 'incremental' });
    expect(run).toMatchObject({ state: 'succeeded', counts: { written: 2, failed: 0 } });
    expect(await rowOf(id)).toMatchObject({ accountcategorycode: 1, revenue: 1234.5, _transactioncurrencyid_value: euro });
    expect(await product.sandbox.dataverse.rowByKey('contacts', `northwind~${person}`)).toMatchObject({
      birthdate: '1990-05-04',
      donotemail: true,
    });
  });

  it('are not written again when nothing has changed, by a run or by a click', async () => {
    const run = await product.run({ mode: 'full' });
    expect(run).toMatchObject({ state: 'succeeded', counts: { written: 0, failed: 0 } });
    for (const row of await product.sandbox.dataverse.rows('accounts', '$select=ccsync_sourcekey&$filter=revenue ne null')) {
      const key = String(row.ccsync_sourcekey);
      expect([key, (await product.client('agent').syncRecord({ table: 'account', sourceKey: key })).outcome]).toEqual([key, 'unchanged']);
    }
  });

  it('are shown to the agent in words when they change: labels of choices, names of rows', async () => {
    const { crm } = product.sandbox;
    const id = await crm.create('companies', { name: 'Shown Ltd', segment: 'Standard', annual_revenue: 10, currency: 'USD' });
    await product.run({ mode: 'incremental' });
    await crm.patch('companies', id, { segment: 'Key account', currency: 'EUR' });
    const { changes } = await click(id);
    expect(changes).toEqual(
      expect.arrayContaining([
        { column: 'accountcategorycode', label: 'Category', before: 'Standard', after: 'Preferred Customer' },
        { column: 'transactioncurrencyid', label: 'Currency', before: 'US Dollar', after: 'EUR' },
      ]),
    );
    expect(await rowOf(id)).toMatchObject({ accountcategorycode: 1, _transactioncurrencyid_value: euro });
  });

  it('are empty when the CRM says so, and stay as they are when it says nothing', async () => {
    const { crm } = product.sandbox;
    const id = await crm.create('companies', { name: 'Empty Ltd', segment: 'Standard', phone: '1', annual_revenue: 5, currency: 'EUR' });
    await product.run({ mode: 'incremental' });
    expect(await rowOf(id)).toMatchObject({ telephone1: '1', revenue: 5 });

    // Nothing was ever sent of these two; a person filled one of them in Dataverse.
    const { accountid } = (await rowOf(id)) ?? {};
    await product.sandbox.dataverse.send('PATCH', `accounts(${String(accountid)})`, { fax: 'by hand' });
    await crm.patch('companies', id, { phone: null, segment: '', annual_revenue: null, currency: null });
    await product.run({ mode: 'incremental' });
    expect(await rowOf(id)).toMatchObject({
      telephone1: null,
      accountcategorycode: null,
      revenue: null,
      fax: 'by hand',
      // The manifest says keep.
      _transactioncurrencyid_value: euro,
    });
  });

  it('fail the one record that names a choice or a row that is not there, by its column and never by its value', async () => {
    const { crm } = product.sandbox;
    const unknownChoice = await crm.create('companies', { name: 'No Choice', segment: 'Secret words' });
    const unknownRow = await crm.create('companies', { name: 'No Row', currency: "X'Y/&" });
    const good = await crm.create('companies', { name: 'Good', segment: 'standard', currency: 'USD' });
    const client = product.client();
    const { id } = await client.startRun({ sourceId: 'northwind', mode: 'incremental' });
    await client.watchRun(id, { signal: AbortSignal.timeout(60_000), onRun: () => undefined });
    const { run, failures } = await client.run(id);
    expect(run.counts).toMatchObject({ written: 1, failed: 2 });
    expect(equationError(run.counts)).toBe(0);
    expect(failures).toHaveLength(2);
    expect(failures.find(({ recordId }) => recordId === unknownChoice)).toMatchObject({
      code: 'mapping.choice_unknown',
      reason: 'The value for accountcategorycode is none of its choices',
    });
    expect(failures.find(({ recordId }) => recordId === unknownRow)).toMatchObject({
      code: 'mapping.lookup_missing',
      reason: 'The value for transactioncurrencyid must name one row of transactioncurrency by its isocurrencycode, and it names none',
    });
    expect(await rowOf(good)).toMatchObject({ accountcategorycode: 2, _transactioncurrencyid_value: dollar });
    await crm.patch('companies', unknownChoice, { segment: null });
    await crm.patch('companies', unknownRow, { currency: null });
    expect((await product.run({ mode: 'incremental' })).counts).toMatchObject({ written: 2, failed: 0 });
  });
});

describe('a person whose company the CRM no longer names', () => {
  let product: Product;
  beforeAll(async () => {
    product = await startProduct();
    await product.startApi();
  }, 60_000);
  afterAll(() => product.stop());

  it('is taken off its company', async () => {
    const { crm, dataverse } = product.sandbox;
    await product.run({ mode: 'full' });
    expect((await dataverse.rowByKey('contacts', 'northwind~100001'))?._parentcustomerid_value).not.toBeNull();
    await crm.patch('people', '100001', { company_id: null });
    await product.run({ mode: 'incremental' });
    expect((await dataverse.rowByKey('contacts', 'northwind~100001'))?._parentcustomerid_value).toBeNull();
  });
});

describe('what the mapping says about values that a column cannot take', () => {
  let product: Product;
  afterEach(() => product.stop());

  it('may leave the column alone or empty it, and a row that comes later is found by the next full run', async () => {
    product = await startWith([
      { to: 'accountcategorycode', from: 'segment', whenInvalid: 'clear' },
      {
        to: 'transactioncurrencyid',
        from: 'currency',
        whenInvalid: 'skip',
        lookup: { table: 'transactioncurrency', by: 'isocurrencycode' },
      },
      // The id of another record of this CRM.
      { to: 'primarycontactid', from: 'fax', whenInvalid: 'skip', lookup: { table: 'contact' } },
    ]);
    const { crm, dataverse } = product.sandbox;
    const person = await crm.create('people', { full_name: 'Prime Contact' });
    const id = await crm.create('companies', { name: 'Lenient', segment: 'nonsense', currency: 'XXX', fax: person });
    const first = await product.run({ mode: 'full' });
    expect(first.counts).toMatchObject({ failed: 0 });
    // Accounts come before contacts, so there was no such row yet.
    expect(await dataverse.rowByKey('accounts', keyOf(id))).toMatchObject({
      accountcategorycode: null,
      _transactioncurrencyid_value: null,
      _primarycontactid_value: null,
    });

    const second = await product.run({ mode: 'full' });
    expect(second.counts.written).toBe(1);
    const { contactid } = (await dataverse.rowByKey('contacts', `northwind~${person}`)) ?? {};
    expect(await dataverse.rowByKey('accounts', keyOf(id))).toMatchObject({ _primarycontactid_value: contactid });
    // Its currency is missing still, and that is no reason to write it for ever.
    expect((await product.run({ mode: 'full' })).counts.written).toBe(0);
  }, 120_000);

  it('stops the run before any record when the column cannot be filled like that', async () => {
    product = await startWith([{ to: 'transactioncurrencyid', from: 'currency', lookup: { table: 'systemuser', by: 'fullname' } }]);
    const run = await product.run({ mode: 'full' });
    expect(run).toMatchObject({
      state: 'failed',
      counts: { read: 0 },
      error: {
        code: 'mapping.column_unfit',
        title:
          'The mapping of northwind for account cannot fill the column transactioncurrencyid: it does not point to systemuser; it points to transactioncurrency',
      },
    });
  }, 60_000);
});

describe('a source whose rows belong to a team', () => {
  const team = '0a6a4d62-0009-4000-8000-000000000002';
  const somebody = '0a6a4d62-0000-4000-8000-000000000004';
  let product: Product;
  const start = async (owner: unknown, dataverse: unknown = {}): Promise<void> => {
    product = await startProduct({
      configure: (config) => {
        (config.sources as object[])[0] = { ...(config.sources as object[])[0], owner, dataverse };
      },
    });
    await product.startApi();
  };
  afterEach(() => product.stop());

  it('has them from the first sync on, and what a person assigns to somebody else stays with them', async () => {
    await start({ team: 'northwind owners' }, { bypassCustomLogic: 'all', suppressFlows: true });
    const { crm, dataverse } = product.sandbox;
    expect((await product.run({ mode: 'full' })).state).toBe('succeeded');
    expect(await dataverse.count('contacts', `_ownerid_value ne ${team}`)).toBe(0);
    expect(await dataverse.count('accounts', `_ownerid_value ne ${team}`)).toBe(0);

    const { contactid } = (await dataverse.rowByKey('contacts', 'northwind~100001')) ?? {};
    await dataverse.send('PATCH', `contacts(${String(contactid)})`, { 'ownerid@odata.bind': `/systemusers(${somebody})` });
    await crm.patch('people', '100001', { phone: '1' });
    await product.run({ mode: 'incremental' });
    expect(await dataverse.rowByKey('contacts', 'northwind~100001')).toMatchObject({ telephone1: '1', _ownerid_value: somebody });
  }, 60_000);

  it('is told when there is no such team, before anything is written', async () => {
    await start({ team: 'Nobody' });
    expect(await product.run({ mode: 'full' })).toMatchObject({
      state: 'failed',
      counts: { read: 0 },
      error: { code: 'dataverse.team_unknown', title: '“Nobody” must name one team that may own rows, and it names none' },
    });
  }, 60_000);
});
