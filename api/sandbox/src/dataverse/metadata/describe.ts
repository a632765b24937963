/** Tables, columns and keys as EntityDefinitions gives them (query-metadata-web-api.md). */
import { createHash } from 'node:crypto';
import type { Table } from '../tables/data-model.ts';
import { type ColumnDefinition, isLookup, type KeyDefinition } from '../tables/definition.ts';

export type MetadataObject = Readonly<Record<string, unknown>>;

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

/** The language of the environment: all labels are in English. */
const languageCode = 1033;

export function describeTable(table: Table): MetadataObject {
  return {
    MetadataId: metadataId(table.logicalName),
    LogicalName: table.logicalName,
    SchemaName: table.schemaName,
    EntitySetName: table.entitySetName,
    LogicalCollectionName: table.entitySetName,
    CollectionSchemaName: `${table.schemaName}s`,
    ObjectTypeCode: table.objectTypeCode,
    PrimaryIdAttribute: table.primaryIdColumn,
    PrimaryNameAttribute: table.primaryNameColumn,
    TableType: 'Standard',
    OwnershipType: table.isReadOnly ? 'OrganizationOwned' : 'UserOwned',
    IsCustomEntity: false,
    IsActivity: false,
    IsIntersect: false,
    IsPrivate: false,
    IsValidForAdvancedFind: true,
    IsOptimisticConcurrencyEnabled: true,
    ChangeTrackingEnabled: false,
    DisplayName: label(table.displayName, `${table.logicalName}.name`),
    DisplayCollectionName: label(table.displayCollectionName, `${table.logicalName}.names`),
  };
}

export function describeColumn(table: Table, column: ColumnDefinition): ColumnMetadata {
  const id = `${table.logicalName}.${column.logicalName}`;
  return {
    typeName: metadataTypeName(column),
    base: {
      MetadataId: metadataId(id),
      LogicalName: column.logicalName,
      SchemaName: column.schemaName,
      EntityLogicalName: table.logicalName,
      AttributeType: column.type,
      AttributeTypeName: { Value: `${column.type}Type` },
      AttributeOf: null,
      ColumnNumber: table.columns.indexOf(column) + 1,
      IsCustomAttribute: column.isCustom,
      IsPrimaryId: column.logicalName === table.primaryIdColumn,
      IsPrimaryName: column.logicalName === table.primaryNameColumn,
      IsLogical: false,
      IsSecured: false,
      IsValidForCreate: column.isValidForCreate,
      IsValidForRead: true,
      IsValidForUpdate: column.isValidForUpdate,
      DisplayName: label(column.displayName, `${id}.name`),
      Description: { LocalizedLabels: [], UserLocalizedLabel: null },
      RequiredLevel: { Value: column.requiredLevel, CanBeChanged: true, ManagedPropertyLogicalName: 'canmodifyrequirementlevelsettings' },
    },
    own: ownProperties(column),
    expandable: expandableProperties(column, id),
  };
}

export function describeKey(table: Table, key: KeyDefinition): MetadataObject {
  return {
    MetadataId: metadataId(`${table.logicalName}.key.${key.logicalName}`),
    LogicalName: key.logicalName,
    SchemaName: key.schemaName,
    EntityLogicalName: table.logicalName,
    KeyAttributes: key.columns,
    EntityKeyIndexStatus: key.indexStatus,
    IsManaged: true,
    DisplayName: label(key.displayName, `${table.logicalName}.key.${key.logicalName}.name`),
  };
}

/** The lookups of a table, one relationship for each table that they may point to. An owner's is with the table `owner`. */
export function describeRelationships(table: Table): readonly MetadataObject[] {
  return table.columns.filter(isLookup).flatMap((column) => {
    const targets = column.type === 'Owner' ? column.targets.slice(0, 1).map((target) => ({ ...target, table: 'owner' })) : column.targets;
    return targets.map((target) => ({
      MetadataId: metadataId(`${table.logicalName}.${column.logicalName}.${target.table}.relationship`),
      SchemaName: `${target.table}_${table.logicalName}_${column.logicalName}`,
      RelationshipType: 'OneToManyRelationship',
      ReferencedEntity: target.table,
      ReferencedAttribute: `${target.table}id`,
      ReferencingEntity: table.logicalName,
      ReferencingAttribute: column.logicalName,
      ReferencingEntityNavigationPropertyName: target.navigationProperty,
    }));
  });
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
      return { MinValue: column.minValue, MaxValue: column.maxValue, Precision: column.precision };
    case 'Money':
      return {
        MinValue: column.minValue,
        MaxValue: column.maxValue,
        Precision: column.precision,
        // The currency says how many places are shown.
        PrecisionSource: 2,
      };
    case 'DateTime': {
      const behavior = column.format === 'DateOnly' ? 'DateOnly' : 'UserLocal';
      return { Format: column.format, DateTimeBehavior: { Value: behavior } };
    }
    case 'Boolean':
      return { DefaultValue: false };
    case 'Picklist':
    case 'State':
    case 'Status':
      return { DefaultFormValue: column.type === 'Picklist' ? -1 : (column.options[0]?.value ?? -1) };
    case 'Lookup':
    case 'Customer':
    case 'Owner':
      return { Targets: column.targets.map((target) => target.table), Format: 'None' };
    case 'BigInt':
    case 'Uniqueidentifier':
    case 'EntityName':
      return {};
  }
}

function expandableProperties(column: ColumnDefinition, id: string): MetadataObject {
  const optionSet = {
    MetadataId: metadataId(`${id}.options`),
    Name: id.replace('.', '_'),
    IsGlobal: false,
    IsCustomOptionSet: column.isCustom,
  };
  switch (column.type) {
    case 'Picklist':
    case 'State':
    case 'Status': {
      const options = column.options.map((option) => ({
        Value: option.value,
        ...('state' in option ? { State: option.state } : {}),
        Label: label(option.label, `${id}.${option.value}`),
      }));
      return { OptionSet: { ...optionSet, OptionSetType: column.type, Options: options }, GlobalOptionSet: null };
    }
    case 'Boolean': {
      const option = (value: number, text: string) => ({ Value: value, Label: label(text, `${id}.${value}`) });
      const TrueOption = option(1, column.trueLabel);
      const FalseOption = option(0, column.falseLabel);
      return { OptionSet: { ...optionSet, OptionSetType: 'Boolean', TrueOption, FalseOption }, GlobalOptionSet: null };
    }
    default:
      return {};
  }
}

function label(text: string, id: string): MetadataObject {
  const localized = { Label: text, LanguageCode: languageCode, IsManaged: true, MetadataId: metadataId(`${id}.label`), HasChanged: null };
  return { LocalizedLabels: [localized], UserLocalizedLabel: localized };
}

/** The same in every sandbox. */
export function metadataId(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
