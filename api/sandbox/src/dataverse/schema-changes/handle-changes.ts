/** From a POST, PUT or DELETE below EntityDefinitions to the code that makes the change. */
import { columnId, keyId, tableId } from '../metadata/metadata-id.ts';
import type { TableDefinition } from '../tables/definition.ts';
import { DataverseError, methodNotAllowed, resourceNotFound } from '../web-api/errors.ts';
import type { ApiRequest, ApiResponse, Session } from '../web-api/messages.ts';
import type { PathSegment } from '../web-api/resource-path.ts';
import { addressedName } from '../metadata/addressed-name.ts';
import { createColumn, deleteColumn, updateColumn } from './change-columns.ts';
import { beginChange } from './change-context.ts';
import { createKey, deleteKey } from './change-keys.ts';
import { createTable, deleteTable, updateTable } from './change-tables.ts';

const verbs: Readonly<Record<string, 'Create' | 'Write' | 'Delete'>> = { POST: 'Create', PUT: 'Write', DELETE: 'Delete' };

export function handleDefinitionChange(session: Session, request: ApiRequest, segments: readonly PathSegment[]): ApiResponse {
  const [root, part, cast, ...rest] = segments;
  const verb = verbs[request.method];
  // PATCH is refused for definitions: a change names all of them (create-update-entity-definitions-using-web-api.md).
  if (verb === undefined) throw methodNotAllowed(request.method);
  if (root === undefined || rest.length > 0) throw resourceNotFound(root?.name ?? '');
  if (root.predicate === null) {
    if (part !== undefined || request.method !== 'POST') throw methodNotAllowed(request.method);
    return createTable(beginChange(session, request, 'Entity', verb));
  }
  const table = findTable(session, root);
  const address = decodeURIComponent(request.path).split('/')[0] ?? '';
  if (part === undefined) {
    if (request.method === 'POST') throw methodNotAllowed(request.method);
    const change = beginChange(session, request, 'Entity', verb);
    return request.method === 'PUT' ? updateTable(change, table) : deleteTable(change, table);
  }
  if (part.name === 'Attributes') return handleColumn(session, request, { table, address, part, verb });
  if (part.name === 'Keys' && cast === undefined) return handleKey(session, request, { table, address, part, verb });
  throw resourceNotFound(part.name);
}

interface PartAddress {
  readonly table: TableDefinition;
  readonly address: string;
  readonly part: PathSegment;
  readonly verb: 'Create' | 'Write' | 'Delete';
}

function handleColumn(session: Session, request: ApiRequest, { table, address, part, verb }: PartAddress): ApiResponse {
  const change = beginChange(session, request, 'Attribute', verb);
  if (part.predicate === null) {
    if (request.method !== 'POST') throw methodNotAllowed(request.method);
    return createColumn(change, table, address);
  }
  if (request.method === 'POST') throw methodNotAllowed(request.method);
  const name = addressedName(part);
  const column = table.columns.find(({ logicalName }) => logicalName === name || columnId(table.logicalName, logicalName) === name);
  if (column === undefined) throw new DataverseError(404, '0x80060888', `Could not find an attribute with specified ${name}`);
  return request.method === 'PUT' ? updateColumn(change, table, column) : deleteColumn(change, table, column);
}

function handleKey(session: Session, request: ApiRequest, { table, address, part, verb }: PartAddress): ApiResponse {
  const change = beginChange(session, request, 'EntityKey', verb);
  if (part.predicate === null) {
    if (request.method !== 'POST') throw methodNotAllowed(request.method);
    return createKey(change, table, address);
  }
  // A key is made and removed, never changed.
  if (request.method !== 'DELETE') throw methodNotAllowed(request.method);
  const name = addressedName(part);
  const key = table.keys.find(({ logicalName }) => logicalName === name || keyId(table.logicalName, logicalName) === name);
  if (key === undefined) throw new DataverseError(404, '0x80060888', `Could not find a key with specified ${name}`);
  return deleteKey(change, table, key);
}

function findTable(session: Session, segment: PathSegment): TableDefinition {
  const name = addressedName(segment);
  const { tables } = session.environment.schema;
  const table = tables.find(({ logicalName }) => logicalName === name || tableId(logicalName) === name);
  if (table === undefined) throw new DataverseError(404, '0x80060888', `Could not find an entity with name ${name}`);
  return table;
}
