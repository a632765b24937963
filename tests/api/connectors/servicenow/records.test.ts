import type { SourceConnector, SourceRecord, TableName } from '../../../../api/src/crm/types.ts';
import { handClock } from '../../../sandbox/support/hand-clock.ts';
import { type OpenServiceNow, openServiceNow } from '../../../sandbox/servicenow/servicenow.ts';
import { never, readRecords } from '../../crm/support/people-crm.ts';
import { openConnected } from './support.ts';

const clock = handClock('2026-11-01T10:00:00.000Z');
let crm: OpenServiceNow;
let connector: SourceConnector;
beforeAll(async () => {
  crm = await openServiceNow({ now: clock.now });
  connector = (await openConnected(crm.url)).connector;
});
afterAll(() => crm.close());
beforeEach(() => clock.passMs(3_600_000));
afterEach(() => crm.set({ forbiddenTables: [], timeZone: 'UTC' }));

const create = async (table: string, values: object): Promise<string> => {
  const { body } = await crm.table<{ result: { sys_id: string } }>(table, {}, { json: values });
  return body.result.sys_id;
};
const remove = (table: string, id: string) => crm.table(`${table}/${id}`, {}, { method: 'DELETE' });
const read = async (table: TableName, id: string): Promise<SourceRecord> => {
  const record = await connector.table(table).getOne(id, never);
  if (record === null) throw new Error('It is not there.');
  return record;
};
/** What each column would get. */
const rowOf = (table: TableName, { fields }: SourceRecord) =>
  Object.fromEntries(connector.table(table).columns.map((rule) => [rule.to.join(), rule.read(fields)]));
const unknownId = '0'.repeat(32);

describe('records of ServiceNow', () => {
  it('are read one by one and several at once, and who is not there is not there', async () => {
    const ids = await Promise.all(['A', 'B', 'C'].map((name) => create('customer_account', { name })));
    expect(await connector.table('account').getOne(unknownId, never)).toBeNull();
    const found = await connector.table('account').getMany([...ids, unknownId], never);
    expect(found.map(({ id }) => id).sort()).toEqual([...ids].sort());
    expect(await connector.table('account').getMany([unknownId], never)).toEqual([]);
  });

  it('refuses an id that would change the query around it, and reads the others', async () => {
    await expect(connector.table('account').getOne('..', never)).rejects.toMatchObject({ code: 'record.unreadable' });
    const id = await create('customer_account', { name: 'A' });
    expect(await connector.table('account').getMany([id, 'x^ORnameISNOTEMPTY'], never)).toMatchObject([{ id }]);
  });

  it('know their account, the account above, and where a person opens them', async () => {
    const above = await create('customer_account', { name: 'Above' });
    const account = await create('customer_account', { name: 'Below', account_parent: above });
    const contact = await create('customer_contact', { last_name: 'Anders', account, active: 'true' });
    const alone = await create('customer_contact', { last_name: 'Alone', active: 'true' });
    expect(await read('account', account)).toMatchObject({ parentId: above, isDeleted: false });
    expect(await read('contact', contact)).toMatchObject({ parentId: account });
    expect(await read('contact', alone)).toMatchObject({ parentId: null });
    const { url } = await read('contact', contact);
    expect(url).toBe(`${crm.url}/nav_to.do?uri=customer_contact.do%3Fsys_id%3D${contact}`);
    expect(await (await fetch(url ?? '')).text()).toContain('Anders');
  });

  it('say when they changed in UTC, whatever zone the user is in', async () => {
    await crm.set({ timeZone: 'Asia/Kolkata' });
    expect((await read('account', await create('customer_account', { name: 'A' }))).modifiedOnMs).toBe(clock.now().getTime());
  });
});

