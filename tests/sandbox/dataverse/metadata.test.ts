/** query-metadata-web-api.md, define-alternate-keys-entity.md */
import { anyText, type Json, startTestDataverse, type TestDataverse } from './dataverse-client.ts';

describe('table definitions of Dataverse', () => {
  let dataverse: TestDataverse;
  beforeAll(async () => {
    dataverse = await startTestDataverse();
  });
  afterAll(() => dataverse.close());
  afterEach(() => dataverse.reset());

  const definition = (rest: string) => dataverse.get(`EntityDefinitions(LogicalName='contact')${rest}`);
  const stringColumns = '/Attributes/Microsoft.Dynamics.CRM.StringAttributeMetadata';

  it('a table by name, with the properties selected', async () => {
    const answer = await definition('?$select=LogicalName,EntitySetName,PrimaryIdAttribute,IsOptimisticConcurrencyEnabled');
    expect(answer.status).toBe(200);
    expect(answer.json).toEqual({
      '@odata.context': `${dataverse.root}$metadata#EntityDefinitions/$entity`,
      LogicalName: 'contact',
      EntitySetName: 'contacts',
      PrimaryIdAttribute: 'contactid',
      IsOptimisticConcurrencyEnabled: true,
      MetadataId: anyText,
    });
    expect((await dataverse.get(`EntityDefinitions(${String(answer.json.MetadataId)})?$select=LogicalName`)).json.LogicalName).toBe(
      'contact',
    );
  });

  it('the tables, filtered by name', async () => {
    const names = async (query: string) =>
      (await dataverse.get(`EntityDefinitions?$select=LogicalName${query}`)).rows.map((row) => row.LogicalName);
    expect(await names('')).toEqual(expect.arrayContaining(['account', 'contact', 'systemuser']));
    expect(await names(`&$filter=LogicalName eq 'account' or LogicalName eq 'contact'`)).toEqual(['account', 'contact']);
  });

  it('lengths of text columns come with the cast to their type', async () => {
    const { rows } = await definition(`${stringColumns}?$select=LogicalName,MaxLength,RequiredLevel,FormatName,DisplayName`);
    const column = (name: string): Json | undefined => rows.find((row) => row.LogicalName === name);
    expect(column('lastname')).toMatchObject({
      MaxLength: 50,
      RequiredLevel: { Value: 'ApplicationRequired' },
      DisplayName: { UserLocalizedLabel: { Label: 'Last Name', LanguageCode: 1033 } },
    });
    expect(column('emailaddress1')).toMatchObject({ MaxLength: 100, FormatName: { Value: 'Email' } });
    expect(column('ccsync_sourcekey')).toMatchObject({ MaxLength: 250 });
    expect(column('birthdate')).toBeUndefined();
  });

  it('without a cast a length cannot be selected, and all columns have their kind', async () => {
    const refused = await definition('/Attributes?$select=LogicalName,MaxLength');
    expect([refused.status, refused.error.message]).toEqual([
      400,
      "Could not find a property named 'MaxLength' on type 'Microsoft.Dynamics.CRM.AttributeMetadata'.",
    ]);
    const { rows } = await definition('/Attributes?$select=LogicalName,AttributeType,IsValidForCreate,IsValidForUpdate');
    const kinds = Object.fromEntries(rows.map((row): [string, unknown] => [String(row.LogicalName), row.AttributeType]));
    expect(kinds).toMatchObject({
      contactid: 'Uniqueidentifier',
      lastname: 'String',
      description: 'Memo',
      birthdate: 'DateTime',
      annualincome: 'Money',
      donotemail: 'Boolean',
      parentcustomerid: 'Customer',
      ownerid: 'Owner',
      transactioncurrencyid: 'Lookup',
      statecode: 'State',
      statuscode: 'Status',
      ccsync_syncstatus: 'Picklist',
      versionnumber: 'BigInt',
    });
    expect(rows.find((row) => row.LogicalName === 'fullname')).toMatchObject({ IsValidForCreate: false, IsValidForUpdate: false });
  });

  it('everything of a column comes when nothing is selected', async () => {
    const { rows } = await definition('/Attributes');
    const lastName = rows.find((row) => row.LogicalName === 'lastname');
    expect(lastName).toMatchObject({ '@odata.type': '#Microsoft.Dynamics.CRM.StringAttributeMetadata', MaxLength: 50 });
  });

  it('one column by name, with its choices expanded', async () => {
    const path = `/Attributes(LogicalName='ccsync_syncstatus')/Microsoft.Dynamics.CRM.PicklistAttributeMetadata`;
    const answer = await definition(`${path}?$select=LogicalName&$expand=OptionSet($select=Options)`);
    const options = (answer.json.OptionSet as { Options: readonly { Value: number; Label: { UserLocalizedLabel: Json } }[] }).Options;
    expect(options.map((option) => [option.Value, option.Label.UserLocalizedLabel.Label])).toEqual([
      [863400000, 'In sync'],
      [863400001, 'Waiting for its account'],
      [863400002, 'Removed in the CRM'],
    ]);
  });

  it('attributes and keys, expanded in one request', async () => {
    const expand = `Attributes($select=LogicalName;$filter=AttributeType eq Microsoft.Dynamics.CRM.AttributeTypeCode'Memo'),Keys($select=KeyAttributes,EntityKeyIndexStatus)`;
    const answer = await definition(`?$select=LogicalName&$expand=${expand}`);
    expect((answer.json.Attributes as readonly Json[]).map((column) => column.LogicalName)).toEqual(['description']);
    expect(answer.json.Keys).toEqual([{ KeyAttributes: ['ccsync_sourcekey'], EntityKeyIndexStatus: 'Active', MetadataId: anyText }]);
  });

  it('the alternate key with the state of its index; until it is Active it is no address', async () => {
    const key = () => definition(`/Keys(LogicalName='ccsync_sourcekey')?$select=LogicalName,EntityKeyIndexStatus`);
    expect((await key()).json).toMatchObject({ LogicalName: 'ccsync_sourcekey', EntityKeyIndexStatus: 'Active' });
    await dataverse.control('POST', 'environment', { keyIndexStatus: 'InProgress' });
    expect((await key()).json).toMatchObject({ EntityKeyIndexStatus: 'InProgress' });
    expect((await definition('/Keys')).rows).toHaveLength(1);
    const answer = await dataverse.patch(`contacts(ccsync_sourcekey='k')`, { lastname: 'A' });
    expect([answer.status, answer.error.code]).toEqual([400, '0x80060890']);
  });

  it('before our solution is imported its columns and key are not there', async () => {
    await dataverse.control('POST', 'environment', { isSolutionInstalled: false });
    expect((await definition('/Keys')).rows).toEqual([]);
    expect((await definition(`${stringColumns}?$select=LogicalName`)).rows.map((row) => row.LogicalName)).not.toContain('ccsync_sourcekey');
    expect((await dataverse.get('contacts?$select=ccsync_sourcekey')).status).toBe(400);
    expect((await dataverse.post('contacts', { lastname: 'A', ccsync_sourcecrm: 'x' })).error.code).toBe('0x80048d19');
    expect((await dataverse.post('contacts', { lastname: 'A' })).status).toBe(204);
  });

  it('functions in a filter of metadata are answered 501', async () => {
    const answer = await dataverse.get(`EntityDefinitions?$filter=startswith(LogicalName,'a')`);
    expect([answer.status, answer.error]).toEqual([
      501,
      { code: '0x8006088a', message: 'The "startswith" function isn\'t supported for Metadata Entities' },
    ]);
  });

  it('what is not there is refused', async () => {
    const wrong: readonly (readonly [string, number])[] = [
      [`EntityDefinitions(LogicalName='nosuch')`, 404],
      [`EntityDefinitions(LogicalName='contact')/Nothing`, 404],
      [`EntityDefinitions(LogicalName='contact')/Attributes(LogicalName='nosuch')`, 404],
      [`EntityDefinitions(LogicalName='contact')/Attributes/Microsoft.Dynamics.CRM.Nothing`, 404],
      [`EntityDefinitions(LogicalName='contact')/Attributes(LogicalName='lastname')/Microsoft.Dynamics.CRM.MemoAttributeMetadata`, 404],
      [`EntityDefinitions(LogicalName='contact')?$select=Nothing`, 400],
      [`EntityDefinitions(LogicalName='contact')?$expand=Nothing`, 400],
      [`EntityDefinitions?$filter=Nothing eq 1`, 400],
    ];
    for (const [path, status] of wrong) expect([path, (await dataverse.get(path)).status]).toEqual([path, status]);
  });

  it('the service document lists the sets', async () => {
    expect((await dataverse.get('')).rows).toContainEqual({ name: 'contacts', kind: 'EntitySet', url: 'contacts' });
  });
});
