/** The drivers that manifests may name, for whoever opens a connector. */
export { bulkDrivers } from '../connectors/bulk-drivers.ts';
