/** The alternate key that our solution brings: the column and the key bear the same name. It is a row's only identity. */
export const keyColumn = 'ccsync_sourcekey';

/** What our solution adds to account and contact; without any one of them nothing may be written. */
export const ourColumns: readonly string[] = [
  keyColumn,
  'ccsync_sourcecrm',
  'ccsync_sourcecrmid',
  'ccsync_sourcecrmurl',
  'ccsync_sourcemodifiedon',
  'ccsync_lastsyncedon',
  'ccsync_syncstatus',
];
