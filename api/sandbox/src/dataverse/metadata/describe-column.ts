/** Columns as EntityDefinitions gives them (query-metadata-web-api.md). */
import type { Table } from '../tables/data-model.ts';
import { type ChoiceDefinition, type ColumnDefinition, type ColumnOfType, isLookup } from '../tables/definition.ts';
import { describeChoice, describeOption } from './describe-choice.ts';
import { describeDescription, describeLabel, managed, type MetadataObject } from './describe-parts.ts';
import { columnId, metadataId } from './metadata-id.ts';

export interface ColumnMetadata {
  /** `StringAttributeMetadata`: what a cast in the address names. */
  readonly typeName: string;
  /** What every column has: all that `/Attributes` may select without a cast. */
  readonly base: MetadataObject;
  /** What only this type has. */
  readonly own: MetadataObject;
  /** Navigation properties, there only when expanded. */
  readonly expandable: MetadataObject;
}

export function describeColumn(table: Table, column: ColumnDefinition, choices: readonly ChoiceDefinition[]): ColumnMetadata {
  const id = `${table.logicalName}.${column.logicalName}`;
  const isManaged = column.isManaged ?? true;
  const named = { text: column.displayName, translations: column.translations, isManaged };
  return {
    typeName: metadataTypeName(column),
    base: {
      MetadataId: columnId(table.logicalName, column.logicalName),
      HasChanged: null,
      LogicalName: column.logicalName,
      SchemaName: column.schemaName,
      EntityLogicalName: table.logicalName,
      AttributeType: column.type,
      AttributeTypeName: { Value: `${column.type}Type` },
      AttributeOf: null,
      ColumnNumber: table.columns.indexOf(column) + 1,
      IsCustomAttribute: column.isCustom,
      IsManaged: isManaged,
      IsPrimaryId: column.logicalName === table.primaryIdColumn,
      IsPrimaryName: column.logicalName === table.primaryNameColumn,
      IsLogical: false,
      IsSecured: column.isSecured === true,
      IsValidForCreate: column.isValidForCreate,
      IsValidForRead: true,
      IsValidForUpdate: column.isValidForUpdate,
      IsValidODataAttribute: true,
      SourceType: 0,
      AutoNumberFormat: null,
      IsCustomizable: managed(true, 'iscustomizable'),
      IsRenameable: managed(true, 'isrenameable'),
      IsAuditEnabled: managed(true, 'canmodifyauditsettings'),
      IsValidForAdvancedFind: managed(true, 'canmodifysearchsettings'),
      DisplayName: describeLabel(named, `${id}.name`),
      Description: describeDescription(column.description, isManaged, `${id}.description`),
      RequiredLevel: managed(column.requiredLevel, 'canmodifyrequirementlevelsettings', column.requiredLevel !== 'SystemRequired'),
    },
    own: ownProperties(column),
    expandable: expandableProperties(column, id, choices),
  };
}

function metadataTypeName(column: ColumnDefinition): string {
  if (isLookup(column)) return 'LookupAttributeMetadata';
  if (column.type === 'Uniqueidentifier') return 'UniqueIdentifierAttributeMetadata';
  return `${column.type}AttributeMetadata`;
}

function ownProperties(column: ColumnDefinition): MetadataObject {
  switch (column.type) {
    case 'String':
      return {
        MaxLength: column.maxLength,
        DatabaseLength: column.maxLength * 2,
        Format: column.format,
        FormatName: { Value: column.format },
        ImeMode: 'Auto',
      };
    case 'Memo':
      return { MaxLength: column.maxLength, Format: 'TextArea', FormatName: { Value: 'TextArea' }, ImeMode: 'Auto' };
    case 'Integer':
      return { MinValue: column.minValue, MaxValue: column.maxValue, Format: 'None' };
    case 'Decimal':
    case 'Double':
      return { MinValue: column.minValue, MaxValue: column.maxValue, Precision: column.precision, ImeMode: 'Auto' };
    case 'Money':
      return {
        MinValue: column.minValue,
        MaxValue: column.maxValue,
        Precision: column.precision,
        PrecisionSource: 0,
        IsBaseCurrency: false,
        ImeMode: 'Auto',
      };
    case 'DateTime': {
      const behavior = column.behavior ?? (column.format === 'DateOnly' ? 'DateOnly' : 'UserLocal');
      return { Format: column.format, DateTimeBehavior: { Value: behavior }, ImeMode: 'Auto' };
    }
    case 'Boolean':
      return { DefaultValue: false };
    case 'Picklist':
      return { DefaultFormValue: -1, ParentPicklistLogicalName: null, ChildPicklistLogicalNames: [] };
    case 'State':
    case 'Status':
      return { DefaultFormValue: column.options[0]?.value ?? -1 };
    case 'Lookup':
    case 'Customer':
    case 'Owner':
      return { Targets: column.targets.map((target) => target.table), Format: 'None' };
    case 'BigInt':
      return { MinValue: -9_223_372_036_854_776_000, MaxValue: 9_223_372_036_854_776_000 };
    case 'Uniqueidentifier':
    case 'EntityName':
      return {};
  }
}

function expandableProperties(column: ColumnDefinition, id: string, choices: readonly ChoiceDefinition[]): MetadataObject {
  switch (column.type) {
    case 'Picklist':
    case 'State':
    case 'Status':
      return describeOptions(column, id, choices);
    case 'Boolean': {
      const isManaged = column.isManaged ?? true;
      const option = (value: number, label: string) => describeOption({ value, label }, isManaged, id);
      const TrueOption = option(1, column.trueLabel);
      const FalseOption = option(0, column.falseLabel);
      return { OptionSet: { ...describeOptionSet(column, id), OptionSetType: 'Boolean', TrueOption, FalseOption }, GlobalOptionSet: null };
    }
    default:
      return {};
  }
}

/** A column with a shared choice has that one in both of its navigation properties. */
function describeOptions(
  column: ColumnOfType<'Picklist'> | ColumnOfType<'State'> | ColumnOfType<'Status'>,
  id: string,
  choices: readonly ChoiceDefinition[],
): MetadataObject {
  const shared = column.type === 'Picklist' ? choices.find((choice) => choice.name === column.globalChoice) : undefined;
  if (shared !== undefined) return { OptionSet: describeChoice(shared), GlobalOptionSet: describeChoice(shared) };
  const options = column.options.map((option) => describeOption(option, column.isManaged ?? true, id));
  return { OptionSet: { ...describeOptionSet(column, id), OptionSetType: column.type, Options: options }, GlobalOptionSet: null };
}

function describeOptionSet(column: ColumnDefinition, id: string): MetadataObject {
  const isManaged = column.isManaged ?? true;
  return {
    MetadataId: metadataId(`${id}.options`),
    HasChanged: null,
    Name: id.replace('.', '_'),
    IsGlobal: false,
    IsManaged: isManaged,
    IsCustomOptionSet: column.isCustom,
    IsCustomizable: managed(true, 'iscustomizable'),
    DisplayName: describeLabel({ text: column.displayName, translations: column.translations, isManaged }, `${id}.options.name`),
    Description: describeDescription(column.description, isManaged, `${id}.options.description`),
  };
}
