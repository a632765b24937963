import type { LookupColumn, LookupTarget, TableDefinition } from '../tables/definition.ts';

/** A built-in relationship to a system table has no name of its own in `tables/`: it gets the one that Dataverse's convention gives. */
export const relationshipName = (table: TableDefinition, column: LookupColumn, target: LookupTarget): string =>
  target.relationshipName ?? target.collectionProperty ?? `lk_${table.logicalName}_${column.logicalName}_${target.table}`;
