/** Before each of SyncCard's string names in the resx files; the manifest's own keys have none. */
export const cardStringPrefix = 'SyncCard_';
