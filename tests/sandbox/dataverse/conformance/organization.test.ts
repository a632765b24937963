/** The organization, its teams and its environment variables: the reference pages of the tables and functions. */
import { people, startTestDataverse, type TestDataverse } from '../dataverse-client.ts';

describe('the organization (RetrieveCurrentOrganization, RetrieveVersion, organization.md)', () => {
  let dataverse: TestDataverse;
  beforeAll(async () => {
    dataverse = await startTestDataverse();
  });
  afterAll(() => dataverse.close());

  it.each([
    `RetrieveCurrentOrganization(AccessType='Default')`,
    `RetrieveCurrentOrganization(AccessType=Microsoft.Dynamics.CRM.EndpointAccessType'Default')`,
    `RetrieveCurrentOrganization(AccessType=@p)?@p=Microsoft.Dynamics.CRM.EndpointAccessType'Default'`,
  ])('%s tells id, name, version and endpoints', async (path) => {
    const answer = await dataverse.get(path);
    expect(answer.json).toMatchObject({
      '@odata.context': `${dataverse.root}$metadata#Microsoft.Dynamics.CRM.RetrieveCurrentOrganizationResponse`,
      Detail: {
        OrganizationId: (await dataverse.get('WhoAmI')).json.OrganizationId,
        OrganizationVersion: (await dataverse.get('RetrieveVersion')).json.Version,
        Endpoints: { Keys: ['WebApplication', 'OrganizationService', 'OrganizationDataService'] },
      },
    });
  });

  it('without its argument, or with one that is none, it is a bad request', async () => {
    expect((await dataverse.get('RetrieveCurrentOrganization')).status).toBe(400);
    expect((await dataverse.get(`RetrieveCurrentOrganization(AccessType='Moon')`)).status).toBe(400);
    expect((await dataverse.post(`RetrieveCurrentOrganization(AccessType='Default')`, {})).status).toBe(404);
  });

  it('the organization is one row, with the currency and how long change tracking lasts', async () => {
    const { rows } = await dataverse.get(
      'organizations?$select=name,expirechangetrackingindays&$expand=basecurrencyid($select=isocurrencycode)',
    );
    expect(rows).toMatchObject([{ expirechangetrackingindays: 7, basecurrencyid: { isocurrencycode: 'USD' } }]);
    const id = String(rows[0]?.organizationid);
    expect((await dataverse.patch(`organizations(${id})`, { name: 'Other' })).status).toBe(405);
  });
});

describe('teams as owners (team.md, assign by ownerid@odata.bind)', () => {
  let dataverse: TestDataverse;
  beforeAll(async () => {
    dataverse = await startTestDataverse();
  });
  afterAll(() => dataverse.close());
  afterEach(() => dataverse.reset());

  const northwind = async () => String((await dataverse.get(`teams?$filter=name eq 'Northwind Owners'&$select=name`)).rows[0]?.teamid);
  const ownersOf = async (id: string) => {
    const { json } = await dataverse.get(`contacts(${id})?$select=_ownerid_value,_owninguser_value,_owningteam_value`, {
      Prefer: 'odata.include-annotations="*"',
    });
    return [json['_ownerid_value@Microsoft.Dynamics.CRM.lookuplogicalname'], json._owninguser_value, json._owningteam_value];
  };

  it('a row is given to a team on create, and to a user again on update', async () => {
    const teamId = await northwind();
    const id = await dataverse.create('contacts', { lastname: 'A', 'ownerid@odata.bind': `/teams(${teamId})` });
    expect(await ownersOf(id)).toEqual(['team', null, teamId]);
    const expanded = await dataverse.get(`contacts(${id})?$select=lastname&$expand=owningteam($select=name)`);
    expect(expanded.json.owningteam).toMatchObject({ name: 'Northwind Owners' });

    const alex = String((await dataverse.get(`systemusers?$filter=azureactivedirectoryobjectid eq ${people.alex}`)).rows[0]?.systemuserid);
    await dataverse.patch(`contacts(${id})`, { 'ownerid@odata.bind': `/systemusers(${alex})` });
    expect(await ownersOf(id)).toEqual(['systemuser', alex, null]);
  });

  it('an unknown team, an access team, or a row that is neither user nor team is refused', async () => {
    const access = await dataverse.create('teams', { name: 'Access', teamtype: 1 });
    const account = await dataverse.create('accounts', { name: 'A' });
    const give = async (address: string) => {
      const { status, error } = await dataverse.post('contacts', { lastname: 'A', 'ownerid@odata.bind': address });
      return [status, error.code];
    };
    expect(await give('/teams(99999999-9999-4999-8999-999999999999)')).toEqual([404, '0x80040217']);
    expect(await give(`/teams(${access})`)).toEqual([400, '0x80040229']);
    expect(await give(`/accounts(${account})`)).toEqual([400, '0x80048d19']);
  });

  it('users are put into a team by association', async () => {
    const teamId = await northwind();
    const alex = String((await dataverse.get(`systemusers?$filter=fullname eq 'Alex Agent'`)).rows[0]?.systemuserid);
    const pair = { '@odata.id': `${dataverse.root}systemusers(${alex})` };
    expect((await dataverse.post(`teams(${teamId})/teammembership_association/$ref`, pair)).status).toBe(204);
    expect((await dataverse.get(`teams(${teamId})/teammembership_association?$select=fullname`)).rows).toMatchObject([
      { fullname: 'Alex Agent' },
    ]);
  });

  it('making a team takes more than an agent has', async () => {
    const answer = await dataverse.call('POST', 'teams', { body: { name: 'Mine', teamtype: 0 }, as: 'alex' });
    expect([answer.status, answer.error.code]).toEqual([403, '0x80040220']);
  });
});

