/** create-update-optionsets.md */
import { type Json, startTestDataverse, type TestDataverse } from '../dataverse-client.ts';
import { choiceColumn, columnOf, contacts, label, option } from './definitions.ts';

const colors = {
  '@odata.type': 'Microsoft.Dynamics.CRM.OptionSetMetadata',
  Name: 'sample_colors',
  OptionSetType: 'Picklist',
  DisplayName: label('Colors'),
  Description: label('Color Choice'),
  Options: [option(727_000_000, 'Red'), option(727_000_001, 'Yellow')],
};

describe('choices over the Web API (create-update-optionsets.md)', () => {
  let dataverse: TestDataverse;
  beforeAll(async () => {
    dataverse = await startTestDataverse();
  });
  afterAll(() => dataverse.close());
  afterEach(() => dataverse.reset());

  const create = () => dataverse.post('GlobalOptionSetDefinitions', colors);
  const bind = (address: string) =>
    dataverse.post(`${contacts}/Attributes`, columnOf('Picklist', 'sample_Colors', { 'GlobalOptionSet@odata.bind': address }));
  const valuesOf = async (address: string) =>
    ((await dataverse.get(address)).json.Options as readonly Json[]).map(({ Value, Label }) => [
      Value,
      ((Label as Json).UserLocalizedLabel as Json).Label,
    ]);
  const columnOptions = (name: string) =>
    valuesOf(`${contacts}/Attributes(LogicalName='${name}')/Microsoft.Dynamics.CRM.PicklistAttributeMetadata/OptionSet`);

  it('a created choice is read by its id and by its name, whole', async () => {
    const answer = await create();
    const address = answer.headers.get('odata-entityid') ?? '';
    expect([answer.status, /\/GlobalOptionSetDefinitions\([0-9a-f-]{36}\)$/.test(address)]).toEqual([204, true]);
    const expected = {
      Name: 'sample_colors',
      IsGlobal: true,
      OptionSetType: 'Picklist',
      Options: [{ Value: 727_000_000 }, { Value: 727_000_001 }],
    };
    expect((await dataverse.get(address)).json).toMatchObject(expected);
    expect((await dataverse.get(`GlobalOptionSetDefinitions(Name='sample_colors')`)).json).toMatchObject(expected);
    expect((await dataverse.get('GlobalOptionSetDefinitions')).rows).toMatchObject([expected]);
  });

  it('a column bound to it, by id or by name, offers its options, and new ones as they come', async () => {
    await create();
    expect((await bind(`/GlobalOptionSetDefinitions(Name='sample_colors')`)).status).toBe(204);
    const green = { OptionSetName: 'sample_colors', Value: 727_000_002, Label: label('Green') };
    const inserted = await dataverse.post('InsertOptionValue', green);
    expect([inserted.status, inserted.json.NewOptionValue]).toEqual([200, 727_000_002]);
    expect((await columnOptions('sample_colors')).at(-1)).toEqual([727_000_002, 'Green']);
    expect((await dataverse.post('contacts', { lastname: 'A', sample_colors: 727_000_002 })).status).toBe(204);
    const path = `${contacts}/Attributes(LogicalName='sample_colors')/Microsoft.Dynamics.CRM.PicklistAttributeMetadata`;
    const { json } = await dataverse.get(`${path}?$select=LogicalName&$expand=OptionSet($select=Name),GlobalOptionSet($select=Name)`);
    expect(json).toMatchObject({ OptionSet: { Name: 'sample_colors' }, GlobalOptionSet: { Name: 'sample_colors' } });
  });

  it("a column's own options are inserted, renamed, ordered and deleted by actions", async () => {
    await dataverse.post(`${contacts}/Attributes`, choiceColumn('sample_Choice', [option(1, 'Bravo'), option(2, 'Delta')]));
    const where = { EntityLogicalName: 'contact', AttributeLogicalName: 'sample_choice' };
    expect((await dataverse.post('InsertOptionValue', { ...where, Value: 3, Label: label('Echo') })).status).toBe(200);
    expect((await dataverse.post('UpdateOptionValue', { ...where, Value: 1, Label: label('Beta'), MergeLabels: true })).status).toBe(204);
    expect((await dataverse.post('OrderOption', { ...where, Values: [3, 1, 2] })).status).toBe(204);
    expect((await dataverse.post('DeleteOptionValue', { ...where, Value: 2 })).status).toBe(204);
    expect(await columnOptions('sample_choice')).toEqual([
      [3, 'Echo'],
      [1, 'Beta'],
    ]);
    const formatted = await dataverse.create('contacts', { lastname: 'A', sample_choice: 1 });
    const row = await dataverse.get(`contacts(${formatted})?$select=sample_choice`, { Prefer: 'odata.include-annotations="*"' });
    expect(row.json['sample_choice@OData.Community.Display.V1.FormattedValue']).toBe('Beta');
  });

  it('the labels of yes and no are changed as options 1 and 0', async () => {
    const OptionSet = { OptionSetType: 'Boolean', TrueOption: option(1, 'True'), FalseOption: option(0, 'False') };
    await dataverse.post(`${contacts}/Attributes`, columnOf('Boolean', 'new_Boolean', { OptionSet }));
    const where = { EntityLogicalName: 'contact', AttributeLogicalName: 'new_boolean' };
    expect((await dataverse.post('UpdateOptionValue', { ...where, Value: 1, Label: label('Up') })).status).toBe(204);
    const path = `${contacts}/Attributes(LogicalName='new_boolean')/Microsoft.Dynamics.CRM.BooleanAttributeMetadata/OptionSet`;
    expect((await dataverse.get(path)).json).toMatchObject({ TrueOption: { Label: { UserLocalizedLabel: { Label: 'Up' } } } });
  });

  it('a choice in use cannot be deleted; one that is not in use can', async () => {
    await create();
    await bind(`/GlobalOptionSetDefinitions(Name='sample_colors')`);
    const remove = () => dataverse.delete(`GlobalOptionSetDefinitions(Name='sample_colors')`);
    expect((await remove()).error.code).toBe('0x8004F01F');
    await dataverse.delete(`${contacts}/Attributes(LogicalName='sample_colors')`);
    expect((await remove()).status).toBe(204);
    expect((await dataverse.get(`GlobalOptionSetDefinitions(Name='sample_colors')`)).status).toBe(404);
  });

  it('what is wrong is refused: a taken name, a value that is there, an option that is not, a filter', async () => {
    await create();
    const where = { OptionSetName: 'sample_colors' };
    const codes = [
      await create(),
      await dataverse.post('GlobalOptionSetDefinitions', { ...colors, Name: 'colors' }),
      await dataverse.post('InsertOptionValue', { ...where, Value: 727_000_000, Label: label('Again') }),
      await dataverse.post('DeleteOptionValue', { ...where, Value: 5 }),
      await dataverse.post('OrderOption', { ...where, Values: [727_000_001] }),
      await bind(`/GlobalOptionSetDefinitions(Name='sample_nothing')`),
      await dataverse.get(`GlobalOptionSetDefinitions?$filter=Name eq 'sample_colors'`),
    ].map(({ status, error }) => [status, error.code]);
    expect(codes).toEqual([
      [400, '0x80044345'],
      [400, '0x80044366'],
      [400, '0x80048403'],
      [404, '0x80040217'],
      [400, '0x80048403'],
      [404, '0x80040217'],
      [400, '0x80060888'],
    ]);
  });
});
