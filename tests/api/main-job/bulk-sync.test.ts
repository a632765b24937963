import { equationError, type Product, startProduct } from '../../support/product.ts';

const stores = [
  { name: 'the embedded store', store: 'embedded' },
  { name: 'PostgreSQL', store: 'server' },
] as const;

describe.each(stores)('a bulk sync on $name', ({ store }) => {
  let product: Product;
  beforeAll(async () => {
    product = await startProduct({ accounts: 60, contacts: 300, store });
    await product.startApi();
  }, 60_000);
  afterAll(() => product.stop());

  const writes = async (): Promise<number> => {
    const { writesByTable } = await product.sandbox.dataverse.statistics();
    return Object.values(writesByTable).reduce((sum, count) => sum + count, 0);
  };

  it('brings every company and person of the CRM to Dataverse, and its numbers add up', async () => {
    const run = await product.run({ mode: 'full' });
    expect(run.state).toBe('succeeded');
    expect(equationError(run.counts)).toBe(0);
    const companies = await product.sandbox.crm.count('companies');
    const people = await product.sandbox.crm.count('people');
    expect(run.counts.read).toBe(companies + people);
    expect(await product.sandbox.dataverse.count('accounts')).toBe(companies);
    expect(await product.sandbox.dataverse.count('contacts')).toBe(people);
  });

  it('keeps accents, splits names, and hangs the person on its company', async () => {
    const row = await product.sandbox.dataverse.rowByKey(
      'contacts',
      'northwind~100008',
      '$expand=parentcustomerid_account($select=ccsync_sourcekey,name)',
    );
    expect(row).toMatchObject({
      firstname: 'Martín',
      lastname: 'Sommer',
      telephone1: '(91) 555 22 82',
      parentcustomerid_account: { ccsync_sourcekey: 'northwind~_b_o_l_i_d', name: 'Bólido Comidas preparadas' },
    });
  });

  it('writes nothing the second time', async () => {
    const before = await writes();
    const run = await product.run({ mode: 'full' });
    expect(run.state).toBe('succeeded');
    expect(run.counts).toMatchObject({ written: 0, failed: 0 });
    expect(run.counts.unchanged).toBe(run.counts.read - run.counts.filtered);
    expect(await writes()).toBe(before);
  });

  it('shows in a dry run what would change, column by column, and writes nothing', async () => {
    const { crm } = product.sandbox;
    await crm.patch('people', '100001', { phone: '030-0074399' });
    await crm.patch('people', '100002', { phone: '555-0001', title: 'Chief Owner' });
    await crm.patch('companies', 'AROUT', { city: 'Leeds' });
    const before = await writes();
    const run = await product.run({ mode: 'incremental', isDryRun: true });
    expect(run.counts.written).toBe(0);
    expect(equationError(run.counts)).toBe(0);
    expect(run.plannedChanges).toEqual([
      { table: 'account', created: 0, updated: 1, columns: { address1_city: 1 }, sampleRecordIds: ['AROUT'] },
      { table: 'contact', created: 0, updated: 2, columns: { telephone1: 2, jobtitle: 1 }, sampleRecordIds: ['100001', '100002'] },
    ]);
    expect(await writes()).toBe(before);
  });

  it('writes exactly the three records that were changed, when only changes are asked for', async () => {
    const before = await writes();
    const run = await product.run({ mode: 'incremental' });
    expect(run.state).toBe('succeeded');
    expect(run.counts.written).toBe(3);
    expect(equationError(run.counts)).toBe(0);
    expect((await writes()) - before).toBe(3);
    expect(await product.sandbox.dataverse.rowByKey('contacts', 'northwind~100001')).toMatchObject({ telephone1: '030-0074399' });
  });

  it('deactivates the row of a person whom the CRM has deleted', async () => {
    await product.sandbox.crm.delete('people', '100003');
    const run = await product.run({ mode: 'incremental' });
    expect(run.state).toBe('succeeded');
    expect(run.counts).toMatchObject({ written: 1, withheld: 0 });
    expect(await product.sandbox.dataverse.rowByKey('contacts', 'northwind~100003')).toMatchObject({
      statecode: 1,
      statuscode: 2,
      ccsync_syncstatus: 863_400_002,
    });
  });

  it('lands all others when one name is too long and one e-mail is refused, and names the two', async () => {
    const { crm, dataverse } = product.sandbox;
    await crm.patch('people', '100004', { full_name: `Thomas ${'x'.repeat(60)}` });
    await crm.patch('people', '100005', { email: 'not an address' });
    await crm.patch('people', '100006', { phone: '0621-1' });
    const client = product.client();
    const { id } = await client.startRun({ sourceId: 'northwind', mode: 'incremental' });
    await client.watchRun(id, { signal: AbortSignal.timeout(60_000), onRun: () => undefined });
    const { run, failures } = await client.run(id);
    expect(run.state).toBe('partial');
    expect(run.counts).toMatchObject({ written: 1, failed: 2 });
    expect(equationError(run.counts)).toBe(0);
    expect(failures).toHaveLength(2);
    expect(failures.find(({ recordId }) => recordId === '100004')).toMatchObject({
      code: 'mapping.value_too_long',
      reason: expect.stringContaining('lastname'),
    });
    const refused = failures.find(({ recordId }) => recordId === '100005');
    expect(refused).toMatchObject({ failureClass: 'data', code: expect.stringMatching(/^0x8/) });
    expect(refused?.reason).not.toContain('not an address');
    expect(await dataverse.rowByKey('contacts', 'northwind~100006')).toMatchObject({ telephone1: '0621-1' });
  });
});
