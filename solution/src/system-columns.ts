import { type AttributeXml, attributeXml, shownEverywhere, timeSpecifics } from './attribute-xml.ts';
import { descriptions, displayNames, optionLabels } from './labels.ts';
import { element, textElement, type XmlElement } from './xml.ts';

/** The columns that every table of people's rows has, as exports list them beside a table's own. */

interface OwnTable {
  readonly logicalName: string;
  readonly displayName: string;
  readonly introducedIn: string;
}

const byDataverse = { onUpdate: 0, onCreate: 0 } as const;
const lookup = (types: readonly number[]): readonly XmlElement[] => [
  textElement('LookupStyle', 'single'),
  element(
    'LookupTypes',
    {},
    types.map((type) => element('LookupType', { id: '00000000-0000-0000-0000-000000000000' }, type)),
  ),
];
const wholeNumber = (least: number): readonly XmlElement[] => [
  textElement('Format', ''),
  textElement('MinValue', least),
  textElement('MaxValue', 2_147_483_647),
];

type Specific = Omit<AttributeXml, 'introducedIn' | 'rest'> & {
  readonly displayName: string;
  readonly description: string;
  readonly specifics: readonly XmlElement[];
};

const person = (schemaName: string, displayName: string, description: string): Specific => ({
  schemaName,
  type: 'lookup',
  displayMask: shownEverywhere,
  isWritable: byDataverse,
  displayName,
  description,
  specifics: lookup([]),
});
const time = (schemaName: string, displayName: string, description: string): Specific => ({
  schemaName,
  type: 'datetime',
  displayMask: shownEverywhere,
  imeMode: 'inactive',
  isWritable: byDataverse,
  displayName,
  description,
  specifics: timeSpecifics('datetime'),
});
const owning = (schemaName: string, displayName: string, description: string): Specific => ({
  schemaName,
  type: 'lookup',
  isWritable: byDataverse,
  isLogical: true,
  displayName,
  description,
  specifics: lookup([]),
});
const internal = (schemaName: string, displayName: string, description: string): Specific => ({
  schemaName,
  type: 'int',
  displayName,
  description,
  specifics: wholeNumber(-1),
});

const common: readonly Specific[] = [
  person('CreatedBy', 'Created By', 'Unique identifier of the user who created the record.'),
  time('CreatedOn', 'Created On', 'Date and time when the record was created.'),
  person('CreatedOnBehalfBy', 'Created By (Delegate)', 'Unique identifier of the delegate user who created the record.'),
  {
    schemaName: 'ImportSequenceNumber',
    type: 'int',
    displayMask: 'ValidForAdvancedFind',
    imeMode: 'disabled',
    isWritable: { onUpdate: 0, onCreate: 1 },
    displayName: 'Import Sequence Number',
    description: 'Sequence number of the import that created this record.',
    specifics: wholeNumber(-2_147_483_648),
  },
  person('ModifiedBy', 'Modified By', 'Unique identifier of the user who modified the record.'),
  time('ModifiedOn', 'Modified On', 'Date and time when the record was modified.'),
  person('ModifiedOnBehalfBy', 'Modified By (Delegate)', 'Unique identifier of the delegate user who modified the record.'),
  {
    ...time('OverriddenCreatedOn', 'Record Created On', 'Date and time that the record was migrated.'),
    displayMask: 'ValidForAdvancedFind|ValidForGrid',
    isWritable: { onUpdate: 0, onCreate: 1 },
    specifics: timeSpecifics('date'),
  },
  {
    ...person('OwnerId', 'Owner', 'Owner Id'),
    type: 'owner',
    requiredLevel: 'systemrequired',
    displayMask: `${shownEverywhere}|RequiredForForm`,
    isWritable: { onUpdate: 1, onCreate: 1 },
    // 8: a user, 9: a team.
    specifics: lookup([8, 9]),
  },
  person('OwningBusinessUnit', 'Owning Business Unit', 'Unique identifier for the business unit that owns the record'),
  owning('OwningTeam', 'Owning Team', 'Unique identifier for the team that owns the record.'),
  owning('OwningUser', 'Owning User', 'Unique identifier for the user that owns the record.'),
];

const afterState: readonly Specific[] = [
  internal('TimeZoneRuleVersionNumber', 'Time Zone Rule Version Number', 'For internal use only.'),
  internal('UTCConversionTimeZoneCode', 'UTC Conversion Time Zone Code', 'Time zone code that was in use when the record was created.'),
];

const stateOptions = (table: OwnTable): XmlElement => {
  const state = (value: number, status: number, name: string) =>
    element('state', { value, defaultstatus: status, invariantname: name }, [optionLabels(name)]);
  return element('optionset', { Name: `${table.logicalName}_statecode` }, [
    textElement('OptionSetType', 'state'),
    textElement('IntroducedVersion', table.introducedIn),
    textElement('IsCustomizable', 1),
    displayNames('Status'),
    descriptions(`Status of the ${table.displayName}`),
    element('states', {}, [state(0, 1, 'Active'), state(1, 2, 'Inactive')]),
  ]);
};

const statusOptions = (table: OwnTable): XmlElement => {
  const status = (value: number, state: number, name: string) => element('status', { value, state }, [optionLabels(name)]);
  return element('optionset', { Name: `${table.logicalName}_statuscode` }, [
    textElement('OptionSetType', 'status'),
    textElement('IntroducedVersion', table.introducedIn),
    textElement('IsCustomizable', 1),
    displayNames('Status Reason'),
    descriptions(`Reason for the status of the ${table.displayName}`),
    element('statuses', {}, [status(1, 0, 'Active'), status(2, 1, 'Inactive')]),
  ]);
};

export const systemColumnsXml = (table: OwnTable): readonly XmlElement[] => {
  const xml = ({ displayName, description, specifics, ...attribute }: Specific) =>
    attributeXml({
      isCustom: 0,
      ...attribute,
      introducedIn: table.introducedIn,
      rest: [...specifics, displayNames(displayName), descriptions(description)],
    });
  return [
    ...common.map(xml),
    xml({
      schemaName: 'statecode',
      type: 'state',
      requiredLevel: 'systemrequired',
      displayMask: shownEverywhere,
      isWritable: { onUpdate: 1, onCreate: 0 },
      displayName: 'Status',
      description: `Status of the ${table.displayName}`,
      specifics: [stateOptions(table)],
    }),
    xml({
      schemaName: 'statuscode',
      type: 'status',
      displayMask: shownEverywhere,
      displayName: 'Status Reason',
      description: `Reason for the status of the ${table.displayName}`,
      specifics: [statusOptions(table)],
    }),
    ...afterState.map(xml),
  ];
};
