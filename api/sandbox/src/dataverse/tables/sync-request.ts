/** The table of our solution by which the control asks through Dataverse; each row is its creator's, and nobody else's. */
import { memo, primaryId, stateColumns, systemColumnsFor, text } from './columns.ts';
import type { TableDefinition } from './definition.ts';

export const syncRequest: TableDefinition = {
  logicalName: 'ccsync_syncrequest',
  schemaName: 'ccsync_SyncRequest',
  entitySetName: 'ccsync_syncrequests',
  displayName: 'Sync Request',
  displayCollectionName: 'Sync Requests',
  objectTypeCode: 9_999,
  primaryIdColumn: 'ccsync_syncrequestid',
  primaryNameColumn: 'ccsync_name',
  keys: [],
  supportsBulkMessages: true,
  isReadOnly: false,
  isCustom: true,
  isManaged: true,
  isOfItsOwner: true,
  columns: [
    primaryId('ccsync_syncrequestid', 'Sync Request'),
    text('ccsync_name', 'Name', 100),
    text('ccsync_kind', 'Kind', 20),
    text('ccsync_table', 'Table', 20),
    text('ccsync_rowid', 'Row', 40),
    text('ccsync_sourcekey', 'Source Key', 250),
    text('ccsync_payload', 'Payload', 4000),
    text('ccsync_state', 'State', 20),
    memo('ccsync_answer', 'Answer', 1_048_576),
    text('ccsync_errorcode', 'Error Code', 100),
    ...stateColumns,
    ...systemColumnsFor(null),
  ],
};
