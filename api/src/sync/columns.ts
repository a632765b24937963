/** Our own columns on every synced table, and the values of the choice among them. The solution defines them; see solution/. */
export const sourceKeyColumn = 'ccsync_sourcekey';
export const sourceCrmColumn = 'ccsync_sourcecrm';
export const sourceRecordIdColumn = 'ccsync_sourcecrmid';
export const sourceUrlColumn = 'ccsync_sourcecrmurl';
export const sourceModifiedOnColumn = 'ccsync_sourcemodifiedon';
export const lastSyncedOnColumn = 'ccsync_lastsyncedon';
export const syncStatusColumn = 'ccsync_syncstatus';

/** Values of the choice `ccsync_syncstatus` (publisher's option value prefix 86340). */
export const syncStatus = { inSync: 863_400_000, waitingForParent: 863_400_001, removed: 863_400_002 } as const;

/** State and status must be sent as a pair (0x80048408 otherwise); the same numbers on account and contact. */
export const activeColumnsJson = '"statecode":0,"statuscode":1';
export const inactiveColumnsJson = '"statecode":1,"statuscode":2';

/** How a row names its parent in a write, and the column that this fills. */
export const parentLookups = {
  account: { bind: 'parentaccountid@odata.bind', column: 'parentaccountid', entitySetName: 'accounts' },
  contact: { bind: 'parentcustomerid_account@odata.bind', column: 'parentcustomerid', entitySetName: 'accounts' },
} as const;

export const ownerColumn = 'ownerid';
export const ownerBind = 'ownerid@odata.bind';

/** Columns that we fill ourselves, so that no mapping may. */
export const ownColumns: readonly string[] = [
  sourceKeyColumn,
  sourceCrmColumn,
  sourceRecordIdColumn,
  sourceUrlColumn,
  sourceModifiedOnColumn,
  lastSyncedOnColumn,
  syncStatusColumn,
];