describe('what ServiceNow no longer has', () => {
  const changes = (table: TableName = 'account') => {
    const nowMs = clock.now().getTime();
    return readRecords(connector.table(table).listChanges({ fromMs: nowMs - 60_000, toMs: nowMs + 60_000 }, null, never));
  };

  it('is told by the log of deletions, of this table alone', async () => {
    const account = await create('customer_account', { name: 'Gone' });
    const contact = await create('customer_contact', { last_name: 'Gone' });
    await remove('customer_account', account);
    await remove('customer_contact', contact);
    expect(await changes()).toMatchObject([{ id: account, isDeleted: true, modifiedOnMs: null }]);
    expect(await changes('contact')).toMatchObject([{ id: contact, isDeleted: true }]);
  });

  it('is left to full runs where the log is not granted, and the changes are read as ever', async () => {
    const stays = await create('customer_account', { name: 'Stays' });
    const goes = await create('customer_account', { name: 'Goes' });
    await remove('customer_account', goes);
    await crm.set({ forbiddenTables: ['sys_audit_delete'] });
    expect(await changes()).toMatchObject([{ id: stays, isDeleted: false }]);
    const ids: string[] = [];
    for await (const page of connector.table('account').listIds(null, never)) ids.push(...page.ids);
    expect(ids).toContain(stays);
    expect(ids).not.toContain(goes);
  });

  it('says so when the table itself is not granted', async () => {
    await crm.set({ forbiddenTables: ['customer_account'] });
    await expect(changes()).rejects.toMatchObject({ code: 'crm.forbidden' });
  });

  it('counts a contact as removed that is not active, and as there again when it is', async () => {
    const contact = await create('customer_contact', { last_name: 'Anders', active: 'false' });
    expect(await read('contact', contact)).toMatchObject({ isDeleted: true });
    await crm.table(`customer_contact/${contact}`, {}, { method: 'PATCH', json: { active: 'true' } });
    expect(await changes('contact')).toMatchObject([{ id: contact, isDeleted: false }]);
  });
});

describe('rows of ServiceNow records', () => {
  it('an account with everything', async () => {
    const values = { number: 'ACCT0001', phone: ' +43 1 2 ', fax_phone: '+43 1 3', website: 'acme.example', num_employees: '1200' };
    const address = { street: 'Hof 1\r\nStiege 2\nTür 3\nbei Meier', city: 'Wien', state: 'W', zip: '1010', country: 'USA' };
    const id = await create('customer_account', {
      name: ' Acme ',
      stock_symbol: 'ACM',
      notes: '<p>Pays <b>late</b></p>',
      ...values,
      ...address,
    });
    expect(rowOf('account', await read('account', id))).toEqual({
      name: 'Acme',
      accountnumber: 'ACCT0001',
      telephone1: '+43 1 2',
      fax: '+43 1 3',
      websiteurl: 'https://acme.example',
      numberofemployees: '1200',
      tickersymbol: 'ACM',
      description: 'Pays late',
      'address1_line1,address1_line2,address1_line3': ['Hof 1', 'Stiege 2', 'Tür 3, bei Meier'],
      address1_city: 'Wien',
      address1_stateorprovince: 'W',
      address1_postalcode: '1010',
      address1_country: 'United States',
    });
  });

  it('a contact with everything, its country a code', async () => {
    const phones = { phone: '1', home_phone: '2', mobile_phone: '3' };
    const address = { street: 'Hof 1', city: 'Wien', state: 'W', zip: '1010', country: 'AUT' };
    const names = { first_name: 'Ludwig', middle_name: 'van', last_name: 'Beethoven' };
    const id = await create('customer_contact', { ...names, title: 'Composer', email: 'Ludwig@Example.COM', ...phones, ...address });
    expect(rowOf('contact', await read('contact', id))).toEqual({
      firstname: 'Ludwig',
      middlename: 'van',
      lastname: 'Beethoven',
      jobtitle: 'Composer',
      emailaddress1: 'ludwig@example.com',
      telephone1: '1',
      telephone2: '2',
      mobilephone: '3',
      'address1_line1,address1_line2,address1_line3': ['Hof 1', null, null],
      address1_city: 'Wien',
      address1_stateorprovince: 'W',
      address1_postalcode: '1010',
      address1_country: 'Austria',
    });
  });

  it('empty text empties the column, and a field that the instance does not have leaves it alone', async () => {
    const record = await read('account', await create('customer_account', { name: 'Acme' }));
    expect(rowOf('account', record)).toMatchObject({ numberofemployees: null, websiteurl: null, address1_city: null });
    const { number: _number, ...without } = record.fields;
    expect(rowOf('account', { ...record, fields: without }).accountnumber).toBeUndefined();
  });

  it('refuses a web address that would run a script', async () => {
    const record = await read('account', await create('customer_account', { name: 'Acme', website: 'javascript:alert(1)' }));
    expect(() => rowOf('account', record)).toThrow(expect.objectContaining({ code: 'mapping.value_refused' }) as Error);
  });
});
