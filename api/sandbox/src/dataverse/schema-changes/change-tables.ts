/** Creates, replaces and removes tables (create-update-entity-definitions-using-web-api.md). */
import { tableId } from '../metadata/metadata-id.ts';
import { organizationColumns, primaryId, stateColumns, systemColumns } from '../tables/columns.ts';
import { type ColumnDefinition, isLookup, type TableDefinition } from '../tables/definition.ts';
import { notImplemented } from '../web-api/errors.ts';
import { isJsonObject, type JsonObject } from '../web-api/json-body.ts';
import { type ApiResponse, noContent } from '../web-api/messages.ts';
import { bodyOf, type Change, created, isMergingLabels, updated } from './change-context.ts';
import { readColumn } from './column-input.ts';
import { pluralOf, requireSchemaName } from './names.ts';
import { readFlag, readLabel, readText, readType, refuseUnknownProperties, requireLabel, unknownType, updateLabel } from './read-json.ts';
import {
  collectionNameExists,
  columnExists,
  componentIsManaged,
  componentIsReferenced,
  invalidArgument,
  primaryNameMustBeText,
  tableExists,
  tableIsBuiltIn,
  wrongOwnership,
} from './refusals.ts';
import { editTable } from './schema-edits.ts';
import { tableProperties } from './table-properties.ts';

const definitionSet = 'EntityDefinitions';
/** Numbers of custom tables start here. */
const firstObjectTypeCode = 10_000;

export function createTable(change: Change): ApiResponse {
  const { environment } = change.session;
  const table = readTable(change, bodyOf(change, definitionSet));
  environment.changeSchema({ ...environment.schema, tables: [...environment.schema.tables, table] });
  return created(change, 'Entity', definitionSet, tableId(table.logicalName));
}

function readTable(change: Change, json: JsonObject): TableDefinition {
  checkTableJson(json);
  const { tables } = change.session.environment.schema;
  const schemaName = requireSchemaName(json.SchemaName, 'Entity', change.publisherPrefix);
  const logicalName = schemaName.toLowerCase();
  if (tables.some((table) => table.logicalName === logicalName)) throw tableExists();
  const entitySetName = readText(json, 'EntitySetName') ?? pluralOf(logicalName);
  if (tables.some((table) => table.entitySetName === entitySetName)) throw collectionNameExists();
  const ownership = json.OwnershipType ?? 'UserOwned';
  if (ownership !== 'UserOwned' && ownership !== 'OrganizationOwned') throw wrongOwnership();
  for (const kind of ['IsActivity', 'HasActivities', 'HasNotes', 'HasFeedback']) {
    if (readFlag(json, kind) === true) throw notImplemented(`A table with ${kind}`);
  }
  const name = requireLabel(json, 'DisplayName');
  const collection = requireLabel(json, 'DisplayCollectionName');
  const description = readLabel(json, 'Description')?.text ?? null;
  const own = readColumns(change, json);
  const highest = Math.max(firstObjectTypeCode - 1, ...tables.map((table) => table.objectTypeCode));
  return {
    logicalName,
    schemaName,
    entitySetName,
    displayName: name.text,
    translations: name.translations,
    displayCollectionName: collection.text,
    collectionTranslations: collection.translations,
    ...(description === null ? {} : { description }),
    objectTypeCode: highest + 1,
    primaryIdColumn: `${logicalName}id`,
    primaryNameColumn: own.primaryName.logicalName,
    columns: [
      { ...primaryId(`${logicalName}id`, name.text), schemaName: `${schemaName}Id`, isCustom: true },
      ...own.columns,
      ...stateColumns,
      ...(ownership === 'UserOwned' ? systemColumns : organizationColumns),
    ],
    keys: [],
    supportsBulkMessages: true,
    isReadOnly: false,
    isCustom: true,
    // Roles are not modelled: of this one table people have what the guide for the control tells admins to give, their own rows.
    ...(logicalName === 'ccsync_syncrequest' && ownership === 'UserOwned' ? { isOfItsOwner: true } : {}),
    isChangeTracked: readFlag(json, 'ChangeTrackingEnabled') === true,
  };
}

