/**
 * What a table is: columns with their types and limits, keys, relationships.
 * Pure data, shaped like Dataverse's own metadata, so that another table is another file and nothing else.
 */

export type RequiredLevel = 'None' | 'Recommended' | 'ApplicationRequired' | 'SystemRequired';

/** A label in languages other than the environment's, by language code: `{ 1031: 'Farbe' }`. */
export type Translations = Readonly<Record<number, string>>;

export interface ChoiceOption {
  readonly value: number;
  readonly label: string;
  readonly translations?: Translations;
}

/** A choice that several columns may share: Dataverse's global option set. */
export interface ChoiceDefinition {
  readonly name: string;
  readonly displayName: string;
  readonly description?: string;
  readonly translations?: Translations;
  readonly options: readonly ChoiceOption[];
}

export interface StatusOption extends ChoiceOption {
  /** The statecode that this status reason belongs to. */
  readonly state: number;
}

/** One table that a lookup may point to. A Customer lookup has two of these, each with its own navigation property. */
export interface LookupTarget {
  readonly table: string;
  /** Single-valued navigation property on the table that holds the lookup: what `@odata.bind` and `$expand` name. */
  readonly navigationProperty: string;
  /** Collection-valued navigation property on the target, when the relationship has one that clients use. */
  readonly collectionProperty: string | null;
  /** What deleting the target does to the rows that point to it; Restrict: it is refused while there are any. */
  readonly onDelete: 'Cascade' | 'RemoveLink' | 'Restrict';
  /** The relationship's schema name; left out, it is the collection property's. */
  readonly relationshipName?: string;
  /** A table's relationship to itself that the functions Above, Under and their kin follow (query-hierarchical-data.md). */
  readonly isHierarchical?: boolean;
}

export const stringFormats = [
  'Email',
  'Text',
  'TextArea',
  'Url',
  'TickerSymbol',
  'PhoneticGuide',
  'VersionNumber',
  'Phone',
  'Json',
  'RichText',
] as const;
export type StringFormat = (typeof stringFormats)[number];

export const dateBehaviors = ['UserLocal', 'DateOnly', 'TimeZoneIndependent'] as const;

export type ColumnType =
  | { readonly type: 'String'; readonly maxLength: number; readonly format: StringFormat }
  | { readonly type: 'Memo'; readonly maxLength: number }
  | { readonly type: 'Integer'; readonly minValue: number; readonly maxValue: number }
  | { readonly type: 'BigInt' }
  | { readonly type: 'Decimal' | 'Double' | 'Money'; readonly minValue: number; readonly maxValue: number; readonly precision: number }
  | { readonly type: 'Boolean'; readonly trueLabel: string; readonly falseLabel: string }
  | { readonly type: 'DateTime'; readonly format: 'DateOnly' | 'DateAndTime'; readonly behavior?: (typeof dateBehaviors)[number] }
  /** With a `globalChoice`, the options are those of the choice of that name. */
  | { readonly type: 'Picklist'; readonly options: readonly ChoiceOption[]; readonly globalChoice?: string }
  | { readonly type: 'State'; readonly options: readonly ChoiceOption[] }
  | { readonly type: 'Status'; readonly options: readonly StatusOption[] }
  | { readonly type: 'Lookup' | 'Customer' | 'Owner'; readonly targets: readonly LookupTarget[] }
  | { readonly type: 'Uniqueidentifier' }
  | { readonly type: 'EntityName' };

export interface ColumnTraits {
  readonly logicalName: string;
  readonly schemaName: string;
  readonly displayName: string;
  readonly requiredLevel: RequiredLevel;
  /** False: Dataverse drops the value from a create without a word. */
  readonly isValidForCreate: boolean;
  readonly isValidForUpdate: boolean;
  readonly isCustom: boolean;
  readonly description?: string;
  readonly translations?: Translations;
  /** True for what came with the environment or with a managed solution. */
  readonly isManaged?: boolean;
  /** Column security: who has no profile for it gets nothing. */
  readonly isSecured?: boolean;
  /** What a new row holds when the client says nothing. */
  readonly defaultValue?: number | boolean | string;
}

export type ColumnDefinition = ColumnTraits & ColumnType;
export type ColumnOfType<T extends ColumnType['type']> = Extract<ColumnDefinition, { readonly type: T }>;

export interface KeyDefinition {
  readonly logicalName: string;
  readonly schemaName: string;
  readonly displayName: string;
  readonly columns: readonly string[];
  /** A key cannot be used in an address until its index is Active. */
  readonly indexStatus: 'Pending' | 'InProgress' | 'Active' | 'Failed';
  readonly isManaged?: boolean;
}

export interface TableDefinition {
  readonly logicalName: string;
  readonly schemaName: string;
  readonly entitySetName: string;
  readonly displayName: string;
  readonly displayCollectionName: string;
  readonly objectTypeCode: number;
  readonly primaryIdColumn: string;
  readonly primaryNameColumn: string;
  readonly columns: readonly ColumnDefinition[];
  readonly keys: readonly KeyDefinition[];
  /** Whether CreateMultiple and UpdateMultiple are registered: UpsertMultiple is there if and only if both are. */
  readonly supportsBulkMessages: boolean;
  /** System tables that the sandbox fills itself and no client may write. */
  readonly isReadOnly: boolean;
  /** Made over the API, or by a solution. */
  readonly isCustom?: boolean;
  /** Custom, but of a managed solution. */
  readonly isManaged?: boolean;
  readonly isChangeTracked?: boolean;
  /** Everybody may read its rows; writing them needs the right to customize. */
  readonly isForCustomizers?: boolean;
  /** People have their rights on their own rows alone (user-level access); application users on all. */
  readonly isOfItsOwner?: boolean;
  readonly description?: string;
  readonly translations?: Translations;
  readonly collectionTranslations?: Translations;
  /** Holds the pairs of a many-to-many relationship: clients write it by associating, never directly. */
  readonly isIntersect?: boolean;
  /** Columns that come with every row, whatever $select says, besides the primary key. */
  readonly alwaysReturned?: readonly string[];
}

export type LookupColumn = ColumnOfType<'Lookup' | 'Customer' | 'Owner'>;

export function isLookup(column: ColumnDefinition): column is LookupColumn {
  return column.type === 'Lookup' || column.type === 'Customer' || column.type === 'Owner';
}

/** The name under which a column appears in a row: a lookup's value is `_name_value`, never `name`. */
export function propertyName(column: ColumnDefinition): string {
  return isLookup(column) ? `_${column.logicalName}_value` : column.logicalName;
}
