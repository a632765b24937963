/** The columns and the alternate key that the CRM Sync solution adds to account and contact. */
import { choice, dateAndTime, text, url } from './columns.ts';
import type { ColumnDefinition, KeyDefinition } from './definition.ts';

export const sourceColumns: readonly ColumnDefinition[] = [
  text('ccsync_sourcekey', 'Source Key', 250, { schemaName: 'ccsync_SourceKey' }),
  text('ccsync_sourcecrm', 'Source CRM', 100, { schemaName: 'ccsync_SourceCRM' }),
  text('ccsync_sourcecrmid', 'Source CRM ID', 250, { schemaName: 'ccsync_SourceCRMId' }),
  url('ccsync_sourcecrmurl', 'Source CRM URL', 1000, { schemaName: 'ccsync_SourceCRMUrl' }),
  dateAndTime('ccsync_sourcemodifiedon', 'Changed in Source CRM On', { schemaName: 'ccsync_SourceModifiedOn' }),
  dateAndTime('ccsync_lastsyncedon', 'Last Synced On', { schemaName: 'ccsync_LastSyncedOn' }),
  choice(
    'ccsync_syncstatus',
    'Sync Status',
    [
      { value: 863_400_000, label: 'In sync' },
      { value: 863_400_001, label: 'Waiting for its account' },
      { value: 863_400_002, label: 'Removed in the CRM' },
    ],
    { schemaName: 'ccsync_SyncStatus' },
  ),
];

export const sourceKey: KeyDefinition = {
  logicalName: 'ccsync_sourcekey',
  schemaName: 'ccsync_SourceKey',
  displayName: 'Source Key',
  columns: ['ccsync_sourcekey'],
  indexStatus: 'Active',
};
