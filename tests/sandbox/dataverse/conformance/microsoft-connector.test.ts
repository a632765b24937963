/** The columns of Microsoft's own connector (configure-servicenow-connector.md, configure-zendesk-connector.md). */
import { type Json, startTestDataverse, type TestDataverse } from '../dataverse-client.ts';

describe("the columns of Microsoft's connector", () => {
  let dataverse: TestDataverse;
  beforeAll(async () => {
    dataverse = await startTestDataverse();
  });
  afterAll(() => dataverse.close());
  afterEach(() => dataverse.reset());

  const environment = (settings: Json) => dataverse.control('POST', 'environment', settings);
  const columns = async (table: string) =>
    (await dataverse.get(`EntityDefinitions(LogicalName='${table}')/Attributes?$select=LogicalName,AttributeType`)).rows
      .filter(({ LogicalName }) => String(LogicalName).startsWith('msdyn_source_crm'))
      .map(({ LogicalName, AttributeType }) => [LogicalName, AttributeType]);
  const options = async () => {
    const path = `EntityDefinitions(LogicalName='account')/Attributes(LogicalName='msdyn_source_crm')/Microsoft.Dynamics.CRM.PicklistAttributeMetadata`;
    const { json } = await dataverse.get(`${path}/OptionSet?$select=Options`);
    return (json.Options as readonly Json[]).map(({ Value, Label }) => [Value, ((Label as Json).UserLocalizedLabel as Json).Label]);
  };

  it('are not there until the connector is installed, and then on accounts and contacts', async () => {
    expect(await columns('account')).toEqual([]);
    await environment({ isMicrosoftConnectorInstalled: true });
    const expected = [
      ['msdyn_source_crm', 'Picklist'],
      ['msdyn_source_crm_id', 'String'],
      ['msdyn_source_crm_url', 'String'],
    ];
    expect([await columns('account'), await columns('contact')]).toEqual([expected, expected]);
    const { rows } = await dataverse.get(`solutions?$filter=uniquename eq 'msdyn_ContactCenterCRMConnector'&$select=ismanaged`);
    expect(rows).toMatchObject([{ ismanaged: true }]);
  });

  it('rows are found by the number and the id, as its flows find them', async () => {
    await environment({ isMicrosoftConnectorInstalled: true });
    await dataverse.create('accounts', { name: 'A', msdyn_source_crm: 2, msdyn_source_crm_id: 'abc' });
    await dataverse.create('accounts', { name: 'B', msdyn_source_crm: 3, msdyn_source_crm_id: 'abc' });
    const found = await dataverse.get(`accounts?$filter=msdyn_source_crm eq 2 and msdyn_source_crm_id eq 'abc'&$select=name`);
    expect(found.rows.map(({ name }) => name)).toEqual(['A']);
  });

  it("what the choice offers is the environment's to say, and rows stay", async () => {
    await environment({ isMicrosoftConnectorInstalled: true });
    expect(await options()).toEqual([
      [1, 'Salesforce'],
      [2, 'ServiceNow'],
      [3, 'Zendesk'],
    ]);
    const id = await dataverse.create('accounts', { name: 'A', msdyn_source_crm: 3 });
    await environment({
      sourceCrmChoices: [
        { value: 3, label: 'Zendesk' },
        { value: 77, label: 'Northwind' },
      ],
    });
    expect(await options()).toEqual([
      [3, 'Zendesk'],
      [77, 'Northwind'],
    ]);
    expect((await dataverse.get(`accounts(${id})?$select=msdyn_source_crm`)).json.msdyn_source_crm).toBe(3);
    expect((await dataverse.post('accounts', { name: 'B', msdyn_source_crm: 1 })).error.code).toBe('0x8004431A');
  });

  it('go again with the connector', async () => {
    await environment({ isMicrosoftConnectorInstalled: true });
    await environment({ isMicrosoftConnectorInstalled: false });
    expect(await columns('contact')).toEqual([]);
    expect((await dataverse.get('solutions?$select=uniquename')).rows.map(({ uniquename }) => uniquename)).toEqual([
      'Default',
      'CrmSyncForContactCenter',
    ]);
  });
});
