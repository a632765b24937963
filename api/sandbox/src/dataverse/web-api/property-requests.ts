/** Requests to a part of a row: one property, a related row or collection, a reference (`$ref`). */
import { requirePrivilege } from '../security/caller.ts';
import { columnValue, plainValue } from '../store/represent.ts';
import { isReference, type Row } from '../store/values.ts';
import type { Navigation, Table } from '../tables/data-model.ts';
import { propertyName } from '../tables/definition.ts';
import { handleCount, handleQuery } from './collection-requests.ts';
import { badPayload, methodNotAllowed, resourceNotFound } from './errors.ts';
import { requireRow, type RowTarget } from './find-row.ts';
import { parseJsonObject } from './json-body.ts';
import { type ApiRequest, type ApiResponse, jsonResponse, noContent, type Session } from './messages.ts';
import { checkWritePreconditions } from './preconditions.ts';
import type { PathSegment } from './resource-path.ts';
import { readRowInput } from './row-input.ts';
import { rowBody } from './row-requests.ts';
import { updateRow } from './write-rows.ts';

export function handleRowPart(session: Session, request: ApiRequest, target: RowTarget, parts: readonly PathSegment[]): ApiResponse {
  const [part, suffix, ...tooMany] = parts;
  const name = part?.name ?? '';
  if (tooMany.length > 0) throw resourceNotFound(tooMany[0]?.name ?? '');
  const { table } = target;
  const navigation = table.navigations.get(name);
  if (navigation !== undefined && suffix?.name === '$ref') return handleReference(session, request, target, navigation);
  if (navigation !== undefined && suffix === undefined) return followLookup(session, request, target, navigation);
  if (table.collections.has(name)) return handleCollection(session, request, target, name, suffix?.name ?? null);
  if (table.properties.has(name)) return handleProperty(session, request, target, name, suffix?.name ?? null);
  throw resourceNotFound(name);
}

function handleProperty(session: Session, request: ApiRequest, target: RowTarget, name: string, suffix: string | null): ApiResponse {
  const { table } = target;
  const row = requireRow(target);
  const column = table.properties.get(name);
  if (column === undefined || (suffix !== null && suffix !== '$value')) throw resourceNotFound(suffix ?? name);
  if (request.method === 'PUT' || request.method === 'DELETE') {
    checkWritePreconditions(request.headers, target);
    const value = request.method === 'DELETE' ? null : parseJsonObject(request.body, table.entitySetName).value;
    if (value === undefined) throw badPayload(table.entitySetName, "Microsoft.OData.ODataException: The property 'value' is missing.");
    const { changes } = readRowInput(session, table, { [name]: value }, 'update');
    session.environment.database.transaction(() => updateRow(session, table, row, changes));
    return noContent();
  }
  if (request.method !== 'GET') throw methodNotAllowed(request.method);
  requirePrivilege(session.caller, 'Read', table);
  const value = plainValue(columnValue(column, row));
  if (value === null) return noContent();
  if (suffix === '$value') return { status: 200, headers: { 'Content-Type': 'text/plain' }, body: String(value) };
  return jsonResponse(200, {
    '@odata.context': `${session.serviceRoot}$metadata#${table.entitySetName}(${row.id})/${propertyName(column)}`,
    value,
  });
}

/** `GET contacts(…)/parentcustomerid_account`: the related row, or 204 when there is none. */
function followLookup(session: Session, request: ApiRequest, target: RowTarget, navigation: Navigation): ApiResponse {
  if (request.method !== 'GET') throw methodNotAllowed(request.method);
  requirePrivilege(session.caller, 'Read', target.table);
  const related = relatedRow(session, requireRow(target), navigation);
  requirePrivilege(session.caller, 'Read', related.table);
  return related.row === undefined ? noContent() : jsonResponse(200, rowBody(session, request, related.table, related.row));
}

function relatedRow(session: Session, row: Row, { column, target }: Navigation): { readonly table: Table; readonly row: Row | undefined } {
  const table = session.environment.model.require(target.table);
  const reference = row.values[column.logicalName];
  const isHere = isReference(reference) && reference.table === target.table;
  return { table, row: isHere ? session.environment.database.rows(target.table).get(reference.id) : undefined };
}

function handleCollection(session: Session, request: ApiRequest, target: RowTarget, name: string, suffix: string | null): ApiResponse {
  const collection = target.table.collections.get(name);
  if (collection === undefined || (suffix !== null && suffix !== '$count')) throw resourceNotFound(suffix ?? name);
  if (request.method !== 'GET') throw methodNotAllowed(request.method);
  const parent = requireRow(target);
  const belongs = (row: Row): boolean => {
    const reference = row.values[collection.column.logicalName];
    return isReference(reference) && reference.id === parent.id;
  };
  const table = session.environment.model.require(collection.table);
  return suffix === '$count' ? handleCount(session, request, table, belongs) : handleQuery(session, request, table, belongs);
}

/** `PUT …/nav/$ref` links, `DELETE …/nav/$ref` unlinks, `GET …/nav/$ref` tells the address (associate-disassociate-entities-using-web-api.md). */
function handleReference(session: Session, request: ApiRequest, target: RowTarget, navigation: Navigation): ApiResponse {
  const { table } = target;
  const row = requireRow(target);
  const bindName = `${navigation.target.navigationProperty}@odata.bind`;
  if (request.method === 'GET') {
    requirePrivilege(session.caller, 'Read', table);
    const related = relatedRow(session, row, navigation);
    if (related.row === undefined) return noContent();
    const address = `${session.serviceRoot}${related.table.entitySetName}(${related.row.id})`;
    return jsonResponse(200, { '@odata.context': `${session.serviceRoot}$metadata#$ref`, '@odata.id': address });
  }
  if (request.method !== 'PUT' && request.method !== 'DELETE') throw methodNotAllowed(request.method);
  const address = request.method === 'DELETE' ? null : parseJsonObject(request.body, table.entitySetName)['@odata.id'];
  if (address === undefined) throw badPayload(table.entitySetName, "Microsoft.OData.ODataException: The property '@odata.id' is missing.");
  const { changes } = readRowInput(session, table, { [bindName]: address }, 'update');
  session.environment.database.transaction(() => updateRow(session, table, row, changes));
  return noContent();
}
