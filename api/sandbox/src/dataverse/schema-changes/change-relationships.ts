/**
 * Creates and removes relationships (create-update-entity-relationships-using-web-api.md). A one-to-many relationship brings its lookup.
 */
import { addressedName } from '../metadata/addressed-name.ts';
import { relationshipId } from '../metadata/metadata-id.ts';
import { relationshipName } from '../metadata/relationship-name.ts';
import { type ColumnDefinition, isLookup, type LookupColumn, type LookupTarget, type TableDefinition } from '../tables/definition.ts';
import { DataverseError, methodNotAllowed, notImplemented } from '../web-api/errors.ts';
import { isJsonObject, type JsonObject } from '../web-api/json-body.ts';
import { type ApiRequest, type ApiResponse, noContent, type Session } from '../web-api/messages.ts';
import type { PathSegment } from '../web-api/resource-path.ts';
import { beginChange, bodyOf, type Change, created, requireTable } from './change-context.ts';
import { refuseTakenName } from './change-columns.ts';
import { createManyToMany, deleteManyToMany } from './change-many-to-many.ts';
import { requireSchemaName } from './names.ts';
import { oneOf, readLabel, readRequiredLevel, readText, readType, requireLabel, unknownType } from './read-json.ts';
import { componentIsManaged, invalidArgument, relationshipExists } from './refusals.ts';
import { addColumns, editTable, removeColumns, replaceColumn } from './schema-edits.ts';

const definitionSet = 'RelationshipDefinitions';
const deletes = ['Cascade', 'RemoveLink', 'Restrict'] as const;

export function handleRelationshipChange(session: Session, request: ApiRequest, segments: readonly PathSegment[]): ApiResponse {
  const [root] = segments;
  if (request.method === 'POST' && root?.predicate === null && segments.length === 1) {
    return createRelationship(beginChange(session, request, 'Relationship', 'Create'));
  }
  if (request.method === 'DELETE' && root !== undefined && root.predicate !== null && segments.length === 1) {
    return deleteRelationship(beginChange(session, request, 'Relationship', 'Delete'), addressedName(root, 'SchemaName'));
  }
  if (request.method === 'PUT') throw notImplemented('Changing a relationship');
  throw methodNotAllowed(request.method);
}

function createRelationship(change: Change): ApiResponse {
  const json = bodyOf(change, definitionSet);
  const type = readType(json, definitionSet, 'RelationshipMetadataBase');
  if (type === 'ManyToManyRelationshipMetadata') return createManyToMany(change, json);
  if (type !== 'OneToManyRelationshipMetadata') throw unknownType(definitionSet, type);
  if (!isJsonObject(json.Lookup)) throw invalidArgument("A one-to-many relationship needs the definition of its 'Lookup'.");
  const { environment } = change.session;
  const table = requireTable(change, readText(json, 'ReferencingEntity') ?? '');
  const lookup = readLookup(change, table, json.Lookup);
  const target = readTarget(change, json, lookup.schemaName);
  const column: ColumnDefinition = { ...lookup, type: 'Lookup', targets: [target] };
  environment.changeSchema(editTable(environment.schema, table.logicalName, (before) => addColumns(before, [column])));
  return created(change, 'Relationship', definitionSet, relationshipId(target.relationshipName ?? ''));
}

type LookupTraits = Omit<LookupColumn, 'type' | 'targets'>;

export function readLookup(change: Change, table: TableDefinition, json: JsonObject): LookupTraits {
  const schemaName = requireSchemaName(json.SchemaName, 'Attribute', change.publisherPrefix);
  const logicalName = schemaName.toLowerCase();
  refuseTakenName(change, table, logicalName);
  const { text, translations } = requireLabel(json, 'DisplayName');
  const description = readLabel(json, 'Description')?.text ?? null;
  return {
    logicalName,
    schemaName,
    displayName: text,
    translations,
    ...(description === null ? {} : { description }),
    requiredLevel: readRequiredLevel(json) ?? 'None',
    isValidForCreate: true,
    isValidForUpdate: true,
    isCustom: true,
    isManaged: false,
  };
}

/** `navigationProperty`: what the side with the lookup is called by when the definition does not say. */
export function readTarget(change: Change, json: JsonObject, navigationProperty: string): LookupTarget {
  const name = requireSchemaName(json.SchemaName, 'Relationship', change.publisherPrefix);
  refuseTakenRelationship(change, name);
  const referenced = requireTable(change, readText(json, 'ReferencedEntity') ?? '');
  const referencedColumn = readText(json, 'ReferencedAttribute') ?? referenced.primaryIdColumn;
  if (referencedColumn !== referenced.primaryIdColumn)
    throw invalidArgument(`'${referencedColumn}' is not the primary key of ${referenced.logicalName}.`);
  const cascade = isJsonObject(json.CascadeConfiguration) ? json.CascadeConfiguration : {};
  return {
    table: referenced.logicalName,
    relationshipName: name,
    navigationProperty: readText(json, 'ReferencingEntityNavigationPropertyName') ?? navigationProperty,
    collectionProperty: readText(json, 'ReferencedEntityNavigationPropertyName') ?? name,
    onDelete: oneOf(cascade.Delete ?? 'RemoveLink', deletes, 'CascadeConfiguration/Delete'),
  };
}

export function refuseTakenRelationship(change: Change, name: string): void {
  const names = [
    ...allRelationships(change).map((relationship) => relationship.name),
    ...change.session.environment.schema.manyToMany.map(({ schemaName }) => schemaName),
  ];
  if (names.some((taken) => taken.toLowerCase() === name.toLowerCase())) throw relationshipExists();
}

interface NamedRelationship {
  readonly name: string;
  readonly table: TableDefinition;
  readonly column: LookupColumn;
  readonly target: LookupTarget;
}

function allRelationships({ session }: Change): readonly NamedRelationship[] {
  return session.environment.schema.tables.flatMap((table) =>
    table.columns
      .filter(isLookup)
      .flatMap((column) => column.targets.map((target) => ({ name: relationshipName(table, column, target), table, column, target }))),
  );
}

/** The lookup goes with its last relationship. */
function deleteRelationship(change: Change, nameOrId: string): ApiResponse {
  const isMeant = (name: string) => name === nameOrId || relationshipId(name) === nameOrId;
  const manyToMany = change.session.environment.schema.manyToMany.find(({ schemaName }) => isMeant(schemaName));
  if (manyToMany !== undefined) return deleteManyToMany(change, manyToMany);
  const found = allRelationships(change).find(({ name }) => isMeant(name));
  if (found === undefined) throw new DataverseError(404, '0x80060888', `Could not find a relationship with specified ${nameOrId}`);
  const { column, target, table } = found;
  if (column.isManaged !== false) throw componentIsManaged('EntityRelationship', found.name);
  const { environment } = change.session;
  const targets = column.targets.filter((other) => other !== target);
  const next = editTable(environment.schema, table.logicalName, (before) =>
    targets.length === 0
      ? removeColumns(before, ({ logicalName }) => logicalName === column.logicalName)
      : replaceColumn(before, { ...column, targets }),
  );
  environment.changeSchema(next);
  return noContent();
}
