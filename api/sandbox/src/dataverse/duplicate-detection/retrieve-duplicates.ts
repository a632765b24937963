/** RetrieveDuplicates: the rows that the rules find the same as a row or as values that are not saved yet. */
import { requirePrivilege } from '../security/caller.ts';
import { representRow } from '../store/represent.ts';
import type { RowValues } from '../store/values.ts';
import { badQuery, tableNotFound } from '../web-api/errors.ts';
import { type FunctionCall, namedArguments } from '../web-api/function-arguments.ts';
import { resolveReference, requireRow } from '../web-api/find-row.ts';
import { isJsonObject, type JsonObject } from '../web-api/json-body.ts';
import { type ApiResponse, jsonResponse, type Session } from '../web-api/messages.ts';
import { duplicateRules, findDuplicates } from './rules.ts';

const namespace = 'Microsoft.Dynamics.CRM.';

export function retrieveDuplicates(session: Session, call: FunctionCall): ApiResponse {
  const given = namedArguments(call, ['BusinessEntity', 'MatchingEntityName', 'PagingInfo']);
  const name = /^'(.*)'$/s.exec(given.MatchingEntityName ?? '')?.[1] ?? '';
  const { model, database } = session.environment;
  const table = model.byLogicalName(name);
  if (table === undefined) throw tableNotFound(name);
  requirePrivilege(session.caller, 'Read', table);
  const entity = readObject(given.BusinessEntity, 'BusinessEntity');
  const paging = given.PagingInfo === undefined ? {} : readObject(given.PagingInfo, 'PagingInfo');
  const page = pageNumber(paging.PageNumber, 1);
  const size = pageNumber(paging.Count, 50);

  const own = typeof entity['@odata.id'] === 'string' ? requireRow(resolveReference(session, entity['@odata.id'])) : null;
  const found = findDuplicates(database, name, own?.values ?? valuesOf(name, entity)).filter((row) => row.id !== own?.id);
  const value = found.slice((page - 1) * size, page * size).map((row) => ({
    '@odata.type': `#${namespace}${name}`,
    ...representRow(table, row, { model, database, select: null, wantsAnnotation: () => false }),
  }));
  return jsonResponse(200, { '@odata.context': `${session.serviceRoot}$metadata#Collection(${namespace}crmbaseentity)`, value });
}

function valuesOf(table: string, entity: JsonObject): RowValues {
  const columns = duplicateRules.filter((rule) => rule.table === table).map((rule) => rule.column);
  return Object.fromEntries(columns.map((column) => [column, typeof entity[column] === 'string' ? entity[column] : null]));
}

/** JSON in an address may have single quotes. */
function readObject(text: string | undefined, parameter: string): JsonObject {
  const json = text === undefined || text.includes('"') ? text : text.replaceAll("'", '"');
  let value: unknown = null;
  try {
    value = JSON.parse(json ?? 'null');
  } catch {
    value = null;
  }
  if (!isJsonObject(value)) throw badQuery(`The parameter '${parameter}' of the function 'RetrieveDuplicates' must be an object in JSON.`);
  return value;
}

function pageNumber(value: unknown, fallback: number): number {
  if (value === undefined || value === null) return fallback;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 1) throw badQuery("'PagingInfo' needs whole numbers from 1 on.");
  return value;
}
