/** Publishers, solutions and what is in them: where a component that is created over the API belongs. */
import { guid, integer, lookup, primaryId, organizationColumns, text, yesNo } from './columns.ts';
import type { TableDefinition } from './definition.ts';

/** Everybody may read them; writing needs the right to customize. */
const organizational = {
  keys: [],
  supportsBulkMessages: false,
  isReadOnly: false,
  isForCustomizers: true,
} as const;

export const publisher: TableDefinition = {
  ...organizational,
  logicalName: 'publisher',
  schemaName: 'Publisher',
  entitySetName: 'publishers',
  displayName: 'Publisher',
  displayCollectionName: 'Publishers',
  objectTypeCode: 7101,
  primaryIdColumn: 'publisherid',
  primaryNameColumn: 'friendlyname',
  columns: [
    primaryId('publisherid', 'Publisher Identifier'),
    text('uniquename', 'Name', 256, { requiredLevel: 'SystemRequired' }),
    text('friendlyname', 'Display Name', 256, { requiredLevel: 'SystemRequired' }),
    text('description', 'Description', 2000),
    text('customizationprefix', 'Prefix', 8, { requiredLevel: 'SystemRequired' }),
    integer('customizationoptionvalueprefix', 'Option Value Prefix', { minValue: 10_000, maxValue: 99_999 }),
    ...organizationColumns,
  ],
};

export const solution: TableDefinition = {
  ...organizational,
  logicalName: 'solution',
  schemaName: 'Solution',
  entitySetName: 'solutions',
  displayName: 'Solution',
  displayCollectionName: 'Solutions',
  objectTypeCode: 7100,
  primaryIdColumn: 'solutionid',
  primaryNameColumn: 'friendlyname',
  columns: [
    primaryId('solutionid', 'Solution Identifier'),
    text('uniquename', 'Name', 65, { requiredLevel: 'SystemRequired' }),
    text('friendlyname', 'Display Name', 256, { requiredLevel: 'SystemRequired' }),
    text('description', 'Description', 2000),
    text('version', 'Version', 256, { requiredLevel: 'SystemRequired' }),
    yesNo('ismanaged', 'Package Type', { trueLabel: 'Managed', falseLabel: 'Unmanaged' }),
    yesNo('isvisible', 'Is Visible Outside Platform', { trueLabel: 'Yes', falseLabel: 'No' }),
    lookup('publisherid', 'Publisher', [
      { table: 'publisher', navigationProperty: 'publisherid', collectionProperty: 'publisher_solution', onDelete: 'Restrict' },
    ]),
    ...organizationColumns,
  ],
};

export const solutionComponent: TableDefinition = {
  keys: [],
  supportsBulkMessages: false,
  isReadOnly: true,
  logicalName: 'solutioncomponent',
  schemaName: 'SolutionComponent',
  entitySetName: 'solutioncomponents',
  displayName: 'Solution Component',
  displayCollectionName: 'Solution Components',
  objectTypeCode: 7103,
  primaryIdColumn: 'solutioncomponentid',
  primaryNameColumn: 'solutioncomponentid',
  columns: [
    primaryId('solutioncomponentid', 'Solution Component Identifier'),
    integer('componenttype', 'Object Type Code', { minValue: 0, maxValue: 2_147_483_647 }),
    guid('objectid', 'Regarding'),
    lookup('solutionid', 'Solution', [
      { table: 'solution', navigationProperty: 'solutionid', collectionProperty: 'solution_solutioncomponent', onDelete: 'Cascade' },
    ]),
  ],
};
