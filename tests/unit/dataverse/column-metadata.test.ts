import { mergeColumns, toColumn } from '../../../api/src/dataverse/read/column-metadata.ts';

const label = (text: string, ...others: string[]) => ({
  UserLocalizedLabel: { Label: text, LanguageCode: 1033 },
  LocalizedLabels: [text, ...others].map((one, index) => ({ Label: one, LanguageCode: 1033 + index })),
});
const base = (LogicalName: string, AttributeType: string, AttributeTypeName = `${AttributeType}Type`) => ({
  LogicalName,
  AttributeType,
  AttributeTypeName: { Value: AttributeTypeName },
  DisplayName: label('Shown'),
  IsValidForCreate: true,
  IsValidForUpdate: true,
  RequiredLevel: { Value: 'None' },
});
const describeColumn = (common: ReturnType<typeof base>, own: object = {}, relationships: readonly Record<string, unknown>[] = []) => {
  const [merged] = mergeColumns([[common], [{ LogicalName: common.LogicalName, ...own }]]);
  if (merged === undefined) throw new Error('nothing was merged');
  return toColumn(merged, relationships);
};

describe('a column, from what the metadata says of it', () => {
  it('has the options of its choice in all languages, its own or those of a global choice', () => {
    const options = [
      { Value: 1, Label: label('Preferred Customer', 'Bevorzugter Kunde') },
      { Value: 2, Label: label('Standard', 'Standard') },
    ];
    const expected = [
      { value: 1, label: 'Preferred Customer', labels: ['Preferred Customer', 'Bevorzugter Kunde'] },
      { value: 2, label: 'Standard', labels: ['Standard'] },
    ];
    const own = { OptionSet: { Options: options }, GlobalOptionSet: null };
    const global = { OptionSet: null, GlobalOptionSet: { Options: options } };
    expect(describeColumn(base('a', 'Picklist'), own)).toMatchObject({ type: 'Picklist', options: expected });
    // Metadata's older property calls these “Virtual”.
    expect(describeColumn(base('b', 'Virtual', 'MultiSelectPicklistType'), global)).toMatchObject({
      type: 'MultiSelectPicklist',
      options: expected,
    });
  });

  it('has the words for yes and no', () =>
    expect(
      describeColumn(base('a', 'Boolean'), {
        OptionSet: { TrueOption: { Value: 1, Label: label('Do Not Allow') }, FalseOption: { Value: 0, Label: label('Allow') } },
      }).options?.map(({ value, label: text }) => [value, text]),
    ).toEqual([
      [1, 'Do Not Allow'],
      [0, 'Allow'],
    ]));

  it('keeps four places of an amount where the currency says how many are shown, and its own where it says so itself', () => {
    const money = { MinValue: 0, MaxValue: 100, Precision: 2 };
    expect(describeColumn(base('a', 'Money'), { ...money, PrecisionSource: 2 })).toMatchObject({
      precision: 4,
      range: { min: 0, max: 100 },
    });
    expect(describeColumn(base('a', 'Money'), { ...money, PrecisionSource: 0 })).toMatchObject({ precision: 2 });
  });

  it('knows what its dates mean and whether it may be empty', () => {
    expect(describeColumn(base('a', 'DateTime'), { DateTimeBehavior: { Value: 'TimeZoneIndependent' } }).dateBehaviour).toBe(
      'TimeZoneIndependent',
    );
    expect(describeColumn({ ...base('a', 'String'), RequiredLevel: { Value: 'SystemRequired' } }).isRequired).toBe(true);
    expect(describeColumn({ ...base('a', 'String'), RequiredLevel: { Value: 'ApplicationRequired' } }).isRequired).toBeUndefined();
  });

  it('points to the tables of its relationships, each by a name of its own, and an owner to users and teams', () => {
    const relationship = (table: string) => ({
      ReferencingAttribute: 'parentcustomerid',
      ReferencedEntity: table,
      ReferencingEntityNavigationPropertyName: `parentcustomerid_${table}`,
    });
    expect(describeColumn(base('parentcustomerid', 'Customer'), {}, [relationship('account'), relationship('contact')]).targets).toEqual([
      { table: 'account', navigationProperty: 'parentcustomerid_account' },
      { table: 'contact', navigationProperty: 'parentcustomerid_contact' },
    ]);
    expect(describeColumn(base('ownerid', 'Owner')).targets).toEqual([
      { table: 'systemuser', navigationProperty: 'ownerid' },
      { table: 'team', navigationProperty: 'ownerid' },
    ]);
  });
});
