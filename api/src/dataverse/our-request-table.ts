import { longestAnswer, requestTable } from './request-table.ts';

/** The table of requests, once: the solution is built from it, and `setup` makes the same over the Web API where there is no solution. */

export interface RequestColumnDefinition {
  /** Its lower-case form is the logical name. */
  readonly schemaName: string;
  readonly displayName: string;
  readonly description: string;
  readonly type: 'text' | 'memo';
  readonly maxLength: number;
  /** Solution version that brought it. */
  readonly introducedIn: string;
}

const introducedIn = '0.1.0.0';

const text = (schemaName: string, displayName: string, maxLength: number, description: string): RequestColumnDefinition => ({
  schemaName,
  displayName,
  description,
  type: 'text',
  maxLength,
  introducedIn,
});

/** Its rows belong to people: whoever has the right for own rows only sees no other person's answers. */
export const requestTableDefinition = {
  schemaName: 'ccsync_SyncRequest',
  displayName: 'Sync Request',
  displayCollectionName: 'Sync Requests',
  description: 'What the CRM Sync control asks, and the answer; each row is for its maker alone, and is soon deleted',
  entitySetName: requestTable.entitySetName,
  primaryIdSchemaName: 'ccsync_SyncRequestId',
  nameColumn: text('ccsync_Name', 'Name', 100, 'What is asked, in a word'),
  introducedIn,
} as const;

/** Beside the name. */
export const requestColumnDefinitions: readonly RequestColumnDefinition[] = [
  text('ccsync_Kind', 'Kind', 20, 'What is asked: status, check, sync, candidates or link'),
  text('ccsync_Table', 'Table', 20, 'Of the row that it is about: account or contact'),
  text('ccsync_RowId', 'Row', 40, 'The row that it is about'),
  text('ccsync_SourceKey', 'Source Key', 250, 'The key of the row that it is about'),
  text('ccsync_Payload', 'Payload', 4000, 'What belongs to the question, as JSON'),
  text('ccsync_State', 'State', 20, 'asked, taken, answered or failed'),
  {
    schemaName: 'ccsync_Answer',
    displayName: 'Answer',
    description: 'What the service answered, as JSON',
    type: 'memo',
    maxLength: longestAnswer,
    introducedIn,
  },
  text('ccsync_ErrorCode', 'Error Code', 100, 'Why it failed'),
];
