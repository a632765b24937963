/** Requests to a part of a row: one property, a related row or collection, a reference (`$ref`). */
import { requirePrivilege } from '../security/caller.ts';
import { columnValue, plainValue } from '../store/represent.ts';
import { isReference, type Row } from '../store/values.ts';
import { relatedRows } from '../store/related-rows.ts';
import { isCollection, type Navigation, type Table } from '../tables/data-model.ts';
import { propertyName } from '../tables/definition.ts';
import { handleCount, handleQuery, handleReferences } from './collection-requests.ts';
import { badPayload, badQuery, methodNotAllowed, resourceNotFound } from './errors.ts';
import { findTarget, requireRow, resolveReference, type RowTarget } from './find-row.ts';
import { parseJsonObject } from './json-body.ts';
import { type ApiRequest, type ApiResponse, jsonResponse, noContent, type Session } from './messages.ts';
import { checkWritePreconditions } from './preconditions.ts';
import { associate, type Collection, disassociate } from './related-writes.ts';
import { decode, type PathSegment } from './resource-path.ts';
import { readRowInput } from './row-input.ts';
import { rowBody } from './row-requests.ts';
import { updateRow } from './write-rows.ts';

export function handleRowPart(session: Session, request: ApiRequest, target: RowTarget, parts: readonly PathSegment[]): ApiResponse {
  const [part, suffix, ...tooMany] = parts;
  const name = part?.name ?? '';
  const { table } = target;
  if (part !== undefined && isCollection(table, name)) return handleCollection(session, request, { target, part, rest: parts.slice(1) });
  const navigation = table.navigations.get(name);
  if (navigation !== undefined && suffix !== undefined && suffix.name !== '$ref') {
    return handleFurther(session, request, { target, navigation, rest: parts.slice(1) });
  }
  if (tooMany.length > 0) throw resourceNotFound(tooMany[0]?.name ?? '');
  if (navigation !== undefined) {
    return suffix === undefined
      ? followLookup(session, request, target, navigation)
      : handleReference(session, request, target, navigation);
  }
  if (table.properties.has(name)) return handleProperty(session, request, target, name, suffix?.name ?? null);
  throw resourceNotFound(name);
}

interface Further {
  readonly target: RowTarget;
  readonly navigation: Navigation;
  readonly rest: readonly PathSegment[];
}

/** `GET accounts(…)/primarycontactid/fullname`: the path goes on in the row that the lookup points to. */
function handleFurther(session: Session, request: ApiRequest, { target, navigation, rest }: Further): ApiResponse {
  if (request.method !== 'GET') throw methodNotAllowed(request.method);
  requirePrivilege(session.caller, 'Read', target.table);
  const { table, row } = relatedRow(session, requireRow(target), navigation);
  if (row === undefined) return noContent();
  return handleRowPart(session, request, findTarget(session, table, { kind: 'id', id: row.id }), rest);
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

interface CollectionRequest {
  readonly target: RowTarget;
  readonly part: PathSegment;
  readonly rest: readonly PathSegment[];
}

function handleCollection(session: Session, request: ApiRequest, { target, part, rest }: CollectionRequest): ApiResponse {
  const related = relatedRows(session.environment, target.table, part.name);
  const [suffix, ...tooMany] = rest;
  if (related === undefined || tooMany.length > 0) throw resourceNotFound(tooMany[0]?.name ?? part.name);
  const parent = requireRow(target);
  const collection = { table: target.table, row: parent, name: part.name };
  const member = part.predicate === null ? null : findTarget(session, related.table, part.predicate);
  if (suffix?.name === '$ref' && request.method !== 'GET') return changeCollection(session, request, collection, member);
  if (request.method !== 'GET') throw methodNotAllowed(request.method);
  requirePrivilege(session.caller, 'Read', target.table);
  if (member !== null) {
    const row = related.of(parent.id).find(({ id }) => id === member.row?.id);
    if (row === undefined) throw member.notFound();
    if (suffix !== undefined) return handleRowPart(session, request, member, rest);
    requirePrivilege(session.caller, 'Read', related.table);
    return jsonResponse(200, rowBody(session, request, related.table, row));
  }
  switch (suffix?.name) {
    case undefined:
      return handleQuery(session, request, related.table, related.of(parent.id));
    case '$count':
      return handleCount(session, request, related.table, related.of(parent.id));
    case '$ref':
      return handleReferences(session, request, related.table, related.of(parent.id));
    default:
      throw resourceNotFound(suffix?.name ?? '');
  }
}

/** `POST …/collection/$ref` links the row in the body; `DELETE …/collection(id)/$ref` and `…/collection/$ref?$id=` unlink one. */
function changeCollection(session: Session, request: ApiRequest, collection: Collection, member: RowTarget | null): ApiResponse {
  const { database } = session.environment;
  if (request.method === 'POST' && member === null) {
    const address = parseJsonObject(request.body, collection.table.entitySetName)['@odata.id'];
    if (typeof address !== 'string') throw missingReference(collection.table);
    database.transaction(() => associate(session, collection, resolveReference(session, address)));
    return noContent();
  }
  if (request.method !== 'DELETE') throw methodNotAllowed(request.method);
  const named = member ?? resolveReference(session, referenceInQuery(request));
  database.transaction(() => disassociate(session, collection, named));
  return noContent();
}

function referenceInQuery({ query }: ApiRequest): string {
  const pair = query.split('&').find((candidate) => /^(\$|%24)id=/i.test(candidate));
  if (pair === undefined) throw badQuery("The query option '$id' must name the record to disassociate.");
  return decode(pair.slice(pair.indexOf('=') + 1));
}

const missingReference = ({ entitySetName }: Table) =>
  badPayload(entitySetName, "Microsoft.OData.ODataException: The property '@odata.id' is missing.");

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
  if (address === undefined) throw missingReference(table);
  const { changes } = readRowInput(session, table, { [bindName]: address }, 'update');
  session.environment.database.transaction(() => updateRow(session, table, row, changes));
  return noContent();
}
