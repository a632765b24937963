import { choice, entityName, organizationColumns, primaryId, text } from './columns.ts';
import type { TableDefinition } from './definition.ts';

/** The rules that duplicate detection goes by; see duplicate-detection/. Read only here. */
export const duplicateRule: TableDefinition = {
  keys: [],
  supportsBulkMessages: false,
  isReadOnly: true,
  logicalName: 'duplicaterule',
  schemaName: 'DuplicateRule',
  entitySetName: 'duplicaterules',
  displayName: 'Duplicate Detection Rule',
  displayCollectionName: 'Duplicate Detection Rules',
  objectTypeCode: 4414,
  primaryIdColumn: 'duplicateruleid',
  primaryNameColumn: 'name',
  columns: [
    primaryId('duplicateruleid', 'Duplicate Detection Rule'),
    text('name', 'Name', 160),
    entityName('baseentityname', 'Base Record Type Name'),
    entityName('matchingentityname', 'Matching Record Type Name'),
    choice('statuscode', 'Status Reason', [
      { value: 0, label: 'Unpublished' },
      { value: 1, label: 'Publishing' },
      { value: 2, label: 'Published' },
    ]),
    ...organizationColumns,
  ],
};
