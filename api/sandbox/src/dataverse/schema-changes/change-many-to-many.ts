/** Creates and removes many-to-many relationships, each with the intersect table that holds its pairs. */
import { relationshipId } from '../metadata/metadata-id.ts';
import { intersectTable, type ManyToManyDefinition } from '../tables/many-to-many.ts';
import type { JsonObject } from '../web-api/json-body.ts';
import { type ApiResponse, noContent } from '../web-api/messages.ts';
import { type Change, created, requireTable } from './change-context.ts';
import { requireSchemaName } from './names.ts';
import { readText } from './read-json.ts';
import { componentIsManaged, relationshipExists, tableExists } from './refusals.ts';

const definitionSet = 'RelationshipDefinitions';

export function createManyToMany(change: Change, json: JsonObject): ApiResponse {
  const { environment } = change.session;
  const { schema } = environment;
  const relationship = readManyToMany(change, json);
  environment.changeSchema({
    ...schema,
    tables: [...schema.tables, { ...intersectTable(relationship), isCustom: true }],
    manyToMany: [...schema.manyToMany, relationship],
  });
  return created(change, 'Relationship', definitionSet, relationshipId(relationship.schemaName));
}

function readManyToMany(change: Change, json: JsonObject): ManyToManyDefinition {
  const { tables, manyToMany } = change.session.environment.schema;
  const schemaName = requireSchemaName(json.SchemaName, 'Relationship', change.publisherPrefix);
  const intersectSchemaName = requireSchemaName(json.IntersectEntityName ?? schemaName, 'Entity', change.publisherPrefix);
  const first = requireTable(change, readText(json, 'Entity1LogicalName') ?? '');
  const second = requireTable(change, readText(json, 'Entity2LogicalName') ?? '');
  const isTaken = manyToMany.some((other) => other.schemaName.toLowerCase() === schemaName.toLowerCase());
  if (isTaken) throw relationshipExists();
  const name = intersectSchemaName.toLowerCase();
  if (tables.some((table) => table.logicalName === name)) throw tableExists();
  // A table with itself: its key cannot stand twice in one row.
  const isSelf = first === second;
  return {
    schemaName,
    intersectTable: name,
    intersectSchemaName,
    objectTypeCode: Math.max(9999, ...tables.map((table) => table.objectTypeCode)) + 1,
    isCustom: true,
    sides: [
      {
        table: first.logicalName,
        column: isSelf ? `${first.primaryIdColumn}one` : first.primaryIdColumn,
        navigationProperty: readText(json, 'Entity1NavigationPropertyName') ?? schemaName,
      },
      {
        table: second.logicalName,
        column: isSelf ? `${second.primaryIdColumn}two` : second.primaryIdColumn,
        navigationProperty: readText(json, 'Entity2NavigationPropertyName') ?? schemaName,
      },
    ],
  };
}

/** The pairs go with it; the rows that they tied together stay. */
export function deleteManyToMany({ session }: Change, relationship: ManyToManyDefinition): ApiResponse {
  if (relationship.isCustom !== true) throw componentIsManaged('EntityRelationship', relationship.schemaName);
  const { schema } = session.environment;
  session.environment.changeSchema({
    ...schema,
    tables: schema.tables.filter(({ logicalName }) => logicalName !== relationship.intersectTable),
    manyToMany: schema.manyToMany.filter(({ schemaName }) => schemaName !== relationship.schemaName),
  });
  return noContent();
}
