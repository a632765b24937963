/** From an address to the code that answers it. */
import { countChanges, handleChanges, isAboutChanges } from '../change-tracking/track-changes.ts';
import { handleMetadataDocument } from '../metadata/csdl.ts';
import { handleEntityDefinitions } from '../metadata/entity-definitions.ts';
import { handleRelationshipDefinitions } from '../metadata/relationship-definitions.ts';
import { handleGlobalChoices } from '../schema-changes/change-choices.ts';
import { actionNamespace, handleBulk } from './bulk-requests.ts';
import { handleCount, handleQuery } from './collection-requests.ts';
import { methodNotAllowed, resourceNotFound } from './errors.ts';
import { findTarget } from './find-row.ts';
import { handleFunction } from './functions.ts';
import { type ApiRequest, type ApiResponse, jsonResponse, type Session } from './messages.ts';
import { handleRowPart } from './property-requests.ts';
import { parsePath, type PathSegment } from './resource-path.ts';
import { handleCreate, handleRow } from './row-requests.ts';
import { handleAction } from './unbound-actions.ts';

/** Throws DataverseError for what the Web API refuses. */
export function dispatch(session: Session, request: ApiRequest): ApiResponse {
  session.environment.keyIndexes.advanceToNow();
  const called = handleFunction(session, request) ?? handleAction(session, request);
  if (called !== null) return called;
  const [first, ...rest] = parsePath(request.path, { isFromUrl: true });
  if (first === undefined) return serviceDocument(session, request);
  if (first.name === 'EntityDefinitions') return handleEntityDefinitions(session, request, [first, ...rest]);
  if (first.name === 'RelationshipDefinitions') return handleRelationshipDefinitions(session, request, [first, ...rest]);
  if (first.name === 'GlobalOptionSetDefinitions') return handleGlobalChoices(session, request, [first, ...rest]);
  if (first.name === '$metadata' && rest.length === 0) return handleMetadataDocument(session, request);
  return handleTable(session, request, first, rest);
}

function handleTable(session: Session, request: ApiRequest, first: PathSegment, rest: readonly PathSegment[]): ApiResponse {
  const table = session.environment.model.bySet(first.name);
  if (table === undefined) throw resourceNotFound(first.name);
  const next = rest[0];
  if (first.predicate !== null) {
    const target = findTarget(session, table, first.predicate);
    return next === undefined ? handleRow(session, request, target) : handleRowPart(session, request, target, rest);
  }
  if (next?.name.startsWith(actionNamespace) === true && rest.length === 1) return handleBulk(session, request, table, next.name);
  if (next?.name === '$count' && rest.length === 1) {
    if (request.method !== 'GET') throw methodNotAllowed(request.method);
    return isAboutChanges(request) ? countChanges(session, request, table) : handleCount(session, request, table);
  }
  if (next !== undefined) throw resourceNotFound(next.name);
  if (request.method === 'GET')
    return isAboutChanges(request) ? handleChanges(session, request, table) : handleQuery(session, request, table);
  if (request.method === 'POST') return handleCreate(session, request, table);
  throw methodNotAllowed(request.method);
}

function serviceDocument(session: Session, request: ApiRequest): ApiResponse {
  if (request.method !== 'GET') throw methodNotAllowed(request.method);
  return jsonResponse(200, {
    '@odata.context': `${session.serviceRoot}$metadata`,
    value: session.environment.model.tables.map(({ entitySetName }) => ({ name: entitySetName, kind: 'EntitySet', url: entitySetName })),
  });
}
