/** Names that the manifest and the resx files share with the code. */
export const eventNames = { onSyncCompleted: 'onSyncCompleted' } as const;

/** Before each of SyncCard's string names in the resx files; the manifest's own keys have none. */
export const cardStringPrefix = 'SyncCard_';
