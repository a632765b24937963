/**
 * CreateMultiple, UpdateMultiple and UpsertMultiple on a standard table (bulk-operations.md): one transaction, one error for all.
 */
import { parseGuid } from '../store/values.ts';
import type { Table } from '../tables/data-model.ts';
import { badPayload, badQuery, DataverseError, duplicateRecord, methodNotAllowed, notImplemented, resourceNotFound } from './errors.ts';
import { findTarget, requireRow, resolveReference, type RowTarget } from './find-row.ts';
import { isJsonObject, type JsonObject, parseJsonObject } from './json-body.ts';
import { type ApiRequest, type ApiResponse, jsonResponse, noContent, type Session } from './messages.ts';
import { readRowInput } from './row-input.ts';
import { createRow, upsertRow } from './create-rows.ts';
import { updateRow } from './write-rows.ts';

export const actionNamespace = 'Microsoft.Dynamics.CRM.';

type BulkAction = (session: Session, table: Table, targets: readonly JsonObject[]) => ApiResponse;

const actions: ReadonlyMap<string, BulkAction> = new Map([
  ['CreateMultiple', createMultiple],
  ['UpdateMultiple', updateMultiple],
  ['UpsertMultiple', upsertMultiple],
]);

export function handleBulk(session: Session, request: ApiRequest, table: Table, segment: string): ApiResponse {
  const name = segment.slice(actionNamespace.length);
  if (name === 'DeleteMultiple') throw notImplemented("The 'DeleteMultiple' message for standard tables");
  const action = actions.get(name);
  if (action === undefined) throw resourceNotFound(segment);
  if (request.method !== 'POST') throw methodNotAllowed(request.method);
  if (!table.supportsBulkMessages) {
    throw new DataverseError(400, '0x80040800', `The '${name}' method does not support entities of type '${table.logicalName}'.`);
  }
  const targets = readTargets(table, parseJsonObject(request.body, table.entitySetName).Targets);
  return session.environment.database.transaction(() => action(session, table, targets));
}

function readTargets(table: Table, value: unknown): readonly JsonObject[] {
  const exception = (message: string) => badPayload(table.entitySetName, `Microsoft.OData.ODataException: ${message}`);
  if (!Array.isArray(value) || value.length === 0)
    throw exception("The parameter 'Targets' must be a collection with at least one record.");
  const expected = `${actionNamespace}${table.logicalName}`;
  return value.map((target: unknown) => {
    if (!isJsonObject(target)) throw exception("A 'StartObject' node was expected in the collection 'Targets'.");
    const type = target['@odata.type'];
    if (typeof type !== 'string') {
      throw exception("A type named 'Microsoft.Dynamics.CRM.crmbaseentity' is abstract: every record in 'Targets' needs '@odata.type'.");
    }
    if (type.replace(/^#/, '') !== expected) throw exception(`The record type '${type}' in 'Targets' is not '${expected}'.`);
    return target;
  });
}

function createMultiple(session: Session, table: Table, targets: readonly JsonObject[]): ApiResponse {
  const ids = targets.map((json) => createRow(session, table, readRowInput(session, table, json, 'create')).id);
  return jsonResponse(200, { '@odata.context': `${session.serviceRoot}$metadata#${actionNamespace}CreateMultipleResponse`, Ids: ids });
}

function updateMultiple(session: Session, table: Table, targets: readonly JsonObject[]): ApiResponse {
  for (const json of targets) {
    const target = addressOf(session, table, json);
    if (target === null) throw badQuery(`Entity Id must be specified for the Update of ${table.logicalName}.`);
    const row = requireRow(target);
    updateRow(session, table, row, readRowInput(session, table, json, 'update').changes);
  }
  return noContent();
}

/** Answers 204 without a body: a client cannot learn from it which rows were new. */
function upsertMultiple(session: Session, table: Table, targets: readonly JsonObject[]): ApiResponse {
  // Two targets for one row refuse the whole call, whether the row is named by its key or by its id.
  const seen = new Set<string>();
  for (const json of targets) {
    const target = addressOf(session, table, json);
    if (target === null) {
      seen.add(createRow(session, table, readRowInput(session, table, json, 'create')).id);
      continue;
    }
    refuseRepeatedKeyOnCreate(target, json);
    if (target.row !== undefined && seen.has(target.row.id)) throw duplicateRecord();
    seen.add(upsertRow(session, target, json).row.id);
  }
  session.statistics.rowsUpserted += targets.length;
  return noContent();
}

/** null: the target names no row, so it is a new one. */
function addressOf(session: Session, table: Table, json: JsonObject): RowTarget | null {
  const address = json['@odata.id'];
  if (typeof address === 'string') {
    const target = resolveReference(session, address);
    if (target.table !== table) throw badQuery(`The record '${address}' in 'Targets' is not of type '${table.logicalName}'.`);
    return target;
  }
  const id = json[table.primaryIdColumn];
  if (id === undefined || id === null) return null;
  const guid = typeof id === 'string' ? parseGuid(id) : null;
  if (guid === null)
    throw badPayload(
      table.entitySetName,
      "Microsoft.OData.ODataException: Cannot convert the primary key to the expected type 'Edm.Guid'.",
    );
  return findTarget(session, table, { kind: 'id', id: guid });
}

/**
 * Unlike PATCH, a target that names a new row by key and repeats the key's column in its body is refused with this unhelpful error;
 * for a row that exists the repetition is let pass (seen by Microsoft: PowerPlatform-DataverseClient-Python, pull request 127).
 */
function refuseRepeatedKeyOnCreate(target: RowTarget, json: JsonObject): void {
  const isRepeated = Object.keys(target.keyValues).some((column) => column in json);
  if (target.row === undefined && isRepeated) throw new DataverseError(400, '0x80040216', 'An unexpected error occurred.');
}
