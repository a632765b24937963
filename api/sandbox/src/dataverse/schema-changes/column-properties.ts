/**
 * The property names of the column types (AttributeMetadata EntityType and those derived from it), so that a mistyped one is refused.
 * A definition that was read may be sent back whole, so what only the server sets is in here too.
 */
const ofEveryColumn = [
  'MetadataId HasChanged AttributeOf AttributeType AttributeTypeName ColumnNumber DeprecatedVersion IntroducedVersion EntityLogicalName',
  'IsCustomAttribute IsPrimaryId IsValidODataAttribute IsPrimaryName IsValidForCreate IsValidForRead IsValidForUpdate CanBeSecuredForRead',
  'CanBeSecuredForCreate CanBeSecuredForUpdate IsSecured IsRetrievable IsFilterable IsSearchable IsManaged LinkedAttributeId LogicalName',
  'IsValidForForm IsRequiredForForm IsValidForGrid SchemaName ExternalName IsLogical IsDataSourceSecret InheritsFrom CreatedOn ModifiedOn',
  'SourceType AutoNumberFormat Description DisplayName IsAuditEnabled IsGlobalFilterEnabled IsSortableEnabled IsCustomizable IsRenameable',
  'IsValidForAdvancedFind RequiredLevel CanModifyAdditionalSettings Settings SourceTypeMask FormulaDefinition',
]
  .join(' ')
  .split(' ');

const ofType: Readonly<Record<string, readonly string[]>> = {
  String: ['Format', 'FormatName', 'ImeMode', 'MaxLength', 'YomiOf', 'IsLocalizable', 'DatabaseLength'],
  Memo: ['Format', 'FormatName', 'ImeMode', 'MaxLength', 'IsLocalizable'],
  Integer: ['Format', 'MinValue', 'MaxValue'],
  BigInt: ['MinValue', 'MaxValue'],
  Decimal: ['MinValue', 'MaxValue', 'Precision', 'ImeMode'],
  Double: ['MinValue', 'MaxValue', 'Precision', 'ImeMode'],
  Money: ['MinValue', 'MaxValue', 'Precision', 'PrecisionSource', 'ImeMode', 'IsBaseCurrency', 'CalculationOf'],
  Boolean: ['DefaultValue', 'OptionSet', 'GlobalOptionSet'],
  DateTime: ['Format', 'DateTimeBehavior', 'CanChangeDateTimeBehavior', 'ImeMode', 'MinSupportedValue', 'MaxSupportedValue'],
  Picklist: ['DefaultFormValue', 'OptionSet', 'GlobalOptionSet', 'ParentPicklistLogicalName', 'ChildPicklistLogicalNames'],
  Lookup: ['Targets', 'Format'],
};

export const columnProperties = (type: string): ReadonlySet<string> => new Set([...ofEveryColumn, ...(ofType[type] ?? [])]);
