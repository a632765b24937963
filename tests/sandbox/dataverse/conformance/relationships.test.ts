/** create-update-entity-relationships-using-web-api.md */
import { startTestDataverse, type TestDataverse } from '../dataverse-client.ts';
import { bankAccounts, bankAccountTable, columnOf } from './definitions.ts';

const ownerRelationship = {
  '@odata.type': 'Microsoft.Dynamics.CRM.OneToManyRelationshipMetadata',
  SchemaName: 'new_contact_new_bankaccount',
  CascadeConfiguration: {
    Assign: 'Cascade',
    Delete: 'Cascade',
    Merge: 'Cascade',
    Reparent: 'Cascade',
    Share: 'Cascade',
    Unshare: 'Cascade',
  },
  ReferencedAttribute: 'contactid',
  ReferencedEntity: 'contact',
  ReferencingEntity: 'new_bankaccount',
  Lookup: columnOf('Lookup', 'new_AccountOwner'),
};

describe('relationships over the Web API (create-update-entity-relationships-using-web-api.md)', () => {
  let dataverse: TestDataverse;
  beforeAll(async () => {
    dataverse = await startTestDataverse();
  });
  afterAll(() => dataverse.close());
  beforeEach(() => dataverse.post('EntityDefinitions', bankAccountTable));
  afterEach(() => dataverse.reset());

  it('a one-to-many relationship brings its lookup, to bind and to expand from both sides', async () => {
    const answer = await dataverse.post('RelationshipDefinitions', ownerRelationship);
    const address = answer.headers.get('odata-entityid') ?? '';
    expect([answer.status, /\/RelationshipDefinitions\([0-9a-f-]{36}\)$/.test(address)]).toEqual([204, true]);
    expect((await dataverse.get(address)).json).toMatchObject({
      SchemaName: 'new_contact_new_bankaccount',
      RelationshipType: 'OneToManyRelationship',
      ReferencingAttribute: 'new_accountowner',
      ReferencingEntityNavigationPropertyName: 'new_AccountOwner',
      ReferencedEntityNavigationPropertyName: 'new_contact_new_bankaccount',
      CascadeConfiguration: { Delete: 'Cascade' },
      IsCustomRelationship: true,
    });

    const contactId = await dataverse.create('contacts', { lastname: 'Orton' });
    const id = await dataverse.create('new_bankaccounts', {
      new_accountname: 'Savings',
      'new_AccountOwner@odata.bind': `/contacts(${contactId})`,
    });
    const expanded = await dataverse.get(
      `new_bankaccounts(${id})?$select=_new_accountowner_value&$expand=new_AccountOwner($select=lastname)`,
    );
    expect(expanded.json).toMatchObject({ _new_accountowner_value: contactId, new_AccountOwner: { lastname: 'Orton' } });
    const children = await dataverse.get(`contacts(${contactId})/new_contact_new_bankaccount?$select=new_accountname`);
    expect(children.rows).toMatchObject([{ new_accountname: 'Savings' }]);
    await dataverse.delete(`contacts(${contactId})`);
    expect((await dataverse.get(`new_bankaccounts(${id})`)).status).toBe(404);
  });

  it('Restrict keeps a row from being deleted while another points to it', async () => {
    await dataverse.post('RelationshipDefinitions', { ...ownerRelationship, CascadeConfiguration: { Delete: 'Restrict' } });
    const contactId = await dataverse.create('contacts', { lastname: 'Orton' });
    const id = await dataverse.create('new_bankaccounts', {
      new_accountname: 'A',
      'new_AccountOwner@odata.bind': `/contacts(${contactId})`,
    });
    const refused = await dataverse.delete(`contacts(${contactId})`);
    expect([refused.status, refused.error.code]).toEqual([405, '0x80040227']);
    await dataverse.delete(`new_bankaccounts(${id})`);
    expect((await dataverse.delete(`contacts(${contactId})`)).status).toBe(204);
  });

  it('a table that a lookup points to cannot be deleted until its relationship is', async () => {
    const toBank = {
      ...ownerRelationship,
      SchemaName: 'new_bankaccount_contact',
      ReferencedAttribute: 'new_bankaccountid',
      ReferencedEntity: 'new_bankaccount',
      ReferencingEntity: 'contact',
    };
    await dataverse.post('RelationshipDefinitions', toBank);
    expect((await dataverse.delete(bankAccounts)).error.code).toBe('0x8004F01F');
    expect((await dataverse.delete(`RelationshipDefinitions(SchemaName='new_bankaccount_contact')`)).status).toBe(204);
    expect((await dataverse.get('contacts?$select=_new_accountowner_value')).status).toBe(400);
    expect((await dataverse.delete(bankAccounts)).status).toBe(204);
  });

  it('CreateCustomerRelationships brings a lookup to accounts and contacts', async () => {
    const relationship = (table: string) => ({
      SchemaName: `new_bankaccount_customer_${table}`,
      ReferencedEntity: table,
      ReferencingEntity: 'new_bankaccount',
    });
    const answer = await dataverse.post('CreateCustomerRelationships', {
      OneToManyRelationships: [relationship('account'), relationship('contact')],
      Lookup: { ...columnOf('Lookup', 'new_CustomerId'), '@odata.type': 'Microsoft.Dynamics.CRM.ComplexLookupAttributeMetadata' },
    });
    expect([answer.status, answer.json.RelationshipIds]).toEqual([200, [expect.any(String), expect.any(String)]]);
    const accountId = await dataverse.create('accounts', { name: 'Contoso' });
    await dataverse.create('new_bankaccounts', { new_accountname: 'A', 'new_CustomerId_account@odata.bind': `/accounts(${accountId})` });
    expect((await dataverse.get(`new_bankaccounts?$filter=new_CustomerId_account/name eq 'Contoso'&$select=createdon`)).rows).toHaveLength(
      1,
    );
    const column = await dataverse.get(`${bankAccounts}/Attributes(${String(answer.json.AttributeId)})?$select=LogicalName,AttributeType`);
    expect(column.json).toMatchObject({ LogicalName: 'new_customerid', AttributeType: 'Customer' });
  });

  it('relationships are read in all three lists of a table and in RelationshipDefinitions', async () => {
    await dataverse.post('RelationshipDefinitions', ownerRelationship);
    const names = async (path: string) => (await dataverse.get(`${path}?$select=SchemaName`)).rows.map((row) => row.SchemaName);
    expect(await names(`EntityDefinitions(LogicalName='contact')/OneToManyRelationships`)).toContain('new_contact_new_bankaccount');
    expect(await names(`${bankAccounts}/ManyToOneRelationships`)).toContain('new_contact_new_bankaccount');
    expect(await names(`${bankAccounts}/ManyToManyRelationships`)).toEqual([]);
    expect(await names('RelationshipDefinitions/Microsoft.Dynamics.CRM.OneToManyRelationshipMetadata')).toContain('account_parent_account');
  });

  it('a many-to-many relationship ties rows from both sides, and goes with its pairs', async () => {
    const answer = await dataverse.post('RelationshipDefinitions', {
      '@odata.type': 'Microsoft.Dynamics.CRM.ManyToManyRelationshipMetadata',
      SchemaName: 'new_contacts_bankaccounts',
      Entity1LogicalName: 'contact',
      Entity2LogicalName: 'new_bankaccount',
      IntersectEntityName: 'new_contacts_bankaccounts',
    });
    const address = answer.headers.get('odata-entityid') ?? '';
    expect([answer.status, (await dataverse.get(address)).json.IntersectEntityName]).toEqual([204, 'new_contacts_bankaccounts']);
    const contactId = await dataverse.create('contacts', { lastname: 'Orton' });
    const id = await dataverse.create('new_bankaccounts', { new_accountname: 'Savings' });
    const pair = { '@odata.id': `${dataverse.root}new_bankaccounts(${id})` };
    expect((await dataverse.post(`contacts(${contactId})/new_contacts_bankaccounts/$ref`, pair)).status).toBe(204);
    const tied = await dataverse.get(`new_bankaccounts(${id})/new_contacts_bankaccounts?$select=lastname`);
    expect(tied.rows).toMatchObject([{ lastname: 'Orton' }]);
    expect((await dataverse.delete(bankAccounts)).error.code).toBe('0x8004F01F');
    expect((await dataverse.delete(address)).status).toBe(204);
    expect((await dataverse.get(`new_bankaccounts(${id})/new_contacts_bankaccounts`)).status).toBe(404);
    expect((await dataverse.delete(bankAccounts)).status).toBe(204);
  });

  it.each([
    ['a name that is taken', { SchemaName: 'account_parent_account' }, '0x8004432B'],
    ['a table that is not there', { ReferencedEntity: 'new_nothing' }, '0x80040217'],
    ['a cascade that is none', { CascadeConfiguration: { Delete: 'Maybe' } }, '0x80040203'],
    ['no lookup', { Lookup: undefined }, '0x80040203'],
    ['a kind that is none', { '@odata.type': 'Microsoft.Dynamics.CRM.FriendshipMetadata' }, '0x80048d19'],
  ])('%s is refused', async (_what, changes, code) => {
    const answer = await dataverse.post('RelationshipDefinitions', { ...ownerRelationship, ...changes });
    expect(answer.error.code).toBe(code);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
  });
});
