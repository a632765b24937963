/** Creates, removes and reactivates alternate keys (define-alternate-keys-entity.md). Their indexes are built later: key-index-jobs.ts. */
import { columnId, keyId } from '../metadata/metadata-id.ts';
import type { ColumnDefinition, KeyDefinition, TableDefinition } from '../tables/definition.ts';
import { type ApiRequest, type ApiResponse, noContent, type Session } from '../web-api/messages.ts';
import { beginChange, bodyOf, type Change, created, requireTable } from './change-context.ts';
import { requireSchemaName } from './names.ts';
import { readText, readType, refuseUnknownProperties, requireLabel, unknownType } from './read-json.ts';
import {
  componentIsManaged,
  componentNotFound,
  invalidArgument,
  keyColumnNotWritable,
  keyColumnsExist,
  keyNameExists,
} from './refusals.ts';
import { addKey, editTable, removeKeys } from './schema-edits.ts';

const definitionSet = 'EntityDefinitions';
const keysPerTable = 10;
const columnsPerKey = 16;
const bytesPerKey = 900;
const keyProperties = new Set(
  'MetadataId HasChanged LogicalName SchemaName DisplayName EntityLogicalName KeyAttributes IsCustomizable IsManaged IntroducedVersion EntityKeyIndexStatus AsyncJob IsSynchronous IsSecondaryKey IsExportKey'.split(
    ' ',
  ),
);

export function createKey(change: Change, table: TableDefinition, tableAddress: string): ApiResponse {
  const { environment } = change.session;
  const key = readKey(change, table);
  environment.changeSchema(editTable(environment.schema, table.logicalName, (before) => addKey(before, key)));
  environment.keyIndexes.start({ table: table.logicalName, key: key.logicalName });
  return created(change, 'EntityKey', `${tableAddress}/Keys`, keyId(table.logicalName, key.logicalName));
}

function readKey(change: Change, table: TableDefinition): KeyDefinition {
  const json = bodyOf(change, definitionSet);
  if (json['@odata.type'] !== undefined) {
    const type = readType(json, definitionSet, 'EntityKeyMetadata');
    if (type !== 'EntityKeyMetadata') throw unknownType(definitionSet, type);
  }
  refuseUnknownProperties(json, keyProperties, 'EntityKeyMetadata', definitionSet);
  const schemaName = requireSchemaName(json.SchemaName, 'EntityKey', change.publisherPrefix);
  const logicalName = schemaName.toLowerCase();
  const displayName = requireLabel(json, 'DisplayName').text;
  const columns = readKeyColumns(json.KeyAttributes, table);
  if (table.keys.some((key) => key.logicalName === logicalName)) throw keyNameExists(logicalName, table.logicalName);
  const isSameSet = (key: KeyDefinition) =>
    key.columns.length === columns.length && key.columns.every((column) => columns.includes(column));
  if (table.keys.some(isSameSet)) throw keyColumnsExist();
  if (table.keys.length >= keysPerTable) {
    throw invalidArgument(`The maximum number of ${keysPerTable} entity keys for ${table.logicalName} has been reached.`);
  }
  return { logicalName, schemaName, displayName, columns, indexStatus: 'Pending', isManaged: false };
}

function readKeyColumns(value: unknown, table: TableDefinition): readonly string[] {
  if (!Array.isArray(value) || value.length === 0) throw invalidArgument("'KeyAttributes' must name at least one attribute.");
  const columns = (value as readonly unknown[]).map((name) => {
    const column = table.columns.find((candidate) => candidate.logicalName === name);
    if (column === undefined) throw componentNotFound('an attribute', String(name));
    return column;
  });
  const names = columns.map((column) => column.logicalName);
  if (new Set(names).size < names.length) throw invalidArgument("'KeyAttributes' names an attribute twice.");
  if (names.length > columnsPerKey) throw invalidArgument(`An entity key can have at most ${columnsPerKey} attributes.`);
  for (const column of columns) {
    const flags = { create: column.isValidForCreate, update: column.isValidForUpdate };
    if (!flags.create || !flags.update)
      throw keyColumnNotWritable(column.logicalName, columnId(table.logicalName, column.logicalName), flags);
  }
  const bytes = columns.reduce((sum, column) => sum + sizeOf(column), 0);
  if (bytes > bytesPerKey)
    throw invalidArgument(`The size of the entity key is ${bytes} bytes, which exceeds the maximum of ${bytesPerKey}.`);
  return names;
}

/** What a column takes in an index; text takes two bytes a character. Throws for a type that no key can hold. */
function sizeOf(column: ColumnDefinition): number {
  switch (column.type) {
    case 'String':
      return column.maxLength * 2;
    case 'Decimal':
      return 13;
    case 'Integer':
    case 'Picklist':
      return 4;
    case 'DateTime':
      return 8;
    case 'Lookup':
      return 16;
    default:
      throw invalidArgument(`An attribute of the type ${column.type} cannot be in an entity key: ${column.logicalName}.`);
  }
}

/** A job that is still building the index is cancelled with it. */
export function deleteKey({ session }: Change, table: TableDefinition, key: KeyDefinition): ApiResponse {
  const { environment } = session;
  if (key.isManaged !== false) throw componentIsManaged('EntityKey', key.logicalName);
  environment.keyIndexes.cancel((job) => job.table === table.logicalName && job.key === key.logicalName);
  environment.changeSchema(
    editTable(environment.schema, table.logicalName, (before) => removeKeys(before, ({ logicalName }) => logicalName === key.logicalName)),
  );
  return noContent();
}

/** ReactivateEntityKey: builds the index of a Failed key once more. A key in another state is left as it is. */
export function reactivateKey(session: Session, request: ApiRequest): ApiResponse {
  const change = beginChange(session, request, 'EntityKey', 'Write');
  const json = bodyOf(change, 'ReactivateEntityKey');
  const table = requireTable(change, readText(json, 'EntityLogicalName') ?? '');
  const name = readText(json, 'EntityKeyLogicalName') ?? '';
  const key = table.keys.find((candidate) => candidate.logicalName === name);
  if (key === undefined) throw componentNotFound('an entity key', name);
  if (key.indexStatus === 'Failed') session.environment.keyIndexes.start({ table: table.logicalName, key: key.logicalName });
  return noContent();
}
