import { equationError, type Product, startProduct } from '../../support/product.ts';

describe('a person whose company is not there yet', () => {
  let product: Product;
  beforeAll(async () => {
    product = await startProduct();
    await product.startApi();
  }, 60_000);
  afterAll(() => product.stop());

  it('is written without it, waits, and is linked when the company arrives', async () => {
    const { crm, dataverse } = product.sandbox;
    const id = await crm.create('people', { full_name: 'Early Bird', company_id: 'LATER' });
    const first = await product.run({ mode: 'full' });
    expect(first.state).toBe('succeeded');
    expect(await dataverse.rowByKey('contacts', `northwind~${id}`)).toMatchObject({
      lastname: 'Bird',
      ccsync_syncstatus: 863_400_001,
      _parentcustomerid_value: null,
    });
    expect(await product.client('agent').recordStatus({ table: 'contact', sourceKey: `northwind~${id}` })).toMatchObject({
      state: 'waitingForParent',
    });

    const again = await product.run({ mode: 'full' });
    expect(again.counts.written).toBe(0);

    await crm.create('companies', { id: 'LATER', name: 'Later Ltd' });
    const second = await product.run({ mode: 'incremental' });
    expect(second.counts.written).toBe(2);
    expect(equationError(second.counts)).toBe(0);
    const row = await dataverse.rowByKey('contacts', `northwind~${id}`, '$expand=parentcustomerid_account($select=name)');
    expect(row).toMatchObject({ ccsync_syncstatus: 863_400_000, parentcustomerid_account: { name: 'Later Ltd' } });
  });
});

describe('a CRM that suddenly has deleted most of what it had', () => {
  let product: Product;
  beforeAll(async () => {
    product = await startProduct();
    await product.startApi();
    await product.run({ mode: 'full' });
  }, 60_000);
  afterAll(() => product.stop());

  it('removes nothing: the removals are withheld, and the run says that it is partial', async () => {
    const { crm, dataverse } = product.sandbox;
    for (let id = 100_001; id <= 100_012; id += 1) await crm.delete('people', String(id));
    const run = await product.run({ mode: 'incremental' });
    expect(run.state).toBe('partial');
    expect(run.counts.withheld).toBe(12);
    expect(equationError(run.counts)).toBe(0);
    expect(await dataverse.count('contacts', 'statecode eq 1')).toBe(0);
  });
});
