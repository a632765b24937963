import type { BulkDrivers } from '../src/crm/bulk/types.ts';

/** The drivers in the box, by the names that manifests use. Whoever puts the program together hands them to the connectors. */
export const bulkDrivers: BulkDrivers = {
  'salesforce-bulk-2': async () => (await import('./salesforce/driver.ts')).salesforceBulk2,
};
