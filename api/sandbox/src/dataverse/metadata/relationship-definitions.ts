/** Reads relationships: all in RelationshipDefinitions, a table's own in its three lists (query-metadata-web-api.md). */
import { parseQueryString, type QueryOptions } from '../query/query-options.ts';
import { handleRelationshipChange } from '../schema-changes/change-relationships.ts';
import type { DataModel, Table } from '../tables/data-model.ts';
import type { ManyToManyDefinition } from '../tables/many-to-many.ts';
import { isLookup } from '../tables/definition.ts';
import { DataverseError, resourceNotFound } from '../web-api/errors.ts';
import { type ApiRequest, type ApiResponse, jsonResponse, type Session } from '../web-api/messages.ts';
import type { PathSegment } from '../web-api/resource-path.ts';
import { addressedName } from './addressed-name.ts';
import { managed, type MetadataObject } from './describe-parts.ts';
import { relationshipId } from './metadata-id.ts';
import { contextOfMetadata, filterMetadata, pickProperties } from './metadata-query.ts';
import { relationshipName } from './relationship-name.ts';

const namespace = 'Microsoft.Dynamics.CRM.';
const oneToMany = 'OneToManyRelationshipMetadata';
const manyToMany = 'ManyToManyRelationshipMetadata';

export const relationshipLists: readonly string[] = ['OneToManyRelationships', 'ManyToOneRelationships', 'ManyToManyRelationships'];

/** A lookup is one relationship for each table that it may point to. */
export function describeRelationships(model: DataModel): readonly MetadataObject[] {
  return model.tables.flatMap((table) =>
    table.columns.filter(isLookup).flatMap((column) =>
      column.targets.map((target) => {
        const schemaName = relationshipName(table, column, target);
        const referenced = model.require(target.table);
        return {
          MetadataId: relationshipId(schemaName),
          HasChanged: null,
          SchemaName: schemaName,
          RelationshipType: 'OneToManyRelationship',
          SecurityTypes: 'Append',
          IsCustomRelationship: column.isCustom,
          IsManaged: column.isManaged ?? true,
          IsValidForAdvancedFind: true,
          IsHierarchical: false,
          IsCustomizable: managed(true, 'iscustomizable'),
          ReferencedEntity: target.table,
          ReferencedAttribute: referenced.primaryIdColumn,
          ReferencedEntityNavigationPropertyName: target.collectionProperty ?? schemaName,
          ReferencingEntity: table.logicalName,
          ReferencingAttribute: column.logicalName,
          ReferencingEntityNavigationPropertyName: target.navigationProperty,
          CascadeConfiguration: {
            Assign: 'NoCascade',
            Delete: target.onDelete,
            Merge: 'NoCascade',
            Reparent: 'NoCascade',
            Share: 'NoCascade',
            Unshare: 'NoCascade',
            RollupView: 'NoCascade',
          },
        };
      }),
    ),
  );
}

function describeManyToMany(relationships: readonly ManyToManyDefinition[]): readonly MetadataObject[] {
  return relationships.map(({ schemaName, intersectTable, sides: [first, second], isCustom = false }) => ({
    MetadataId: relationshipId(schemaName),
    HasChanged: null,
    SchemaName: schemaName,
    RelationshipType: 'ManyToManyRelationship',
    SecurityTypes: 'None',
    IsCustomRelationship: isCustom,
    IsManaged: !isCustom,
    IsValidForAdvancedFind: true,
    IsCustomizable: managed(true, 'iscustomizable'),
    IntersectEntityName: intersectTable,
    Entity1LogicalName: first.table,
    Entity1IntersectAttribute: first.column,
    Entity1NavigationPropertyName: first.navigationProperty,
    Entity2LogicalName: second.table,
    Entity2IntersectAttribute: second.column,
    Entity2NavigationPropertyName: second.navigationProperty,
  }));
}

/** The relationships in one of a table's lists. */
export function relationshipsOf(session: Session, table: Table, list: string, options: QueryOptions): readonly MetadataObject[] {
  const sides =
    list === 'ManyToManyRelationships'
      ? ['Entity1LogicalName', 'Entity2LogicalName']
      : [list === 'OneToManyRelationships' ? 'ReferencedEntity' : 'ReferencingEntity'];
  const { model, schema } = session.environment;
  const all = list === 'ManyToManyRelationships' ? describeManyToMany(schema.manyToMany) : describeRelationships(model);
  const own = all.filter((relationship) => sides.some((side) => relationship[side] === table.logicalName));
  const type = list === 'ManyToManyRelationships' ? manyToMany : oneToMany;
  return filterMetadata(own, options, type).map((relationship) => pickProperties(relationship, options.select, type));
}

/** `RelationshipDefinitions`, with a cast, or one by its id or SchemaName. */
export function handleRelationshipDefinitions(session: Session, request: ApiRequest, segments: readonly PathSegment[]): ApiResponse {
  if (request.method !== 'GET') return handleRelationshipChange(session, request, segments);
  const [root, cast, ...rest] = segments;
  const options = parseQueryString(request.query);
  const castType = cast === undefined ? null : cast.name.replace(namespace, '');
  if (root === undefined || rest.length > 0 || (castType !== null && ![oneToMany, manyToMany].includes(castType))) {
    throw resourceNotFound(cast?.name ?? '');
  }
  const { model, schema } = session.environment;
  const all = [
    ...(castType === manyToMany ? [] : describeRelationships(model)),
    ...(castType === oneToMany ? [] : describeManyToMany(schema.manyToMany)),
  ];
  const type = castType ?? 'RelationshipMetadataBase';
  const shown = (relationship: MetadataObject): MetadataObject => ({
    ...(castType === null ? { '@odata.type': `#${namespace}${String(relationship.RelationshipType)}Metadata` } : {}),
    ...pickProperties(relationship, options.select, type),
  });
  if (root.predicate === null) {
    const value = filterMetadata(all, options, type).map(shown);
    return jsonResponse(200, { '@odata.context': contextOfMetadata(session, 'RelationshipDefinitions'), value });
  }
  const name = addressedName(root, 'SchemaName');
  const found = all.find(({ SchemaName, MetadataId }) => SchemaName === name || MetadataId === name);
  if (found === undefined) throw new DataverseError(404, '0x80060888', `Could not find a relationship with specified ${name}`);
  return jsonResponse(200, { '@odata.context': contextOfMetadata(session, 'RelationshipDefinitions/$entity'), ...shown(found) });
}
