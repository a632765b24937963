/** associate-disassociate-entities-using-web-api.md, use-alternate-key-reference-record.md */
import { startTestDataverse, type TestDataverse } from './dataverse-client.ts';

const missingId = '00000000-0000-0000-0000-0000000000ff';

describe('lookups of Dataverse', () => {
  let dataverse: TestDataverse;
  let accountId: string;
  beforeAll(async () => {
    dataverse = await startTestDataverse();
  });
  afterAll(() => dataverse.close());
  beforeEach(async () => {
    dataverse.reset();
    accountId = await dataverse.create('accounts', { name: 'Contoso', ccsync_sourcekey: 'northwind~_a' });
  });

  const parentOf = async (id: string) => (await dataverse.get(`contacts(${id})`)).json._parentcustomerid_value;

  it.each([
    ['the id, with a slash', () => `/accounts(${accountId})`],
    ['the id, without a slash', () => `accounts(${accountId})`],
    ['the alternate key', () => `/accounts(ccsync_sourcekey='northwind~_a')`],
    ['an absolute address', () => `${dataverse.root}accounts(${accountId})`],
  ])('a contact is bound to its account by %s', async (_way, address) => {
    const id = await dataverse.create('contacts', { lastname: 'X', 'parentcustomerid_account@odata.bind': address() });
    expect(await parentOf(id)).toBe(accountId);
  });

  it('a missing row by alternate key refuses the write with 0x80060891', async () => {
    const answer = await dataverse.post('contacts', {
      lastname: 'X',
      'parentcustomerid_account@odata.bind': `/accounts(ccsync_sourcekey='none')`,
    });
    expect([answer.status, answer.error.code]).toEqual([404, '0x80060891']);
    expect((await dataverse.get('contacts')).rows).toHaveLength(0);
  });

  it('a missing row by id refuses the write with 0x80040217', async () => {
    const answer = await dataverse.post('contacts', { lastname: 'X', 'parentcustomerid_account@odata.bind': `/accounts(${missingId})` });
    expect([answer.status, answer.error.code]).toEqual([404, '0x80040217']);
  });

  it('null unbinds', async () => {
    const id = await dataverse.create('contacts', { lastname: 'X', 'parentcustomerid_account@odata.bind': `/accounts(${accountId})` });
    await dataverse.patch(`contacts(${id})`, { 'parentcustomerid_account@odata.bind': null });
    expect(await parentOf(id)).toBeNull();
  });

  it('clearing one name of a customer lookup does not undo binding by the other, in either order', async () => {
    const parent = await dataverse.create('contacts', { lastname: 'Parent' });
    const clear = { 'parentcustomerid_account@odata.bind': null };
    const bind = { 'parentcustomerid_contact@odata.bind': `/contacts(${parent})` };
    for (const body of [
      { ...clear, ...bind },
      { ...bind, ...clear },
    ]) {
      expect(await parentOf(await dataverse.create('contacts', { lastname: 'X', ...body }))).toBe(parent);
    }
  });

  it("a customer lookup's own name is no navigation property", async () => {
    const answer = await dataverse.post('contacts', { 'parentcustomerid@odata.bind': `accounts(${accountId})` });
    expect([answer.status, answer.error.code]).toEqual([400, '0x80048d19']);
    expect(answer.error.message).toContain("An undeclared property 'parentcustomerid' which only has property annotations");
  });

  it('a row of the wrong table is refused', async () => {
    const contact = await dataverse.create('contacts', { lastname: 'X' });
    const answer = await dataverse.post('contacts', { 'parentcustomerid_account@odata.bind': `/contacts(${contact})` });
    expect([answer.status, answer.error.code]).toEqual([400, '0x80048d19']);
  });

  it('the value of a lookup cannot be set directly', async () => {
    const answer = await dataverse.post('contacts', { _parentcustomerid_value: accountId });
    expect([answer.status, answer.error.code]).toEqual([400, '0x80048d19']);
  });

  it('addresses that name no row are refused, not answered 500', async () => {
    for (const address of ['accounts', '', '$1', 'leads(1)', `accounts(${accountId})/name`, 5, {}]) {
      const answer = await dataverse.post('contacts', { 'parentcustomerid_account@odata.bind': address });
      expect([address, answer.status >= 400 && answer.status < 500]).toEqual([address, true]);
    }
  });

  it('the annotations tell which table a customer lookup points to', async () => {
    const id = await dataverse.create('contacts', { lastname: 'X', 'parentcustomerid_account@odata.bind': `/accounts(${accountId})` });
    const answer = await dataverse.get(`contacts(${id})?$select=_parentcustomerid_value`, { Prefer: 'odata.include-annotations="*"' });
    expect(answer.json).toMatchObject({
      '_parentcustomerid_value@Microsoft.Dynamics.CRM.lookuplogicalname': 'account',
      '_parentcustomerid_value@Microsoft.Dynamics.CRM.associatednavigationproperty': 'parentcustomerid_account',
      '_parentcustomerid_value@OData.Community.Display.V1.FormattedValue': 'Contoso',
      _parentcustomerid_value: accountId,
    });
    expect(answer.headers.get('preference-applied')).toBe('odata.include-annotations="*"');
  });

  it('PUT and DELETE of $ref link and unlink, GET tells the address', async () => {
    const id = await dataverse.create('contacts', { lastname: 'X' });
    const reference = `contacts(${id})/parentcustomerid_account/$ref`;
    const put = await dataverse.call('PUT', reference, { body: { '@odata.id': `${dataverse.root}accounts(${accountId})` } });
    expect(put.status).toBe(204);
    expect((await dataverse.get(reference)).json['@odata.id']).toBe(`${dataverse.root}accounts(${accountId})`);
    expect((await dataverse.delete(reference)).status).toBe(204);
    expect((await dataverse.get(reference)).status).toBe(204);
    expect(await parentOf(id)).toBeNull();
  });

  it('a lookup can be followed, and a collection listed and counted', async () => {
    const id = await dataverse.create('contacts', { lastname: 'X', 'parentcustomerid_account@odata.bind': `/accounts(${accountId})` });
    await dataverse.create('contacts', { lastname: 'Elsewhere' });
    expect((await dataverse.get(`contacts(${id})/parentcustomerid_account?$select=name`)).json).toMatchObject({
      name: 'Contoso',
      accountid: accountId,
    });
    expect((await dataverse.get(`contacts(${id})/parentcustomerid_contact`)).status).toBe(204);
    const listed = await dataverse.get(`accounts(${accountId})/contact_customer_accounts?$select=lastname`);
    expect(listed.rows.map((row) => row.contactid)).toEqual([id]);
    expect((await dataverse.get(`accounts(${accountId})/contact_customer_accounts/$count`)).text).toBe('\uFEFF1');
  });

  it('$expand brings the related row, its own related rows, and null for none', async () => {
    const parent = await dataverse.create('accounts', { name: 'Parent' });
    await dataverse.patch(`accounts(${accountId})`, { 'parentaccountid@odata.bind': `/accounts(${parent})` });
    const id = await dataverse.create('contacts', { lastname: 'X', 'parentcustomerid_account@odata.bind': `/accounts(${accountId})` });
    const expand =
      'parentcustomerid_account($select=name;$expand=parentaccountid($select=name)),parentcustomerid_contact($select=fullname)';
    const answer = await dataverse.get(`contacts(${id})?$select=lastname&$expand=${expand}`);
    expect(answer.json).toMatchObject({
      lastname: 'X',
      parentcustomerid_account: { name: 'Contoso', accountid: accountId, parentaccountid: { name: 'Parent' } },
      parentcustomerid_contact: null,
    });
  });

  it('$expand of a collection takes $select, $filter, $orderby and $top', async () => {
    for (const lastname of ['B', 'A', 'C', 'Z']) {
      await dataverse.create('contacts', { lastname, 'parentcustomerid_account@odata.bind': `/accounts(${accountId})` });
    }
    const expand = `contact_customer_accounts($select=lastname;$filter=lastname ne 'Z';$orderby=lastname desc;$top=2)`;
    const answer = await dataverse.get(`accounts?$select=name&$expand=${expand}`);
    const children = answer.rows[0]?.contact_customer_accounts as readonly { lastname: string }[];
    expect(children.map((child) => child.lastname)).toEqual(['C', 'B']);
  });

  it('an unknown navigation property is refused', async () => {
    for (const query of ['$expand=nosuch', '$expand=parentaccountid(', '$expand=parentaccountid($select=nosuch)', '$expand=name']) {
      expect([query, (await dataverse.get(`accounts?${query}`)).status]).toEqual([query, 400]);
    }
  });
});
