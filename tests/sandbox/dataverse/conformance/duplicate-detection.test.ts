/** manage-duplicate-detection-create-update.md, optional-parameters.md */
import { startTestDataverse, type TestDataverse } from '../dataverse-client.ts';

describe('duplicate detection (manage-duplicate-detection-create-update.md)', () => {
  let dataverse: TestDataverse;
  beforeAll(async () => {
    dataverse = await startTestDataverse();
  });
  afterAll(() => dataverse.close());
  afterEach(() => dataverse.reset());

  const detecting = { 'MSCRM.SuppressDuplicateDetection': 'false' };
  const found = [412, '0x80040333', 'A record was not created or updated because a duplicate of the current record already exists.'];

  it('is suppressed by default, and by the header with true', async () => {
    await dataverse.create('contacts', { lastname: 'A', emailaddress1: 'a@example.com' });
    expect((await dataverse.post('contacts', { lastname: 'B', emailaddress1: 'a@example.com' })).status).toBe(204);
    const suppressed = { 'MSCRM.SuppressDuplicateDetection': 'true' };
    expect((await dataverse.post('contacts', { lastname: 'C', emailaddress1: 'a@example.com' }, suppressed)).status).toBe(204);
  });

  it.each([
    ['contacts', { lastname: 'A', emailaddress1: 'a@example.com' }, { lastname: 'B', emailaddress1: 'A@example.com' }],
    ['accounts', { name: 'Contoso' }, { name: 'CONTOSO' }],
  ])('with false, creating the same again in %s is refused with 412, and nothing is written', async (set, first, second) => {
    await dataverse.create(set, first);
    const { status, error } = await dataverse.post(set, second, detecting);
    expect([status, error.code, error.message]).toEqual(found);
    expect((await dataverse.get(`${set}/$count`)).text).toBe('\uFEFF1');
  });

  it('an update that would make a duplicate is refused too, and the row stays as it was', async () => {
    await dataverse.create('contacts', { lastname: 'A', emailaddress1: 'a@example.com' });
    const id = await dataverse.create('contacts', { lastname: 'B', emailaddress1: 'b@example.com' });
    const { status, error } = await dataverse.patch(
      `contacts(${id})`,
      { emailaddress1: 'a@example.com' },
      { ...detecting, 'If-Match': '*' },
    );
    expect([status, error.code, error.message]).toEqual(found);
    expect((await dataverse.get(`contacts(${id})?$select=emailaddress1`)).json.emailaddress1).toBe('b@example.com');
    expect((await dataverse.patch(`contacts(${id})`, { lastname: 'C' }, detecting)).status).toBe(204);
  });

  it('rows without a value are nobody’s duplicates', async () => {
    await dataverse.create('contacts', { lastname: 'A' });
    expect((await dataverse.post('contacts', { lastname: 'B' }, detecting)).status).toBe(204);
  });

  it('the published rules can be read and not changed', async () => {
    const { rows } = await dataverse.get('duplicaterules?$select=baseentityname&$filter=statuscode eq 2');
    expect(rows.map(({ baseentityname }) => baseentityname)).toEqual(['account', 'contact', 'lead']);
    expect((await dataverse.delete(`duplicaterules(${String(rows[0]?.duplicateruleid)})`)).status).toBe(405);
  });

  it('RetrieveDuplicates gives the rows that values, or a row, are the same as', async () => {
    const id = await dataverse.create('accounts', { name: 'Contoso' });
    const other = await dataverse.create('accounts', { name: 'contoso' });
    const ask = (entity: object) => {
      const aliases = [`@p1=${JSON.stringify(entity)}`, `@p2='account'`, '@p3={"PageNumber":1,"Count":50}'].map(encodeURI);
      return dataverse.get(`RetrieveDuplicates(BusinessEntity=@p1,MatchingEntityName=@p2,PagingInfo=@p3)?${aliases.join('&')}`);
    };
    const unsaved = await ask({ '@odata.type': 'Microsoft.Dynamics.CRM.account', name: 'CONTOSO' });
    expect(unsaved.rows.map(({ accountid }) => accountid)).toEqual([id, other]);
    const saved = await ask({ '@odata.type': 'Microsoft.Dynamics.CRM.account', '@odata.id': `accounts(${id})` });
    expect(saved.rows.map(({ accountid }) => accountid)).toEqual([other]);
    expect((await dataverse.get('RetrieveDuplicates(BusinessEntity=@p1)?@p1=5')).status).toBe(400);
  });
});
