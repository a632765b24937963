/**
 * The table by which the control asks through Dataverse, where a browser may not reach the API. Its rows belong to the person who asks, and
 * only that person and the application may read them.
 */
export const requestTable = {
  logicalName: 'ccsync_syncrequest',
  entitySetName: 'ccsync_syncrequests',
  primaryIdColumn: 'ccsync_syncrequestid',
} as const;

/** asked: by the control. taken: one of our processes works on it. answered, failed: what it came to is in the answer. */
export type RequestState = 'asked' | 'taken' | 'answered' | 'failed';

export const requestColumns = {
  kind: 'ccsync_kind',
  table: 'ccsync_table',
  rowId: 'ccsync_rowid',
  sourceKey: 'ccsync_sourcekey',
  payload: 'ccsync_payload',
  state: 'ccsync_state',
  answer: 'ccsync_answer',
  errorCode: 'ccsync_errorcode',
} as const;

/** What the column `ccsync_answer` takes, in UTF-16 units. */
export const longestAnswer = 1_048_576;
