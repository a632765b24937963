/** create-update-entity-definitions-using-web-api.md */
import { startTestDataverse, type TestDataverse } from '../dataverse-client.ts';
import { bankAccounts, bankAccountTable, columnOf, keyOf, label, textColumn } from './definitions.ts';

describe('tables over the Web API (create-update-entity-definitions-using-web-api.md)', () => {
  let dataverse: TestDataverse;
  beforeAll(async () => {
    dataverse = await startTestDataverse({ settings: { keyIndexBuildMs: 0 } });
  });
  afterAll(() => dataverse.close());
  afterEach(() => dataverse.reset());

  const create = () => dataverse.post('EntityDefinitions', bankAccountTable);

  it('a created table answers 204 with its address, which reads it', async () => {
    const answer = await create();
    const address = answer.headers.get('odata-entityid') ?? '';
    expect(answer.status).toBe(204);
    expect(address).toMatch(/\/EntityDefinitions\([0-9a-f-]{36}\)$/);
    expect((await dataverse.get(address)).json).toMatchObject({
      LogicalName: 'new_bankaccount',
      SchemaName: 'new_BankAccount',
      EntitySetName: 'new_bankaccounts',
      CollectionSchemaName: 'new_BankAccounts',
      PrimaryIdAttribute: 'new_bankaccountid',
      PrimaryNameAttribute: 'new_accountname',
      OwnershipType: 'UserOwned',
      IsCustomEntity: true,
      IsManaged: false,
      ObjectTypeCode: 10_000,
      DisplayCollectionName: { UserLocalizedLabel: { Label: 'Bank Accounts' } },
    });
  });

  it('its rows have the whole Web API: create, read, query, update, delete', async () => {
    await create();
    const id = await dataverse.create('new_bankaccounts', { new_accountname: 'Savings' });
    expect((await dataverse.get(`new_bankaccounts(${id})?$select=new_accountname,statecode`)).json).toMatchObject({
      new_accountname: 'Savings',
      statecode: 0,
    });
    await dataverse.patch(`new_bankaccounts(${id})`, { new_accountname: 'Current' });
    expect((await dataverse.get(`new_bankaccounts?$filter=new_accountname eq 'current'&$select=createdon`)).rows).toHaveLength(1);
    expect((await dataverse.delete(`new_bankaccounts(${id})`)).status).toBe(204);
    expect((await dataverse.get('new_bankaccounts/$count')).text).toBe('\uFEFF0');
    expect((await dataverse.get('')).rows).toContainEqual({ name: 'new_bankaccounts', kind: 'EntitySet', url: 'new_bankaccounts' });
  });

  it('its keys and bulk messages work as those of other tables, and sdkmessagefilters says so', async () => {
    await create();
    await dataverse.post(`${bankAccounts}/Attributes`, textColumn('new_Code', 20));
    await dataverse.post(`${bankAccounts}/Keys`, keyOf('new_CodeKey', ['new_code']));
    const Targets = ['a', 'b'].map((code) => ({
      '@odata.type': 'Microsoft.Dynamics.CRM.new_bankaccount',
      '@odata.id': `new_bankaccounts(new_code='${code}')`,
      new_accountname: code,
    }));
    expect((await dataverse.post('new_bankaccounts/Microsoft.Dynamics.CRM.UpsertMultiple', { Targets })).status).toBe(204);
    expect((await dataverse.get(`new_bankaccounts(new_code='b')?$select=new_accountname`)).json.new_accountname).toBe('b');
    const filter = `sdkmessageid/name eq 'CreateMultiple' and primaryobjecttypecode eq 'new_bankaccount'`;
    expect((await dataverse.get(`sdkmessagefilters?$select=sdkmessagefilterid&$filter=${filter}`)).rows).toHaveLength(1);
  });

  it('PUT replaces its labels; change tracking is turned on and never off', async () => {
    await create();
    const before = (await dataverse.get(bankAccounts)).json;
    const put = (changes: object) =>
      dataverse.call('PUT', bankAccounts, { body: { ...before, ...changes }, headers: { 'MSCRM.MergeLabels': 'true' } });
    expect((await put({ DisplayName: label('Bank Business Name'), ChangeTrackingEnabled: true })).status).toBe(204);
    expect((await dataverse.get(bankAccounts)).json).toMatchObject({
      DisplayName: { UserLocalizedLabel: { Label: 'Bank Business Name' } },
      ChangeTrackingEnabled: true,
    });
    expect((await put({ ChangeTrackingEnabled: false })).status).toBe(400);
  });

  it('a deleted table is gone with its rows', async () => {
    await create();
    await dataverse.create('new_bankaccounts', { new_accountname: 'Savings' });
    expect((await dataverse.delete(bankAccounts)).status).toBe(204);
    expect((await dataverse.get('new_bankaccounts')).error.code).toBe('0x8006088a');
    expect((await dataverse.get(bankAccounts)).status).toBe(404);
    await create();
    expect((await dataverse.get('new_bankaccounts')).rows).toEqual([]);
  });

  it.each([
    ['without a prefix', { SchemaName: 'BankAccount' }, '0x80044366'],
    ['without a primary name column', { Attributes: [textColumn('new_AccountName')] }, '0x8004700e'],
    ['with a primary name that is no text', { Attributes: [columnOf('Integer', 'new_N', { IsPrimaryName: true })] }, '0x8004700e'],
    ['without a display name', { DisplayName: undefined }, '0x8004700c'],
    ['with an ownership that is none', { OwnershipType: 'NobodyOwned' }, '0x8004700d'],
    ['with a property that the type has not', { Colour: 'red' }, '0x80048d19'],
    ['with the name of a set that is there', { EntitySetName: 'contacts' }, '0x8006088E'],
  ])('%s it is refused with 400', async (_what, changes, code) => {
    const answer = await dataverse.post('EntityDefinitions', { ...bankAccountTable, ...changes });
    expect([answer.status, answer.error.code]).toEqual([400, code]);
    expect((await dataverse.get(bankAccounts)).status).toBe(404);
  });

  it('a name that is taken is refused, and so is deleting what is built in', async () => {
    await create();
    expect((await create()).error.code).toBe('0x8004700b');
    expect((await dataverse.delete(`EntityDefinitions(LogicalName='account')`)).error.code).toBe('0x80047008');
  });

  it('filters by enumerations and by what is in a complex property (query-metadata-web-api.md)', async () => {
    await create();
    const names = async (filter: string) =>
      (await dataverse.get(`EntityDefinitions?$select=LogicalName&$filter=${filter}`)).rows.map((row) => row.LogicalName);
    const owned = await names(`OwnershipType eq Microsoft.Dynamics.CRM.OwnershipTypes'UserOwned'`);
    expect(owned).toEqual(expect.arrayContaining(['account', 'contact', 'new_bankaccount']));
    expect(owned).not.toContain('systemuser');
    expect(await names('CanCreateAttributes/Value eq true and IsCustomEntity eq true')).toEqual(['ccsync_syncrequest', 'new_bankaccount']);
    const required = `RequiredLevel/Value eq Microsoft.Dynamics.CRM.AttributeRequiredLevel'ApplicationRequired'`;
    const columns = await dataverse.get(`EntityDefinitions(LogicalName='account')/Attributes?$select=SchemaName&$filter=${required}`);
    expect(columns.rows.map((row) => row.SchemaName)).toEqual(['Name']);
  });

  it('PublishXml takes the tables to publish, PublishAllXml takes nothing', async () => {
    await create();
    const publish = (ParameterXml: string) => dataverse.post('PublishXml', { ParameterXml });
    const xml = (table: string) => `<importexportxml><entities><entity>${table}</entity></entities></importexportxml>`;
    expect((await publish(xml('new_bankaccount'))).status).toBe(204);
    expect((await publish(xml('new_nothing'))).status).toBe(404);
    expect((await publish('<entities/>')).status).toBe(400);
    expect((await dataverse.call('POST', 'PublishAllXml')).status).toBe(204);
    expect((await dataverse.call('POST', 'PublishAllXml', { as: 'alex' })).error.code).toBe('0x80040220');
  });
});
