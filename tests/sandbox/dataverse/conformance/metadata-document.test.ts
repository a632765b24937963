/** web-api-service-documents.md, web-api-entitytypes.md */
import { findAll, readXml, type XmlNode } from '../../../solution/support/read-xml.ts';
import { startTestDataverse, type TestDataverse } from '../dataverse-client.ts';
import { bankAccountTable } from './definitions.ts';

describe('the $metadata document (web-api-service-documents.md)', () => {
  let dataverse: TestDataverse;
  beforeAll(async () => {
    dataverse = await startTestDataverse();
  });
  afterAll(() => dataverse.close());
  afterEach(() => dataverse.reset());

  const read = async (query = ''): Promise<XmlNode> => {
    const answer = await dataverse.get(`$metadata${query}`);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/xml']);
    return readXml(answer.text);
  };
  const named = (nodes: readonly XmlNode[], name: string): XmlNode => {
    const found = nodes.find(({ attributes }) => attributes.Name === name);
    if (found === undefined) throw new Error(`no ${name}`);
    return found;
  };
  const typeOf = (document: XmlNode, name: string) => named(findAll(document, 'EntityType'), name);

  it('is XML with the namespace that every type is in', async () => {
    const schema = findAll(await read(), 'Schema')[0];
    expect(schema?.attributes).toMatchObject({ Namespace: 'Microsoft.Dynamics.CRM', Alias: 'mscrm' });
  });

  it('a table is an entity type with its key, properties by type, lookups and collections', async () => {
    const contact = typeOf(await read(), 'contact');
    expect(contact.attributes.BaseType).toBe('mscrm.crmbaseentity');
    expect(findAll(contact, 'PropertyRef').map(({ attributes }) => attributes.Name)).toEqual(['contactid']);
    const properties = findAll(contact, 'Property');
    const types = ['lastname', 'birthdate', 'annualincome', 'donotemail', 'statecode', '_parentcustomerid_value', 'versionnumber'];
    expect(types.map((name) => named(properties, name).attributes.Type)).toEqual([
      'Edm.String',
      'Edm.Date',
      'Edm.Decimal',
      'Edm.Boolean',
      'Edm.Int32',
      'Edm.Guid',
      'Edm.Int64',
    ]);
    const navigations = findAll(contact, 'NavigationProperty');
    expect(named(navigations, 'parentcustomerid_account').attributes).toMatchObject({
      Type: 'mscrm.account',
      Partner: 'contact_customer_accounts',
    });
    expect(named(navigations, 'contact_customer_contacts').attributes.Type).toBe('Collection(mscrm.contact)');
    expect(named(navigations, 'ownerid').attributes.Type).toBe('mscrm.principal');
  });

  it('an alternate key is an annotation, once it is Active', async () => {
    const paths = async () =>
      findAll(typeOf(await read(), 'contact'), 'PropertyValue').flatMap(({ attributes }) => attributes.PropertyPath ?? []);
    expect(await paths()).toEqual(['ccsync_sourcekey']);
    await dataverse.control('POST', 'environment', { keyIndexStatus: 'InProgress' });
    expect(await paths()).toEqual([]);
  });

  it('every type that it names is in it', async () => {
    const document = await read();
    const kinds = ['EntityType', 'ComplexType', 'EnumType'].flatMap((kind) => findAll(document, kind));
    const defined = new Set(kinds.map(({ attributes }) => `mscrm.${attributes.Name ?? ''}`));
    const users = ['NavigationProperty', 'Property', 'Parameter', 'ReturnType'].flatMap((tag) => findAll(document, tag));
    const used = users.map(({ attributes }) => (attributes.Type ?? '').replace(/^Collection\((.*)\)$/, '$1'));
    expect([...new Set(used)].filter((type) => !type.startsWith('Edm.') && !defined.has(type))).toEqual([]);
  });

  it('sets, functions and actions are in the container, and a new table is at once', async () => {
    await dataverse.post('EntityDefinitions', bankAccountTable);
    const document = await read();
    expect(named(findAll(document, 'EntitySet'), 'new_bankaccounts').attributes.EntityType).toBe('Microsoft.Dynamics.CRM.new_bankaccount');
    expect(typeOf(document, 'new_bankaccount')).toBeDefined();
    expect(named(findAll(document, 'FunctionImport'), 'WhoAmI').attributes.Function).toBe('mscrm.WhoAmI');
    expect(named(findAll(document, 'ActionImport'), 'PublishXml').attributes.Action).toBe('mscrm.PublishXml');
    const bulk = findAll(document, 'Action').filter(({ attributes }) => attributes.Name === 'UpsertMultiple');
    expect(bulk.map((action) => findAll(action, 'Parameter')[0]?.attributes.Type)).toContain('Collection(mscrm.new_bankaccount)');
  });

  it('with ?annotations=true it says which sets have change tracking (use-change-tracking-synchronize-data-external-systems.md)', async () => {
    const tracked = (document: XmlNode) =>
      findAll(document, 'EntitySet')
        .filter((set) =>
          findAll(set, 'Annotation').some(({ attributes }) => attributes.Term === 'Org.OData.Capabilities.V1.ChangeTracking'),
        )
        .map(({ attributes }) => attributes.Name);
    expect(tracked(await read())).toEqual([]);
    expect(tracked(await read('?annotations=true'))).toEqual(['accounts', 'contacts']);
  });
});
