import { type Check, failed, notRun, passed } from '../types.ts';

export const total: Check = {
  id: 'total',
  promise: 'The number of records is the one that the CRM tells.',
  how: 'Counts the records of the list and compares with the last total that came with it.',
  run: async ({ reference, manifest }) => {
    if (manifest.total === undefined) return notRun('the manifest does not say where the CRM tells how many records there are (`total`)');
    if (!reference.isWhole) return notRun('there are more records than --limit');
    const told = reference.pages.filter(({ expectedRecords }) => expectedRecords !== undefined);
    const expected = told.at(-1)?.expectedRecords;
    if (expected === undefined)
      return failed('no answer told it', 'Correct or remove `total` in the manifest: there is no number at that place.');
    const found = told.reduce((sum, { records, unreadable }) => sum + records.length + unreadable.length, 0);
    if (found === expected) return passed(`${found.toLocaleString('en-US')} records`);
    return failed(
      `${found.toLocaleString('en-US')} records were found, and the CRM tells ${expected.toLocaleString('en-US')}`,
      'Either the walk ends early (see `page.end`), or `total` counts something else; then remove it, or progress is shown wrongly.',
    );
  },
};
