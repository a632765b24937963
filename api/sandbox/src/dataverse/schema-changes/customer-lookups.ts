import { columnId, relationshipId } from '../metadata/metadata-id.ts';
import { isJsonObject } from '../web-api/json-body.ts';
import { type ApiRequest, type ApiResponse, jsonResponse, type Session } from '../web-api/messages.ts';
import { beginChange, bodyOf, requireTable } from './change-context.ts';
import { readLookup, readTarget } from './change-relationships.ts';
import { namespace, readText } from './read-json.ts';
import { invalidArgument } from './refusals.ts';
import { addColumns, editTable } from './schema-edits.ts';

/** CreateCustomerRelationships: a lookup that points to accounts and to contacts. */
export function createCustomerRelationships(session: Session, request: ApiRequest): ApiResponse {
  const change = beginChange(session, request, 'Relationship', 'Create');
  const json = bodyOf(change, 'CreateCustomerRelationships');
  const list = Array.isArray(json.OneToManyRelationships) ? (json.OneToManyRelationships as readonly unknown[]) : [];
  if (!isJsonObject(json.Lookup)) throw invalidArgument("'Lookup' must be the definition of a lookup attribute.");
  const relationships = list.filter(isJsonObject);
  const referenced = relationships.map((relationship) => relationship.ReferencedEntity);
  if (list.length !== 2 || !referenced.includes('account') || !referenced.includes('contact')) {
    throw invalidArgument("'OneToManyRelationships' must be two: one with account and one with contact.");
  }
  const table = requireTable(change, readText(relationships[0] ?? {}, 'ReferencingEntity') ?? '');
  const lookup = readLookup(change, table, json.Lookup);
  const targets = relationships.map((relationship) =>
    readTarget(change, relationship, `${lookup.schemaName}_${readText(relationship, 'ReferencedEntity') ?? ''}`),
  );
  const { environment } = session;
  environment.changeSchema(
    editTable(environment.schema, table.logicalName, (before) => addColumns(before, [{ ...lookup, type: 'Customer', targets }])),
  );
  return jsonResponse(200, {
    '@odata.context': `${session.serviceRoot}$metadata#${namespace}CreateCustomerRelationshipsResponse`,
    RelationshipIds: targets.map((target) => relationshipId(target.relationshipName ?? '')),
    AttributeId: columnId(table.logicalName, lookup.logicalName),
  });
}
