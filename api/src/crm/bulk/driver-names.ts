/** The drivers that come with the product. What implements each stands beside a manifest in api/connectors. */
export const bulkDriverNames = ['salesforce-bulk-2'] as const;
export type BulkDriverName = (typeof bulkDriverNames)[number];
