import { ApiProblem } from '@crm-sync/client';
import { hookSecret, type Product, startProduct } from '../../support/product.ts';
import { waitFor } from '../../support/wait-for.ts';

const contact = (recordId: string) => ({ table: 'contact', sourceKey: `northwind~${recordId}` }) as const;

describe('one record', () => {
  let product: Product;
  beforeAll(async () => {
    product = await startProduct();
    await product.startApi();
    await product.run({ mode: 'full' });
  }, 60_000);
  afterAll(() => product.stop());

  const rowId = async (recordId: string): Promise<string> =>
    String((await product.sandbox.dataverse.rowByKey('contacts', `northwind~${recordId}`))?.contactid);

  it('shows an agent where it came from and how fresh it is, by row id and by source key alike', async () => {
    const agent = product.client('agent');
    const byKey = await agent.recordStatus(contact('100001'));
    expect(byKey).toMatchObject({
      state: 'inSync',
      source: { id: 'northwind', name: 'Northwind Traders CRM' },
      recordId: '100001',
      url: `${product.sandbox.crmUrl}/people/100001`,
    });
    expect(Date.parse(byKey.syncedOn ?? '')).toBeGreaterThan(0);
    expect(Date.parse(byKey.checkedOn ?? '')).toBeGreaterThanOrEqual(Date.parse(byKey.syncedOn ?? ''));
    expect(await agent.recordStatus({ table: 'contact', rowId: await rowId('100001') })).toEqual(byKey);
  });

  it('that is synced now brings the CRM’s change and says what it changed', async () => {
    await product.sandbox.crm.patch('people', '100002', { phone: '030-0074399', title: 'Chief Owner' });
    const result = await product.client('agent').syncRecord(contact('100002'));
    expect(result.outcome).toBe('changed');
    expect(result.changes.map(({ column, after }) => [column, after])).toEqual(
      expect.arrayContaining([
        ['telephone1', '030-0074399'],
        ['jobtitle', 'Chief Owner'],
      ]),
    );
    expect(result.changes).toHaveLength(2);
    expect(await product.sandbox.dataverse.rowByKey('contacts', 'northwind~100002')).toMatchObject({ telephone1: '030-0074399' });
  });

  it('that is the same is left alone, and the look is remembered', async () => {
    const before = await product.client('agent').recordStatus(contact('100004'));
    const result = await product.client('agent').syncRecord(contact('100004'));
    expect(result).toMatchObject({ outcome: 'unchanged', changes: [] });
    expect(result.record.syncedOn).toBe(before.syncedOn);
    expect(Date.parse(result.record.checkedOn ?? '')).toBeGreaterThan(Date.parse(before.checkedOn ?? ''));
  });

  it('that somebody edited in Dataverse is what the CRM says again after a click', async () => {
    await product.sandbox.dataverse.send('PATCH', `contacts(${await rowId('100005')})`, { telephone1: 'edited by hand' });
    const result = await product.client('agent').syncRecord(contact('100005'));
    expect(result.outcome).toBe('changed');
    expect(result.changes).toEqual([expect.objectContaining({ column: 'telephone1', before: 'edited by hand' })]);
  });

  it('shows in a dry run what a click would change, and changes nothing', async () => {
    await product.sandbox.crm.patch('people', '100006', { phone: '0621-1' });
    const result = await product.client('agent').syncRecord(contact('100006'), { isDryRun: true });
    expect(result).toMatchObject({
      outcome: 'changed',
      isDryRun: true,
      changes: [expect.objectContaining({ column: 'telephone1', after: '0621-1' })],
    });
    expect(await product.sandbox.dataverse.rowByKey('contacts', 'northwind~100006')).not.toMatchObject({ telephone1: '0621-1' });
  });

  it('that the CRM has deleted is deactivated by a click', async () => {
    await product.sandbox.crm.delete('people', '100007');
    const result = await product.client('agent').syncRecord(contact('100007'));
    expect(result).toMatchObject({ outcome: 'removed', record: { state: 'removed' } });
    expect(await product.client('agent').syncRecord(contact('100007'))).toMatchObject({ outcome: 'removed', changes: [] });
  });

  it('tells who may not read the row nothing, not even that it is there', async () => {
    const restricted = product.client('restricted');
    await expect(restricted.recordStatus(contact('100001'))).rejects.toMatchObject({ code: 'record.not_found' });
    await expect(restricted.syncRecord(contact('100001'))).rejects.toMatchObject({ code: 'record.not_found' });
    await expect(restricted.recordStatus(contact('999999'))).rejects.toMatchObject({ code: 'record.not_found' });
  });

  it('that fails says why in words without the customer’s data, and stays marked until a later sync succeeds', async () => {
    const { crm } = product.sandbox;
    await crm.patch('people', '100009', { full_name: `Laurence ${'x'.repeat(60)}` });
    const problem: unknown = await product
      .client('agent')
      .syncRecord(contact('100009'))
      .catch((error: unknown) => error);
    expect(problem).toBeInstanceOf(ApiProblem);
    expect(problem).toMatchObject({ code: 'record.write_failed', title: expect.stringContaining('lastname has 60 characters; 50 fit') });
    expect((problem as ApiProblem).title).not.toContain('xxxx');
    expect(await product.client('agent').recordStatus(contact('100009'))).toMatchObject({
      state: 'failed',
      failure: { code: 'mapping.value_too_long' },
    });

    await crm.patch('people', '100009', { full_name: 'Laurence Lebihan' });
    await product.client('agent').syncRecord(contact('100009'));
    expect(await product.client('agent').recordStatus(contact('100009'))).toMatchObject({ state: 'inSync' });
  });

  it('comes by itself when the CRM posts a signed webhook, with its new company', async () => {
    const { crm, dataverse } = product.sandbox;
    await crm.subscribe({ url: `${product.apiUrl}/webhooks/northwind`, secret: hookSecret });
    await crm.create('companies', { id: 'HOOKD', name: 'Hooked GmbH' });
    const id = await crm.create('people', { full_name: 'Petra Post', company_id: 'HOOKD' });
    const row = await waitFor(
      () => dataverse.rowByKey('contacts', `northwind~${id}`, '$expand=parentcustomerid_account($select=name)'),
      (found) => found?.parentcustomerid_account !== null && found !== undefined,
    );
    expect(row).toMatchObject({ lastname: 'Post', parentcustomerid_account: { name: 'Hooked GmbH' } });
  });

  it('does not move for a webhook that is not signed, or signed with another secret', async () => {
    const body = JSON.stringify({ table: 'people', event: 'updated', id: 100001 });
    const unsigned = await fetch(`${product.apiUrl}/webhooks/northwind`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json' },
    });
    const forged = await fetch(`${product.apiUrl}/webhooks/northwind`, {
      method: 'POST',
      body,
      headers: { 'webhook-id': 'msg_1', 'webhook-timestamp': String(Math.floor(Date.now() / 1000)), 'webhook-signature': 'v1,AAAA' },
    });
    expect([unsigned.status, forged.status]).toEqual([401, 401]);
    expect(await unsigned.json()).toMatchObject({ code: 'webhook.unauthorised' });
  });
});
