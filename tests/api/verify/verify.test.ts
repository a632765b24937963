import type { Run, VerifyClass, VerifyStatement } from '@crm-sync/client';
import { equationError, type Product, startProduct } from '../../support/product.ts';
import { addRow, addressOf, crmName, rowOf, seedDifferences } from './seed-differences.ts';

interface Verified {
  readonly run: Run;
  readonly statement: VerifyStatement;
}

describe('a verification', () => {
  let product: Product;
  /** Of the seeded differences, before they are repaired. */
  let different: Verified;
  beforeAll(async () => {
    product = await startProduct({ accounts: 20, contacts: 200 });
    await product.startApi();
    await product.run({ mode: 'full' });
  }, 60_000);
  afterAll(() => product.stop());

  const verify = async (repairs = false): Promise<Verified> => {
    const run = await product.run({ mode: 'verify', repairs });
    expect(equationError(run.counts)).toBe(0);
    return { run, statement: await product.client().runStatement(run.id) };
  };
  const classOf = ({ statement }: Verified, verdict: VerifyClass['verdict'], table = 'contact'): VerifyClass => {
    const found = statement.tables.find((each) => each.table === table)?.classes.find((each) => each.verdict === verdict);
    return found ?? { verdict, isDifference: false, found: 0, records: 0, rows: 0, samples: [] };
  };
  /** All differences of a statement, as `table verdict: how many`. */
  const differencesOf = ({ statement }: Verified): readonly string[] =>
    statement.tables.flatMap(({ table, classes }) =>
      classes.filter(({ isDifference, found }) => isDifference && found > 0).map(({ verdict, found }) => `${table} ${verdict}: ${found}`),
    );
  const sampledIds = (verified: Verified, verdict: VerifyClass['verdict'], name: 'recordId' | 'rowId' = 'recordId') =>
    classOf(verified, verdict).samples.map((sample) => sample[name]);

  it('of two sides that agree says so, with equal totals and equal digests, and writes nothing', async () => {
    await product.sandbox.dataverse.clearStatistics();
    const verified = await verify();
    const { run, statement } = verified;
    expect(differencesOf(verified)).toEqual([]);
    expect(run.state).toBe('succeeded');
    expect(statement.agrees).toBe(true);
    expect(statement.crm).toEqual(statement.dataverse);
    expect(statement.dataverse.total).toBe(
      (await product.sandbox.dataverse.count('accounts')) + (await product.sandbox.dataverse.count('contacts')),
    );
    expect(await product.sandbox.dataverse.statistics()).toMatchObject({ rowsCreated: 0, rowsUpdated: 0 });
  });

  it('finds exactly the rows that are missing, stale, edited, orphaned and doubled, names them, and leaves them as they are', async () => {
    const seeded = await seedDifferences(product, 4);
    const before = await product.sandbox.dataverse.rows('contacts', '$select=contactid,jobtitle,statecode');
    const verified = await verify();
    different = verified;
    expect(verified.run.state).toBe('partial');
    expect(verified.statement.agrees).toBe(false);
    expect(differencesOf(verified)).toEqual([
      'contact missing: 4',
      'contact stale: 4',
      'contact edited: 4',
      'contact orphaned: 4',
      'contact doubled: 4',
    ]);
    for (const verdict of ['missing', 'stale', 'edited', 'orphaned'] as const) {
      expect(sampledIds(verified, verdict)).toEqual(seeded[verdict]);
    }
    expect(sampledIds(verified, 'doubled', 'rowId').toSorted()).toEqual(seeded.doubledRows.toSorted());
    expect(verified.statement.crm.digest).not.toBe(verified.statement.dataverse.digest);
    expect(await product.sandbox.dataverse.rows('contacts', '$select=contactid,jobtitle,statecode')).toEqual(before);
  });

  it('states totals that are those of both sides, and equations that hold', async () => {
    for (const { table, crm, dataverse, classes, equations } of different.statement.tables) {
      const sum = (side: 'records' | 'rows') => classes.reduce((total, each) => total + each[side], 0);
      expect(sum('records')).toBe(crm.total);
      expect(sum('rows')).toBe(dataverse.total);
      expect(equations.crm).toMatch(new RegExp(`^records ${crm.total} = same \\d+`));
      expect(dataverse.total).toBe(await product.sandbox.dataverse.count(table === 'account' ? 'accounts' : 'contacts'));
    }
    // Northwind lists the deleted ones too.
    const contacts = different.statement.tables.find(({ table }) => table === 'contact');
    expect(contacts?.crm.total).toBe((await product.sandbox.crm.count('people')) + 4);
  });

  it('gives the statement as a text that a person reads, too', async () => {
    const { run, statement } = different;
    const text = await product.client().runStatementText(run.id);
    expect(text).toContain('The two sides do not agree.');
    expect(text).toContain(statement.crm.digest);
    expect(text).toContain(product.sandbox.dataverseUrl);
    for (const id of ['100001', '100002', '100003', '100004']) expect(text).toContain(id);
  });

  it('holds no name, mail or phone of anybody', async () => {
    const { run } = different;
    const text = JSON.stringify(await product.client().runStatement(run.id)) + (await product.client().runStatementText(run.id));
    expect(text).not.toMatch(/@(?!odata)|Edited by hand|Chief/);
  });

  it('repairs all of them, and the next one finds none', async () => {
    const repaired = await verify(true);
    expect(repaired.statement).toMatchObject({ repairs: true, agrees: true });
    expect(repaired.run.state).toBe('succeeded');
    expect(differencesOf(repaired)).toHaveLength(5);
    expect(repaired.statement.tables.map(({ repaired: count }) => count)).toEqual([0, 20]);
    const next = await verify();
    expect(differencesOf(next)).toEqual([]);
    expect(next.statement).toMatchObject({ agrees: true, crm: repaired.statement.crm, dataverse: repaired.statement.dataverse });
    expect(await rowOf(product, '100003')).toMatchObject({ lastname: expect.not.stringContaining('Edited') });
    expect(await rowOf(product, '100002')).toMatchObject({ jobtitle: 'Chief 100002' });
    expect(await rowOf(product, '100004')).toMatchObject({ statecode: 1, ccsync_syncstatus: 863_400_002 });
    expect((await product.run({ mode: 'full' })).counts.written).toBe(0);
  });

  it('sees a parent that was changed by hand, and hangs the person on its company again', async () => {
    const { dataverse } = product.sandbox;
    const other = await dataverse.rowByKey('accounts', 'northwind~_a_r_o_u_t');
    const before = await rowOf(product, '100008');
    await dataverse.send('PATCH', await addressOf(product, '100008'), {
      'parentcustomerid_account@odata.bind': `/accounts(${String(other?.accountid)})`,
    });
    const verified = await verify(true);
    expect(differencesOf(verified)).toEqual(['contact edited: 1']);
    expect(await rowOf(product, '100008')).toMatchObject({ _parentcustomerid_value: before['_parentcustomerid_value'] });
    expect(verified.statement.agrees).toBe(true);
  });

  it('sees a currency that was changed by hand', async () => {
    const { dataverse } = product.sandbox;
    const { value } = await dataverse.get<{ value: readonly { transactioncurrencyid: string }[] }>('transactioncurrencies');
    const [row] = await dataverse.rows('accounts', '$filter=revenue ne null and _transactioncurrencyid_value ne null');
    const other = value.find(({ transactioncurrencyid: id }) => id !== row?.['_transactioncurrencyid_value']);
    await dataverse.send('PATCH', `accounts(${String(row?.accountid)})`, {
      'transactioncurrencyid@odata.bind': `/transactioncurrencies(${String(other?.transactioncurrencyid)})`,
    });
    expect(differencesOf(await verify(true))).toEqual(['account edited: 1']);
    expect(differencesOf(await verify())).toEqual([]);
  });

  it('sees a live record whose row is inactive, and activates it', async () => {
    await product.sandbox.dataverse.send('PATCH', await addressOf(product, '100031'), { statecode: 1, statuscode: 2 });
    expect(differencesOf(await verify(true))).toEqual(['contact edited: 1']);
    expect(await rowOf(product, '100031')).toMatchObject({ statecode: 0 });
  });

  it('gives a row that lost its key the key again, and makes no second row', async () => {
    const { dataverse } = product.sandbox;
    const row = await rowOf(product, '100011');
    await dataverse.send('PATCH', await addressOf(product, '100011'), { ccsync_sourcekey: null, jobtitle: 'Without a key' });
    const count = await dataverse.count('contacts');
    const verified = await verify(true);
    expect(differencesOf(verified)).toEqual(['contact missing: 1', 'contact unkeyed: 1']);
    expect(verified.statement.agrees).toBe(true);
    expect(await rowOf(product, '100011')).toMatchObject({ contactid: row['contactid'], jobtitle: row['jobtitle'] });
    expect(await dataverse.count('contacts')).toBe(count);
  });

  it('finds the second row of a record also when that has a key of its own, and rows whose key names nothing', async () => {
    const common = { lastname: 'Second', ccsync_sourcecrm: crmName };
    const second = await addRow(product, { ...common, ccsync_sourcekey: 'northwind~990001', ccsync_sourcecrmid: '100012' });
    await addRow(product, { ...common, ccsync_sourcekey: 'northwind~990002', ccsync_sourcecrmid: '990002' });
    const verified = await verify(true);
    expect(differencesOf(verified)).toEqual(['contact orphaned: 1', 'contact doubled: 1']);
    expect(sampledIds(verified, 'doubled', 'rowId')).toEqual([second]);
    expect(sampledIds(verified, 'orphaned')).toEqual(['990002']);
    expect(differencesOf(await verify())).toEqual([]);
  });

  it('leaves rows alone that come from elsewhere, or from nowhere', async () => {
    await addRow(product, { lastname: 'Nobody' });
    await addRow(product, {
      lastname: 'Other',
      ccsync_sourcekey: 'another~100001',
      ccsync_sourcecrmid: '100001',
      ccsync_sourcecrm: crmName,
    });
    expect(differencesOf(await verify())).toEqual([]);
  });

  it('brings back a company that was deleted in Dataverse, and the people who went with it', async () => {
    const { dataverse } = product.sandbox;
    const account = await dataverse.rowByKey('accounts', 'northwind~_b_o_l_i_d');
    const children = await dataverse.rows('contacts', `$filter=_parentcustomerid_value eq ${String(account?.accountid)}`);
    await dataverse.send('DELETE', `accounts(${String(account?.accountid)})`);
    expect(differencesOf(await verify(true))).toEqual(['account missing: 1', `contact missing: ${children.length}`]);
    expect(differencesOf(await verify())).toEqual([]);
    const again = await dataverse.rowByKey('accounts', 'northwind~_b_o_l_i_d');
    expect(await rowOf(product, '100008')).toMatchObject({ _parentcustomerid_value: again?.['accountid'] });
  });

  it('says of a person that the company has no row yet, and repairs both', async () => {
    const { crm } = product.sandbox;
    const company = await crm.create('companies', { name: 'Late Ltd' });
    const person = await crm.create('people', { full_name: 'Lea Late', company_id: company });
    const client = product.client();
    const { id } = await client.startRun({ sourceId: 'northwind', mode: 'full', tables: ['contact'] });
    await client.watchRun(id, { signal: AbortSignal.timeout(60_000), onRun: () => undefined });
    const found = await verify();
    expect(differencesOf(found)).toEqual(['account missing: 1', 'contact waitingForParent: 1']);
    expect(found.statement.agrees).toBe(false);
    expect((await verify(true)).statement.agrees).toBe(true);
    expect(await rowOf(product, person)).toMatchObject({ _parentcustomerid_value: expect.any(String), ccsync_syncstatus: 863_400_000 });
  });

  it('a parent that the CRM itself does not have is no difference, but is said', async () => {
    const verified = await verify();
    expect(classOf(verified, 'parentAbsent')).toMatchObject({ found: 1, isDifference: false });
    expect(verified.statement.agrees).toBe(true);
  });

  it('a record that cannot be a row is said to be so, and is no fault of Dataverse', async () => {
    await product.sandbox.crm.patch('people', '100013', { full_name: `Pat ${'x'.repeat(60)}` });
    const verified = await verify(true);
    expect(differencesOf(verified)).toEqual(['contact failed: 1']);
    expect(verified.statement.agrees).toBe(false);
    await product.sandbox.crm.patch('people', '100013', { full_name: 'Pat Short' });
    await verify(true);
  });

  it('a repair that would take away more than a tenth of all rows leaves that to a person', async () => {
    const { crm, dataverse } = product.sandbox;
    const inactive = () => dataverse.count('contacts', 'statecode eq 1');
    const before = await inactive();
    const { data } = await crm.get<{ data: readonly { id: number }[] }>('/api/v1/people?per_page=40&page=3');
    for (const { id } of data) await crm.delete('people', String(id));
    const { run, statement } = await verify(true);
    expect(run.state).toBe('partial');
    expect(statement.tables.find(({ table }) => table === 'contact')).toMatchObject({ withheldRemovals: 40, repaired: 0 });
    expect(await inactive()).toBe(before);
  });
});
