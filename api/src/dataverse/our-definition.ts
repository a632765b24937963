/**
 * What we add to Microsoft's tables, once: the solution is built from it, and `setup` makes or mends the same over the Web API.
 */

interface Common {
  /** Its lower-case form is the logical name. */
  readonly schemaName: string;
  readonly displayName: string;
  readonly description: string;
  /** Solution version that brought it. */
  readonly introducedIn: string;
}

export type ColumnDefinition =
  | (Common & { readonly type: 'text' | 'url'; readonly maxLength: number })
  | (Common & { readonly type: 'dateAndTime' })
  | (Common & { readonly type: 'choice'; readonly choice: string });

export interface ChoiceDefinition {
  readonly name: string;
  readonly displayName: string;
  readonly description: string;
  readonly introducedIn: string;
  readonly options: readonly { readonly value: number; readonly label: string }[];
}

export interface KeyDefinition {
  readonly schemaName: string;
  readonly displayName: string;
  readonly introducedIn: string;
  /** Logical names. */
  readonly columns: readonly string[];
}

const introducedIn = '0.1.0.0';

export const ourChoice: ChoiceDefinition = {
  name: 'ccsync_syncstatus',
  displayName: 'Sync Status',
  description: 'How a row stands to its record in the source CRM',
  introducedIn,
  options: [
    { value: 863_400_000, label: 'In sync' },
    { value: 863_400_001, label: 'Waiting for its account' },
    { value: 863_400_002, label: 'Removed in the CRM' },
  ],
};

export const ourColumnDefinitions: readonly ColumnDefinition[] = [
  {
    type: 'text',
    schemaName: 'ccsync_SourceKey',
    displayName: 'Source Key',
    description: 'Source and record id as one key; the sync finds the row by it',
    maxLength: 250,
    introducedIn,
  },
  {
    type: 'text',
    schemaName: 'ccsync_SourceCRM',
    displayName: 'Source CRM',
    description: 'Name of the CRM that the row comes from',
    maxLength: 100,
    introducedIn,
  },
  {
    type: 'text',
    schemaName: 'ccsync_SourceCRMId',
    displayName: 'Source CRM ID',
    description: 'Id of the record in that CRM',
    maxLength: 250,
    introducedIn,
  },
  {
    type: 'url',
    schemaName: 'ccsync_SourceCRMUrl',
    displayName: 'Source CRM URL',
    description: 'Opens the record in that CRM',
    maxLength: 1000,
    introducedIn,
  },
  {
    type: 'dateAndTime',
    schemaName: 'ccsync_SourceModifiedOn',
    displayName: 'Changed in Source CRM On',
    description: 'When the record was last changed there',
    introducedIn,
  },
  {
    type: 'dateAndTime',
    schemaName: 'ccsync_LastSyncedOn',
    displayName: 'Last Synced On',
    description: 'When the sync last wrote the row',
    introducedIn,
  },
  {
    type: 'choice',
    schemaName: 'ccsync_SyncStatus',
    displayName: 'Sync Status',
    description: 'How the row stands to its record in the source CRM',
    choice: ourChoice.name,
    introducedIn,
  },
];

/** The only identity of a synced row: it is upserted, bound to and deactivated by this key. */
export const ourKey: KeyDefinition = {
  schemaName: 'ccsync_SourceKey',
  displayName: 'Source Key',
  introducedIn,
  columns: ['ccsync_sourcekey'],
};

/** Schema names of Microsoft's tables that get the columns and the key. */
export const ourTables = ['Account', 'Contact'] as const;

export const logicalNameOf = ({ schemaName }: { readonly schemaName: string }): string => schemaName.toLowerCase();