function checkTableJson(json: JsonObject): void {
  const type = json['@odata.type'] === undefined ? 'EntityMetadata' : readType(json, definitionSet, 'EntityMetadata');
  if (type !== 'EntityMetadata') throw unknownType(definitionSet, type);
  refuseUnknownProperties(json, tableProperties, type, definitionSet);
}

interface OwnColumns {
  readonly columns: readonly ColumnDefinition[];
  readonly primaryName: ColumnDefinition;
}

function readColumns(change: Change, json: JsonObject): OwnColumns {
  const list = Array.isArray(json.Attributes) ? (json.Attributes as readonly unknown[]) : [];
  const { publisherPrefix, firstOptionValue } = change;
  const { choices } = change.session.environment.schema;
  const columns: ColumnDefinition[] = [];
  let primaryName: ColumnDefinition | null = null;
  for (const item of list) {
    if (!isJsonObject(item)) throw invalidArgument("Every member of 'Attributes' must be an attribute's definition.");
    const column = readColumn(item, { entitySetName: definitionSet, choices, publisherPrefix, firstOptionValue });
    if (columns.some(({ logicalName }) => logicalName === column.logicalName))
      throw columnExists(column.logicalName, String(json.SchemaName));
    columns.push(column);
    if (item.IsPrimaryName === true) {
      if (primaryName !== null) throw invalidArgument('An entity can only have one primary name attribute.');
      primaryName = column;
    }
  }
  if (primaryName?.type !== 'String') throw primaryNameMustBeText();
  return { columns, primaryName };
}

/** PUT replaces labels and description. Change tracking can be turned on and never off again. */
export function updateTable(change: Change, table: TableDefinition): ApiResponse {
  const { environment } = change.session;
  const json = bodyOf(change, definitionSet);
  checkTableJson(json);
  if ((json.SchemaName ?? table.schemaName) !== table.schemaName || (json.LogicalName ?? table.logicalName) !== table.logicalName) {
    throw invalidArgument('The name of an entity cannot be changed.');
  }
  const isTracked = readFlag(json, 'ChangeTrackingEnabled') ?? table.isChangeTracked === true;
  if (table.isChangeTracked === true && !isTracked) throw invalidArgument('Change tracking cannot be disabled once it is enabled.');
  const isMerging = isMergingLabels(change.request);
  const name = updateLabel({ text: table.displayName, translations: table.translations ?? {} }, readLabel(json, 'DisplayName'), isMerging);
  const collectionBefore = { text: table.displayCollectionName, translations: table.collectionTranslations ?? {} };
  const collection = updateLabel(collectionBefore, readLabel(json, 'DisplayCollectionName'), isMerging);
  const description = readLabel(json, 'Description')?.text ?? table.description;
  const next = editTable(environment.schema, table.logicalName, (before) => ({
    ...before,
    displayName: name.text,
    translations: name.translations,
    displayCollectionName: collection.text,
    collectionTranslations: collection.translations,
    isChangeTracked: isTracked,
    ...(description === undefined ? {} : { description }),
  }));
  environment.changeSchema(next);
  return updated(change);
}

/** Takes the rows along. Refused while a lookup of another table points here, or a many-to-many relationship does. */
export function deleteTable(change: Change, table: TableDefinition): ApiResponse {
  const { environment } = change.session;
  if (table.isCustom !== true) throw tableIsBuiltIn();
  if (table.isManaged === true) throw componentIsManaged('Entity', table.logicalName);
  const pointing = environment.schema.tables
    .filter((other) => other.logicalName !== table.logicalName)
    .flatMap((other) => other.columns.filter(isLookup))
    .filter((column) => column.targets.some((target) => target.table === table.logicalName));
  const paired = environment.schema.manyToMany.filter(({ sides }) => sides.some((side) => side.table === table.logicalName));
  const uses = pointing.length + paired.length;
  if (uses > 0) throw componentIsReferenced('Entity', tableId(table.logicalName), uses);
  environment.keyIndexes.cancel((job) => job.table === table.logicalName);
  environment.changeSchema({
    ...environment.schema,
    tables: environment.schema.tables.filter(({ logicalName }) => logicalName !== table.logicalName),
  });
  return noContent();
}