describe('environment variables (environmentvariabledefinition.md, RetrieveEnvironmentVariableValue)', () => {
  let dataverse: TestDataverse;
  beforeAll(async () => {
    dataverse = await startTestDataverse();
  });
  afterAll(() => dataverse.close());
  afterEach(() => dataverse.reset());

  const valueOf = async (name: string) =>
    (await dataverse.get(`RetrieveEnvironmentVariableValue(DefinitionSchemaName='${name}')`)).json.Value;
  const define = (more: object = {}) =>
    dataverse.create('environmentvariabledefinitions', { schemaname: 'new_ApiUrl', displayname: 'API', type: 100_000_000, ...more });

  it('has the default until the environment has a value of its own', async () => {
    const id = await define({ defaultvalue: 'https://default' });
    expect(await valueOf('new_ApiUrl')).toBe('https://default');
    const binding = { 'EnvironmentVariableDefinitionId@odata.bind': `/environmentvariabledefinitions(${id})` };
    const valueId = await dataverse.create('environmentvariablevalues', { value: 'https://own', ...binding });
    expect(await valueOf('new_ApiUrl')).toBe('https://own');
    await dataverse.delete(`environmentvariablevalues(${valueId})`);
    expect(await valueOf('new_ApiUrl')).toBe('https://default');
  });

  it('is read with its value in one query, as apps do', async () => {
    const id = await define();
    const binding = { 'EnvironmentVariableDefinitionId@odata.bind': `/environmentvariabledefinitions(${id})` };
    await dataverse.create('environmentvariablevalues', { value: 'https://own', ...binding });
    const query = `$filter=schemaname eq 'new_ApiUrl'&$select=defaultvalue&$expand=environmentvariabledefinition_environmentvariablevalue($select=value)`;
    const { rows } = await dataverse.get(`environmentvariabledefinitions?${query}`);
    expect(rows).toMatchObject([
      { defaultvalue: null, environmentvariabledefinition_environmentvariablevalue: [{ value: 'https://own' }] },
    ]);
  });

  it('deleting the definition deletes the value', async () => {
    const id = await define();
    const binding = { 'EnvironmentVariableDefinitionId@odata.bind': `/environmentvariabledefinitions(${id})` };
    await dataverse.create('environmentvariablevalues', { value: 'x', ...binding });
    await dataverse.delete(`environmentvariabledefinitions(${id})`);
    expect((await dataverse.get('environmentvariablevalues/$count')).text).toBe('\uFEFF0');
  });

  it("our solution's variable is there while the solution is", async () => {
    expect(await valueOf('ccsync_ApiUrl')).toBeNull();
    await dataverse.control('POST', 'environment', { isSolutionInstalled: false });
    const answer = await dataverse.get(`RetrieveEnvironmentVariableValue(DefinitionSchemaName='ccsync_ApiUrl')`);
    expect([answer.status, answer.error.code]).toEqual([404, '0x80040217']);
  });

  it('the name must be given as a text', async () => {
    expect((await dataverse.get('RetrieveEnvironmentVariableValue')).status).toBe(400);
    expect((await dataverse.get('RetrieveEnvironmentVariableValue(DefinitionSchemaName=new_ApiUrl)')).status).toBe(400);
  });
});
