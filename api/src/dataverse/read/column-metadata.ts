import type { ChoiceOption, ColumnDescription, DateBehaviour, LookupTarget } from '../types.ts';
import { type JsonRecord, isRecord } from './json-reply.ts';

/**
 * What only a type of columns has stands on its derived type, so there is a request for each, below `…/Attributes`. Their answers are
 * merged by the column's name.
 * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/query-metadata-web-api
 */
const namespace = 'Microsoft.Dynamics.CRM.';
const choices = '$select=LogicalName&$expand=OptionSet($select=Options),GlobalOptionSet($select=Options)';
export const columnQueries: readonly string[] = [
  '?$select=LogicalName,AttributeType,AttributeTypeName,DisplayName,IsValidForCreate,IsValidForUpdate,RequiredLevel,IsSecured',
  `/${namespace}StringAttributeMetadata?$select=LogicalName,MaxLength`,
  `/${namespace}MemoAttributeMetadata?$select=LogicalName,MaxLength`,
  `/${namespace}IntegerAttributeMetadata?$select=LogicalName,MinValue,MaxValue`,
  `/${namespace}DecimalAttributeMetadata?$select=LogicalName,MinValue,MaxValue,Precision`,
  `/${namespace}DoubleAttributeMetadata?$select=LogicalName,MinValue,MaxValue,Precision`,
  `/${namespace}MoneyAttributeMetadata?$select=LogicalName,MinValue,MaxValue,Precision,PrecisionSource`,
  `/${namespace}DateTimeAttributeMetadata?$select=LogicalName,DateTimeBehavior`,
  `/${namespace}BooleanAttributeMetadata?$select=LogicalName&$expand=OptionSet($select=TrueOption,FalseOption)`,
  `/${namespace}PicklistAttributeMetadata?${choices}`,
  `/${namespace}MultiSelectPicklistAttributeMetadata?${choices}`,
];

export const relationshipQuery =
  'ManyToOneRelationships($select=ReferencingAttribute,ReferencedEntity,ReferencingEntityNavigationPropertyName)';

export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const recordsOf = (value: unknown): readonly JsonRecord[] => (Array.isArray(value) ? value.filter(isRecord) : []);
const valueOf = (property: unknown): string => (isRecord(property) ? textOf(property.Value) : '');

/** A Label's text in the language of the application user; empty for the many columns that have none. */
const labelOf = (label: unknown): string => {
  const localized = isRecord(label) ? label.UserLocalizedLabel : undefined;
  return isRecord(localized) ? textOf(localized.Label) : '';
};

const toOption = (option: JsonRecord): readonly ChoiceOption[] => {
  const { Value: value, Label: label } = option;
  if (typeof value !== 'number') return [];
  const localized = isRecord(label) ? recordsOf(label.LocalizedLabels) : [];
  const labels = new Set([labelOf(label), ...localized.map((text) => textOf(text.Label))]);
  labels.delete('');
  return [{ value, labels: [...labels], label: labelOf(label) || String(value) }];
};

/** A choice has its own options or those of a global one. */
const optionsOf = ({ OptionSet: own, GlobalOptionSet: global }: JsonRecord): readonly ChoiceOption[] => {
  for (const set of [own, global]) {
    if (!isRecord(set)) continue;
    const { Options: options, TrueOption: yes, FalseOption: no } = set;
    const found = [...recordsOf(options), ...[yes, no].filter(isRecord)];
    if (found.length > 0) return found.flatMap(toOption);
  }
  return [];
};

/** SQL's money keeps four places. Where the currency or the organisation says how many are shown, more than we know may count. */
const moneyPlaces = 4;

const precisionOf = ({ Precision: precision, PrecisionSource: source }: JsonRecord): number | undefined => {
  if (typeof precision !== 'number') return undefined;
  return source === 1 || source === 2 ? moneyPlaces : precision;
};

const dateBehaviours: readonly string[] = ['DateOnly', 'UserLocal', 'TimeZoneIndependent'] satisfies readonly DateBehaviour[];
const isDateBehaviour = (text: string): text is DateBehaviour => dateBehaviours.includes(text);

/** The relationship of an owner column is with the table `owner`; a write names a user or a team. */
const ownerTables = ['systemuser', 'team'];

const targetsOf = (name: string, type: string, relationships: readonly JsonRecord[]): readonly LookupTarget[] => {
  if (type === 'Owner') return ownerTables.map((table) => ({ table, navigationProperty: name }));
  return relationships.flatMap((relationship) =>
    relationship.ReferencingAttribute === name
      ? [{ table: textOf(relationship.ReferencedEntity), navigationProperty: textOf(relationship.ReferencingEntityNavigationPropertyName) }]
      : [],
  );
};

/** AttributeType calls choices with several values “Virtual”; only the newer AttributeTypeName tells them apart. */
const typeOf = ({ AttributeType: type, AttributeTypeName: typeName }: JsonRecord): string =>
  valueOf(typeName) === 'MultiSelectPicklistType' ? 'MultiSelectPicklist' : textOf(type);

/** `attribute` is what all requests together have told of a column. */
export const toColumn = (attribute: JsonRecord, relationships: readonly JsonRecord[]): ColumnDescription => {
  const name = textOf(attribute.LogicalName);
  const type = typeOf(attribute);
  const { MaxLength: maxLength, MinValue: min, MaxValue: max } = attribute;
  const behaviour = valueOf(attribute.DateTimeBehavior);
  const options = optionsOf(attribute);
  const precision = precisionOf(attribute);
  const targets = targetsOf(name, type, relationships);
  return {
    logicalName: name,
    type,
    maxLength: typeof maxLength === 'number' ? maxLength : null,
    displayName: labelOf(attribute.DisplayName) || name,
    isValidForCreate: attribute.IsValidForCreate === true,
    isValidForUpdate: attribute.IsValidForUpdate === true,
    ...(valueOf(attribute.RequiredLevel) === 'SystemRequired' ? { isRequired: true } : {}),
    ...(options.length === 0 ? {} : { options }),
    ...(typeof min === 'number' && typeof max === 'number' ? { range: { min, max } } : {}),
    ...(precision === undefined ? {} : { precision }),
    ...(isDateBehaviour(behaviour) ? { dateBehaviour: behaviour } : {}),
    ...(targets.length === 0 ? {} : { targets }),
    ...(attribute.IsSecured === true ? { isSecured: true } : {}),
  };
};

/** All that the answers say of each column, in one object per column. */
export const mergeColumns = (answers: readonly (readonly JsonRecord[])[]): readonly JsonRecord[] => {
  const [common = [], ...ofTypes] = answers;
  const byName = new Map(common.map((attribute) => [textOf(attribute.LogicalName), attribute]));
  for (const attribute of ofTypes.flat()) {
    const name = textOf(attribute.LogicalName);
    const known = byName.get(name);
    if (known !== undefined) byName.set(name, { ...attribute, ...known });
  }
  return [...byName.values()];
};
