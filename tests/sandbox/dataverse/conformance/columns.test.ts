/** create-update-column-definitions-using-web-api.md, query-metadata-web-api.md */
import { type Json, startTestDataverse, type TestDataverse } from '../dataverse-client.ts';
import { choiceColumn, columnOf, contacts, label, option, textColumn } from './definitions.ts';

describe('columns over the Web API (create-update-column-definitions-using-web-api.md)', () => {
  let dataverse: TestDataverse;
  beforeAll(async () => {
    dataverse = await startTestDataverse();
  });
  afterAll(() => dataverse.close());
  afterEach(() => dataverse.reset());

  const add = (column: Json, headers = {}) => dataverse.post(`${contacts}/Attributes`, column, headers);
  const read = (name: string, type: string, query = '') =>
    dataverse.get(`${contacts}/Attributes(LogicalName='${name}')/Microsoft.Dynamics.CRM.${type}AttributeMetadata${query}`);

  it('a created column answers 204 with its address, which reads it', async () => {
    const answer = await add(textColumn('new_BankName', 120));
    const address = answer.headers.get('odata-entityid') ?? '';
    expect([answer.status, answer.text]).toEqual([204, '']);
    expect(address).toMatch(/\/EntityDefinitions\(LogicalName='contact'\)\/Attributes\([0-9a-f-]{36}\)$/);
    expect((await dataverse.get(address)).json).toMatchObject({
      LogicalName: 'new_bankname',
      SchemaName: 'new_BankName',
      AttributeType: 'String',
      IsCustomAttribute: true,
      IsManaged: false,
      MaxLength: 120,
      DisplayName: { UserLocalizedLabel: { Label: 'new_BankName', LanguageCode: 1033 } },
      Description: { UserLocalizedLabel: { Label: 'About new_BankName' } },
    });
  });

  const twoOptions = { OptionSet: { OptionSetType: 'Boolean', TrueOption: option(1, 'Up'), FalseOption: option(0, 'Down') } };
  it.each([
    ['String', textColumn('new_C', 50), { MaxLength: 50, FormatName: { Value: 'Text' } }, 'words', 'x'.repeat(51), '0x80044331'],
    ['Memo', columnOf('Memo', 'new_C', { MaxLength: 500, Format: 'TextArea' }), { MaxLength: 500 }, 'words', 7, '0x80048d19'],
    ['Integer', columnOf('Integer', 'new_C', { MinValue: 1, MaxValue: 9 }), { MinValue: 1, MaxValue: 9 }, 7, 10, '0x8004432f'],
    ['BigInt', columnOf('BigInt', 'new_C'), {}, 9_007_199_254_740_991, 'seven', '0x80048d19'],
    ['Decimal', columnOf('Decimal', 'new_C', { MaxValue: 100, MinValue: 0, Precision: 1 }), { Precision: 1 }, 7.5, 101, '0x80044330'],
    ['Double', columnOf('Double', 'new_C', { MaxValue: 100, MinValue: 0, Precision: 3 }), { Precision: 3 }, 7.125, -1, '0x80044330'],
    ['Money', columnOf('Money', 'new_C', { PrecisionSource: 2 }), { Precision: 2 }, 7.25, 'much', '0x80048d19'],
    ['Boolean', columnOf('Boolean', 'new_C', twoOptions), { DefaultValue: false }, true, 1, '0x80048d19'],
    ['DateTime', columnOf('DateTime', 'new_C', { Format: 'DateOnly' }), { Format: 'DateOnly' }, '2026-01-31', '31.1.2026', '0x80048d19'],
    ['Picklist', choiceColumn('new_C', [option(5, 'Five')]), { DefaultFormValue: -1 }, 5, 6, '0x8004431A'],
  ])('%s: a column of the type holds values of it and refuses others', async (type, column, shape, good, bad, code) => {
    expect((await add(column)).status).toBe(204);
    expect((await read('new_c', type)).json).toMatchObject({ AttributeType: type, AttributeTypeName: { Value: `${type}Type` }, ...shape });
    const id = await dataverse.create('contacts', { lastname: 'A', new_c: good });
    expect((await dataverse.get(`contacts(${id})?$select=new_c`)).json.new_c).toBe(good);
    const refused = await dataverse.post('contacts', { lastname: 'A', new_c: bad });
    expect([refused.status, refused.error.code]).toEqual([400, code]);
    expect((await dataverse.get(`contacts?$filter=new_c ne null&$select=lastname`)).rows).toHaveLength(1);
  });

  it('a choice is read with its options expanded, and by the address of its option set', async () => {
    await add(choiceColumn('new_Choice', [option(727_000_000, 'Bravo'), option(727_000_001, 'Delta')]));
    const expanded = await read('new_choice', 'Picklist', '?$select=LogicalName&$expand=OptionSet,GlobalOptionSet');
    const options = [
      { Value: 727_000_000, Label: { UserLocalizedLabel: { Label: 'Bravo' } } },
      { Value: 727_000_001, Label: { UserLocalizedLabel: { Label: 'Delta' } } },
    ];
    expect(expanded.json).toMatchObject({
      OptionSet: { IsGlobal: false, IsCustomOptionSet: true, Options: options },
      GlobalOptionSet: null,
    });
    expect((await read('new_choice', 'Picklist', '/OptionSet?$select=Options')).json).toMatchObject({ Options: options });
  });

  it('options without a value get one in the range of the publisher', async () => {
    await add(choiceColumn('new_Choice', [option(null, 'Bravo'), option(null, 'Delta')]));
    const { json } = await read('new_choice', 'Picklist', '/OptionSet?$select=Options');
    expect((json.Options as readonly Json[]).map(({ Value }) => Value)).toEqual([100_000_000, 100_000_001]);
  });

  it('a column is replaced by PUT: what was read, changed, goes back whole', async () => {
    await add(textColumn('new_BankName', 100));
    const before = (await read('new_bankname', 'String')).json;
    const answer = await dataverse.call('PUT', `${contacts}/Attributes(LogicalName='new_bankname')`, {
      body: {
        ...before,
        '@odata.type': 'Microsoft.Dynamics.CRM.StringAttributeMetadata',
        MaxLength: 10,
        DisplayName: label('Bank'),
        RequiredLevel: { Value: 'ApplicationRequired', CanBeChanged: true },
      },
      headers: { 'MSCRM.MergeLabels': 'true' },
    });
    expect(answer.status).toBe(204);
    expect(answer.headers.get('odata-entityid')).toBe(`${dataverse.root}${contacts}/Attributes(LogicalName='new_bankname')`);
    expect((await read('new_bankname', 'String')).json).toMatchObject({
      MaxLength: 10,
      DisplayName: { UserLocalizedLabel: { Label: 'Bank' } },
      RequiredLevel: { Value: 'ApplicationRequired' },
    });
    expect((await dataverse.post('contacts', { lastname: 'A', new_bankname: 'x'.repeat(11) })).error.code).toBe('0x80044331');
  });

  it('MSCRM.MergeLabels: true keeps the labels of other languages, and without it they are lost', async () => {
    const both = {
      LocalizedLabels: [
        { Label: 'Bank', LanguageCode: 1033 },
        { Label: 'Banque', LanguageCode: 1036 },
      ],
    };
    await add(textColumn('new_BankName', 100, { DisplayName: both }));
    const rename = (text: string, headers = {}) =>
      dataverse.call('PUT', `${contacts}/Attributes(LogicalName='new_bankname')`, {
        body: textColumn('new_BankName', 100, { DisplayName: label(text) }),
        headers,
      });
    const labels = async () =>
      ((await read('new_bankname', 'String')).json.DisplayName as { LocalizedLabels: readonly Json[] }).LocalizedLabels.map(
        ({ Label }) => Label,
      );

    await rename('Bench', { 'MSCRM.MergeLabels': 'true' });
    expect(await labels()).toEqual(['Bench', 'Banque']);
    await rename('House');
    expect(await labels()).toEqual(['House']);
  });

  it('a deleted column is gone, with what the rows held in it', async () => {
    await add(textColumn('new_BankName'));
    const id = await dataverse.create('contacts', { lastname: 'A', new_bankname: 'Old' });
    expect((await dataverse.delete(`${contacts}/Attributes(LogicalName='new_bankname')`)).status).toBe(204);
    expect((await dataverse.get(`contacts(${id})?$select=new_bankname`)).status).toBe(400);
    await add(textColumn('new_BankName'));
    expect((await dataverse.get(`contacts(${id})?$select=new_bankname`)).json.new_bankname).toBeNull();
  });

  it('MSCRM.SolutionUniqueName puts the column in the solution, whose publisher names it', async () => {
    const publisherId = await dataverse.create('publishers', {
      uniquename: 'contoso',
      friendlyname: 'Contoso',
      customizationprefix: 'cts',
      customizationoptionvalueprefix: 72_700,
    });
    const solutionId = await dataverse.create('solutions', {
      uniquename: 'ContosoLinks',
      friendlyname: 'Contoso Links',
      version: '1.0.0.0',
      'publisherid@odata.bind': `/publishers(${publisherId})`,
    });
    const inSolution = { 'MSCRM.SolutionUniqueName': 'ContosoLinks' };
    expect((await add(choiceColumn('cts_Rank', [option(null, 'First')]), inSolution)).status).toBe(204);
    const wrongPrefix = await add(textColumn('new_BankName'), inSolution);
    expect([wrongPrefix.status, wrongPrefix.error.code]).toEqual([400, '0x80044366']);
    const unknown = await add(textColumn('new_BankName'), { 'MSCRM.SolutionUniqueName': 'NoSuch' });
    expect([unknown.status, unknown.error.code]).toEqual([404, '0x80040217']);

    const metadataId = (await read('cts_rank', 'Picklist')).json.MetadataId;
    const components = await dataverse.get(`solutioncomponents?$filter=_solutionid_value eq ${solutionId}&$select=componenttype,objectid`);
    expect(components.rows).toMatchObject([{ componenttype: 2, objectid: metadataId }]);
    const { json } = await read('cts_rank', 'Picklist', '/OptionSet?$select=Options');
    expect(json.Options).toMatchObject([{ Value: 727_000_000 }]);
  });

  it.each([
    ['a name without a prefix', textColumn('BankName'), '0x80044366'],
    ['a name with a reserved prefix', textColumn('mscrm_BankName'), '0x80044366'],
    ['a name that is taken', textColumn('ccsync_SourceKey'), '0x80047013'],
    ['no type', { ...textColumn('new_C'), '@odata.type': undefined }, '0x80048d19'],
    ['a type that is none', { ...textColumn('new_C'), '@odata.type': 'Microsoft.Dynamics.CRM.WordAttributeMetadata' }, '0x80048d19'],
    ['a property that the type has not', textColumn('new_C', 10, { MaxLenght: 10 }), '0x80048d19'],
    ['no label in the language of the environment', textColumn('new_C', 10, { DisplayName: label('C', 1036) }), '0x8004700c'],
    ['a length beyond 4,000', textColumn('new_C', 4001), '0x80040203'],
    ['a format that is none', textColumn('new_C', 10, { FormatName: { Value: 'Poem' } }), '0x80040203'],
    ['a range upside down', columnOf('Integer', 'new_C', { MinValue: 2, MaxValue: 1 }), '0x80040203'],
    ['a choice without options', columnOf('Picklist', 'new_C'), '0x80048403'],
    ['an option value used twice', choiceColumn('new_C', [option(1, 'A'), option(1, 'B')]), '0x80048403'],
    ['a lookup by itself', columnOf('Lookup', 'new_C'), '0x80040203'],
  ])('%s is refused with 400, and nothing is created', async (_what, column, code) => {
    const before = (await dataverse.get(`${contacts}/Attributes?$select=LogicalName`)).rows.length;
    const answer = await add(column);
    expect([answer.status, answer.error.code]).toEqual([400, code]);
    expect((await dataverse.get(`${contacts}/Attributes?$select=LogicalName`)).rows).toHaveLength(before);
  });

  it('what is built in, managed, or in a key cannot be deleted; what is not there is 404; PATCH is no way to change', async () => {
    await add(textColumn('new_BankName'));
    await dataverse.post(`${contacts}/Keys`, { SchemaName: 'new_K', DisplayName: label('K'), KeyAttributes: ['new_bankname'] });
    const remove = async (name: string) => {
      const { status, error } = await dataverse.delete(`${contacts}/Attributes(LogicalName='${name}')`);
      return [status, error.code];
    };
    expect(await remove('lastname')).toEqual([400, '0x80047009']);
    expect(await remove('ccsync_sourcecrm')).toEqual([400, '0x8004F013']);
    expect(await remove('new_bankname')).toEqual([400, '0x8004F01F']);
    expect(await remove('new_nothing')).toEqual([404, '0x80060888']);
    expect((await dataverse.patch(`${contacts}/Attributes(LogicalName='new_bankname')`, { MaxLength: 5 })).status).toBe(405);
  });

  it('takes the right to customize: an agent is refused with 403, whoever acts for whom', async () => {
    const asAgent = await dataverse.call('POST', `${contacts}/Attributes`, { body: textColumn('new_BankName'), as: 'alex' });
    expect([asAgent.status, asAgent.error.code]).toEqual([403, '0x80040220']);
    expect(asAgent.error.message).toContain('prvCreateAttribute');
    const forAgent = await add(textColumn('new_BankName'), { CallerObjectId: '44444444-4444-4444-8444-444444444444' });
    expect([forAgent.status, forAgent.error.code]).toEqual([403, '0x80040220']);
    expect((await dataverse.call('GET', `${contacts}/Attributes?$select=LogicalName`, { as: 'alex' })).status).toBe(200);
  });

  it('the columns and the key of our own solution can all be made over the API', async () => {
    await dataverse.control('POST', 'environment', { isSolutionInstalled: false, keyIndexBuildMs: 0 });
    const columns = [
      textColumn('ccsync_SourceKey', 250),
      textColumn('ccsync_SourceCRM', 100),
      textColumn('ccsync_SourceCRMId', 250),
      columnOf('String', 'ccsync_SourceCRMUrl', { FormatName: { Value: 'Url' }, MaxLength: 1000 }),
      columnOf('DateTime', 'ccsync_SourceModifiedOn', { Format: 'DateAndTime', DateTimeBehavior: { Value: 'UserLocal' } }),
      columnOf('DateTime', 'ccsync_LastSyncedOn', { Format: 'DateAndTime', DateTimeBehavior: { Value: 'UserLocal' } }),
      choiceColumn('ccsync_SyncStatus', [option(863_400_000, 'In sync')]),
    ];
    for (const column of columns) expect((await add(column)).status).toBe(204);
    const key = { SchemaName: 'ccsync_SourceKey', DisplayName: label('Source Key'), KeyAttributes: ['ccsync_sourcekey'] };
    expect((await dataverse.post(`${contacts}/Keys`, key)).status).toBe(204);
    const row = { lastname: 'A', ccsync_syncstatus: 863_400_000, ccsync_lastsyncedon: '2026-01-31T08:00:00Z' };
    expect((await dataverse.patch(`contacts(ccsync_sourcekey='nw~1')`, row)).status).toBe(204);
    expect((await dataverse.get(`contacts(ccsync_sourcekey='nw~1')?$select=lastname`)).json.lastname).toBe('A');
  });
});
