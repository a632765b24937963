/** Many-to-many relationships: pure data, like the tables. Each is kept as rows of its own intersect table. */
import { guid, primaryId } from './columns.ts';
import type { TableDefinition } from './definition.ts';

export interface ManyToManySide {
  readonly table: string;
  /** The column of the intersect table that holds this side's primary key. */
  readonly column: string;
  /** The collection-valued navigation property on this side's table. */
  readonly navigationProperty: string;
}

export interface ManyToManyDefinition {
  readonly schemaName: string;
  readonly intersectTable: string;
  readonly intersectSchemaName: string;
  readonly objectTypeCode: number;
  readonly sides: readonly [ManyToManySide, ManyToManySide];
  /** Made over the API. */
  readonly isCustom?: boolean;
}

export const systemUserRoles: ManyToManyDefinition = {
  schemaName: 'systemuserroles_association',
  intersectTable: 'systemuserroles',
  intersectSchemaName: 'SystemUserRoles',
  objectTypeCode: 15,
  sides: [
    { table: 'systemuser', column: 'systemuserid', navigationProperty: 'systemuserroles_association' },
    { table: 'role', column: 'roleid', navigationProperty: 'systemuserroles_association' },
  ],
};

export const opportunityCompetitors: ManyToManyDefinition = {
  schemaName: 'opportunitycompetitors_association',
  intersectTable: 'opportunitycompetitors',
  intersectSchemaName: 'OpportunityCompetitors',
  objectTypeCode: 25,
  sides: [
    { table: 'opportunity', column: 'opportunityid', navigationProperty: 'opportunitycompetitors_association' },
    { table: 'competitor', column: 'competitorid', navigationProperty: 'opportunitycompetitors_association' },
  ],
};

export const teamMembership: ManyToManyDefinition = {
  schemaName: 'teammembership_association',
  intersectTable: 'teammembership',
  intersectSchemaName: 'TeamMembership',
  objectTypeCode: 23,
  sides: [
    { table: 'team', column: 'teamid', navigationProperty: 'teammembership_association' },
    { table: 'systemuser', column: 'systemuserid', navigationProperty: 'teammembership_association' },
  ],
};

export const standardManyToMany: readonly ManyToManyDefinition[] = [systemUserRoles, opportunityCompetitors, teamMembership];

/** Two rows can be associated once: the pair of ids is a key. */
export function intersectTable(relationship: ManyToManyDefinition): TableDefinition {
  const { intersectTable: name, intersectSchemaName: schemaName, sides } = relationship;
  const idColumn = `${name.replace(/s$/, '')}id`;
  return {
    logicalName: name,
    schemaName,
    entitySetName: `${name}collection`,
    displayName: schemaName,
    displayCollectionName: schemaName,
    objectTypeCode: relationship.objectTypeCode,
    primaryIdColumn: idColumn,
    primaryNameColumn: idColumn,
    supportsBulkMessages: false,
    isReadOnly: true,
    isIntersect: true,
    columns: [primaryId(idColumn, schemaName), ...sides.map((side) => guid(side.column, side.table))],
    keys: [
      {
        logicalName: relationship.schemaName,
        schemaName: relationship.schemaName,
        displayName: relationship.schemaName,
        columns: sides.map((side) => side.column),
        indexStatus: 'Active',
      },
    ],
  };
}
