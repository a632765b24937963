/** Requests to one row: retrieve, upsert, delete. */
import { refuseDuplicates } from '../duplicate-detection/refuse-duplicates.ts';
import { compileExpand } from '../query/expand.ts';
import { expandContext, parseExpand } from '../query/expand-syntax.ts';
import { parseQueryString } from '../query/query-options.ts';
import { checkSelect } from '../query/select-rows.ts';
import { maySeeSecured, requireAccess, requirePrivilege } from '../security/caller.ts';
import { contextOf, representRow } from '../store/represent.ts';
import { etagOf, type Row } from '../store/values.ts';
import type { Table } from '../tables/data-model.ts';
import { methodNotAllowed } from './errors.ts';
import { requireRow, type RowTarget } from './find-row.ts';
import { parseJsonObject } from './json-body.ts';
import { type ApiRequest, type ApiResponse, jsonResponse, noContent, type Session } from './messages.ts';
import { checkWritePreconditions, isNotModified } from './preconditions.ts';
import { parsePreferences } from './preferences.ts';
import { createRow, upsertRow } from './create-rows.ts';
import { deleteRow } from './write-rows.ts';
import { readRowInput } from './row-input.ts';

export function handleRow(session: Session, request: ApiRequest, target: RowTarget): ApiResponse {
  switch (request.method) {
    case 'GET':
      return retrieve(session, request, target);
    case 'PATCH':
      return patch(session, request, target);
    case 'DELETE': {
      checkWritePreconditions(request.headers, target);
      const row = requireRow(target);
      deleteRow(session, target.table, row);
      return noContent();
    }
    default:
      throw methodNotAllowed(request.method);
  }
}

export function handleCreate(session: Session, request: ApiRequest, table: Table): ApiResponse {
  const json = parseJsonObject(request.body, table.entitySetName);
  const row = session.environment.database.transaction(() => {
    const created = createRow(session, table, readRowInput(session, table, json, 'create'));
    refuseDuplicates(session, request, table, created);
    return created;
  });
  return afterWrite(session, request, { table, row, isCreated: true });
}

function retrieve(session: Session, request: ApiRequest, target: RowTarget): ApiResponse {
  requirePrivilege(session.caller, 'Read', target.table);
  const options = parseQueryString(request.query);
  const preferences = parsePreferences(request.headers);
  const row = requireRow(target);
  requireAccess(session.caller, target.table, row);
  // Neither related rows nor annotations have a part in the ETag, so with them there is no telling that nothing changed.
  if (options.expand === null && !preferences.wantsAnyAnnotation && isNotModified(request.headers, row)) {
    return { status: 304, headers: { ETag: etagOf(row) }, body: '' };
  }
  const headers: Record<string, string> = { ETag: etagOf(row) };
  if (preferences.applied.query !== null) headers['Preference-Applied'] = preferences.applied.query;
  return jsonResponse(200, rowBody(session, request, target.table, row), headers);
}

/** The row as a body of its own, with what the request's $select and $expand say; an update ignores the $expand. */
export function rowBody(session: Session, request: ApiRequest, table: Table, row: Row): unknown {
  const options = parseQueryString(request.query);
  const { wantsAnnotation, maxPageSize } = parsePreferences(request.headers);
  const { model, database } = session.environment;
  checkSelect(table, options.select);
  const items = parseExpand(model, table, request.method === 'PATCH' ? null : options.expand);
  const isNested = items.some((item) => item.items.length > 0);
  const expand = compileExpand(table, items, { session, wantsAnnotation, isQuery: false, isNested, maxPageSize });
  const json = representRow(table, row, {
    model,
    database,
    select: options.select,
    wantsAnnotation,
    maySeeSecured: maySeeSecured(session.caller),
  });
  expand(row, json);
  const names = [...(options.select ?? []), ...expandContext(items)];
  return { '@odata.context': `${session.serviceRoot}$metadata#${contextOf(table, names)}/$entity`, ...json };
}

function patch(session: Session, request: ApiRequest, target: RowTarget): ApiResponse {
  checkWritePreconditions(request.headers, target);
  const json = parseJsonObject(request.body, target.table.entitySetName);
  const result = session.environment.database.transaction(() => {
    const written = upsertRow(session, target, json);
    refuseDuplicates(session, request, target.table, written.row);
    return written;
  });
  session.statistics.rowsUpserted += 1;
  return afterWrite(session, request, { table: target.table, ...result });
}

interface Written {
  readonly table: Table;
  readonly row: Row;
  readonly isCreated: boolean;
}

/** With the row in the body, its address is not in the headers (create-entity-web-api.md, "Create with data returned"). */
function afterWrite(session: Session, request: ApiRequest, { table, row, isCreated }: Written): ApiResponse {
  const rowAddress = `${table.entitySetName}(${row.id})`;
  const preferences = parsePreferences(request.headers);
  if (!preferences.returnsRepresentation) return { ...noContent({ 'OData-EntityId': `${session.serviceRoot}${rowAddress}` }), rowAddress };
  const response = jsonResponse(isCreated ? 201 : 200, rowBody(session, request, table, row), {
    ETag: etagOf(row),
    'Preference-Applied': preferences.applied.representation,
  });
  return { ...response, rowAddress };
}
