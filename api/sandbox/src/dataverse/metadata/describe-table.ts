/** Tables and keys as EntityDefinitions gives them (query-metadata-web-api.md). */
import type { KeyDefinition } from '../tables/definition.ts';
import type { Table } from '../tables/data-model.ts';
import { describeDescription, describeLabel, managed, type MetadataObject } from './describe-parts.ts';
import { keyId, tableId } from './metadata-id.ts';

export function describeTable(table: Table): MetadataObject {
  const isCustom = table.isCustom === true;
  const isManaged = table.isManaged ?? !isCustom;
  const id = table.logicalName;
  const named = { text: table.displayName, translations: table.translations, isManaged };
  const collection = { text: table.displayCollectionName, translations: table.collectionTranslations, isManaged };
  return {
    MetadataId: tableId(table.logicalName),
    HasChanged: null,
    LogicalName: table.logicalName,
    SchemaName: table.schemaName,
    EntitySetName: table.entitySetName,
    LogicalCollectionName: table.entitySetName,
    CollectionSchemaName: collectionSchemaName(table),
    ObjectTypeCode: table.objectTypeCode,
    PrimaryIdAttribute: table.primaryIdColumn,
    PrimaryNameAttribute: table.primaryNameColumn,
    PrimaryImageAttribute: null,
    TableType: 'Standard',
    OwnershipType: table.columnsByName.get('ownerid')?.type === 'Owner' ? 'UserOwned' : 'OrganizationOwned',
    IsCustomEntity: isCustom,
    IsManaged: isManaged,
    IsActivity: false,
    IsActivityParty: false,
    IsChildEntity: false,
    IsIntersect: table.isIntersect === true,
    IsPrivate: false,
    IsLogicalEntity: false,
    IsValidForAdvancedFind: true,
    IsKnowledgeManagementEnabled: false,
    IsOptimisticConcurrencyEnabled: true,
    IsQuickCreateEnabled: false,
    HasActivities: false,
    HasNotes: false,
    HasFeedback: false,
    ChangeTrackingEnabled: table.isChangeTracked === true,
    CanChangeTrackingBeEnabled: managed(!table.isReadOnly, 'canchangetrackingbeenabled'),
    IsAuditEnabled: managed(false, 'canmodifyauditsettings'),
    IsCustomizable: managed(!table.isReadOnly, 'iscustomizable'),
    IsRenameable: managed(!table.isReadOnly, 'isrenameable'),
    IsDuplicateDetectionEnabled: managed(!table.isReadOnly && !isCustom, 'canmodifyduplicatedetectionsettings'),
    CanCreateAttributes: managed(!table.isReadOnly, 'cancreateattributes', false),
    CanBeRelatedEntityInRelationship: managed(true, 'canberelatedentityinrelationship', false),
    CanBePrimaryEntityInRelationship: managed(true, 'canbeprimaryentityinrelationship', false),
    CanBeInManyToMany: managed(!table.isReadOnly, 'canbeinmanytomany', false),
    DisplayName: describeLabel(named, `${id}.name`),
    DisplayCollectionName: describeLabel(collection, `${id}.names`),
    Description: describeDescription(table.description, isManaged, `${id}.description`),
  };
}

/** The set's name with the schema name's capitals: new_BankAccount, new_bankaccounts → new_BankAccounts. */
function collectionSchemaName({ schemaName, entitySetName }: Table): string {
  let common = 0;
  while (common < schemaName.length && schemaName[common]?.toLowerCase() === entitySetName[common]) common += 1;
  return schemaName.slice(0, common) + entitySetName.slice(common);
}

export function describeKey(table: Table, key: KeyDefinition): MetadataObject {
  const id = keyId(table.logicalName, key.logicalName);
  const isManaged = key.isManaged ?? true;
  return {
    MetadataId: id,
    HasChanged: null,
    LogicalName: key.logicalName,
    SchemaName: key.schemaName,
    EntityLogicalName: table.logicalName,
    KeyAttributes: key.columns,
    EntityKeyIndexStatus: key.indexStatus,
    IsManaged: isManaged,
    IsCustomizable: managed(true, 'iscustomizable'),
    DisplayName: describeLabel({ text: key.displayName, isManaged }, `${id}.name`),
  };
}
