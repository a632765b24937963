import { type Product, equationError, startProduct } from '../../support/product.ts';

/** The same against the sandbox, over HTTP from end to end. */
describe('a source that deletes the rows of removed records', () => {
  let product: Product;
  beforeAll(async () => {
    product = await startProduct({
      configure: (config) => {
        (config.sources as object[])[0] = { ...(config.sources as object[])[0], removedRecords: 'delete' };
      },
    });
    await product.startApi();
    await product.run({ mode: 'full' });
  }, 60_000);
  afterAll(() => product.stop());

  const keyOf = (id: string): string => `northwind~${id.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`;
  const rowOf = (id: string) => product.sandbox.dataverse.rowByKey('contacts', keyOf(id));

  it('deletes them in Dataverse, counts them as written, and makes a new row when the record comes back', async () => {
    const person = await product.sandbox.crm.create('people', { full_name: 'Gone, Grace' });
    await product.run({ mode: 'incremental' });
    const before = await rowOf(person);
    expect(before).toMatchObject({ lastname: 'Gone' });
    await product.sandbox.crm.delete('people', person);
    const run = await product.run({ mode: 'incremental' });
    expect([run.state, equationError(run.counts)]).toEqual(['succeeded', 0]);
    expect(run.counts).toMatchObject({ written: 1, withheld: 0 });
    expect(await rowOf(person)).toBeUndefined();
    await product.sandbox.crm.patch('people', person, { deleted_at: null });
    await product.run({ mode: 'incremental' });
    const after = await rowOf(person);
    expect(after).toMatchObject({ lastname: 'Gone' });
    expect(after?.contactid).not.toBe(before?.contactid);
  });

  it('counts a row that somebody has deleted in Dataverse already as nothing to do', async () => {
    const person = await product.sandbox.crm.create('people', { full_name: 'Twice, Tom' });
    await product.run({ mode: 'incremental' });
    const row = await rowOf(person);
    await fetch(`${product.sandbox.dataverseUrl}/api/data/v9.2/contacts(${String(row?.contactid)})`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${await product.sandbox.applicationToken()}` },
    });
    await product.sandbox.crm.delete('people', person);
    const run = await product.run({ mode: 'incremental' });
    expect(run).toMatchObject({ state: 'succeeded', counts: { failed: 0, withheld: 0 } });
    expect(await rowOf(person)).toBeUndefined();
  });
});
