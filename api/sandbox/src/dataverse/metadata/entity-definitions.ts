/** Answers EntityDefinitions: tables, their Attributes, Keys and relationships. Changes: schema-changes/. */
import { parseQueryString, type QueryOptions } from '../query/query-options.ts';
import { handleDefinitionChange } from '../schema-changes/handle-changes.ts';
import type { Table } from '../tables/data-model.ts';
import { DataverseError, propertyNotFound, resourceNotFound } from '../web-api/errors.ts';
import { type ApiRequest, type ApiResponse, jsonResponse, type Session } from '../web-api/messages.ts';
import type { PathSegment } from '../web-api/resource-path.ts';
import { addressedName } from './addressed-name.ts';
import { attributeList, attributes, describeAll } from './attribute-definitions.ts';
import type { MetadataObject } from './describe-parts.ts';
import { describeKey, describeTable } from './describe-table.ts';
import { tableId } from './metadata-id.ts';
import { contextOfMetadata, filterMetadata, parseExpandItems, pickProperties } from './metadata-query.ts';
import { relationshipLists, relationshipsOf } from './relationship-definitions.ts';

export function handleEntityDefinitions(session: Session, request: ApiRequest, segments: readonly PathSegment[]): ApiResponse {
  if (request.method !== 'GET') return handleDefinitionChange(session, request, segments);
  const options = parseQueryString(request.query);
  const [root, part, ...rest] = segments;
  if (root?.predicate === undefined || root.predicate === null) {
    if (part !== undefined) throw resourceNotFound(part.name);
    const { tables } = session.environment.model;
    const wanted = filterMetadata(tables.map(describeTable), options, 'EntityMetadata').map((item) => item.LogicalName);
    const value = tables.filter((table) => wanted.includes(table.logicalName)).map((table) => tableBody(session, table, options));
    return jsonResponse(200, { '@odata.context': contextOfMetadata(session, 'EntityDefinitions'), value });
  }
  const table = findTable(session, root);
  if (part === undefined) {
    const body = tableBody(session, table, options);
    return jsonResponse(200, { '@odata.context': contextOfMetadata(session, 'EntityDefinitions/$entity'), ...body });
  }
  if (part.name === 'Attributes') return attributes(session, table, { part, rest, options });
  if (part.name === 'Keys' && rest.length === 0) return keys(session, table, part, options);
  if (relationshipLists.includes(part.name) && part.predicate === null && rest.length === 0) {
    const value = relationshipsOf(session, table, part.name, options);
    return jsonResponse(200, {
      '@odata.context': contextOfMetadata(session, `EntityDefinitions('${table.logicalName}')/${part.name}`),
      value,
    });
  }
  throw resourceNotFound(part.name);
}

function tableBody(session: Session, table: Table, options: QueryOptions): MetadataObject {
  const body: Record<string, unknown> = { ...pickProperties(describeTable(table), options.select, 'EntityMetadata') };
  for (const { name, options: inner } of parseExpandItems(options.expand)) {
    if (name === 'Attributes') body.Attributes = attributeList(describeAll(table, session.environment.model), inner, null);
    else if (name === 'Keys') body.Keys = keyList(table, inner);
    else if (relationshipLists.includes(name)) body[name] = relationshipsOf(session, table, name, inner);
    else throw propertyNotFound(name, 'EntityMetadata');
  }
  return body;
}

function keys(session: Session, table: Table, part: PathSegment, options: QueryOptions): ApiResponse {
  const address = `EntityDefinitions('${table.logicalName}')/Keys`;
  if (part.predicate === null) {
    return jsonResponse(200, { '@odata.context': contextOfMetadata(session, address), value: keyList(table, options) });
  }
  const name = addressedName(part);
  const key = table.keys
    .map((candidate) => describeKey(table, candidate))
    .find((item) => item.LogicalName === name || item.MetadataId === name);
  if (key === undefined) throw new DataverseError(404, '0x80060888', `Could not find a key with specified ${name}`);
  return jsonResponse(200, {
    '@odata.context': contextOfMetadata(session, `${address}/$entity`),
    ...pickProperties(key, options.select, 'EntityKeyMetadata'),
  });
}

function keyList(table: Table, options: QueryOptions): readonly MetadataObject[] {
  const all = table.keys.map((key) => describeKey(table, key));
  return filterMetadata(all, options, 'EntityKeyMetadata').map((key) => pickProperties(key, options.select, 'EntityKeyMetadata'));
}

function findTable(session: Session, segment: PathSegment): Table {
  const name = addressedName(segment);
  const { model } = session.environment;
  const table = model.byLogicalName(name) ?? model.tables.find((candidate) => tableId(candidate.logicalName) === name);
  if (table === undefined) throw new DataverseError(404, '0x80060888', `Could not find an entity with name ${name}`);
  return table;
}
