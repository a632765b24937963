import type { Org } from '../data/org.ts';
import { type SObject, valueOf } from '../data/sobject.ts';
import { type ResolvedPath, recordAt } from '../soql/resolve-path.ts';

const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;

const row = (cells: readonly string[]): string => `${cells.map(quoted).join(',')}\n`;

/** null and empty are the same here, and times end with Z: a bulk result is not the REST API's JSON as a table. */
const cell = (org: Org, record: SObject, { steps, field }: ResolvedPath): string => {
  const owner = recordAt(org, record, steps);
  const value = owner ? valueOf(owner, field.name) : null;
  return value === null ? '' : String(value);
};

/**
 * With its header, in the order of the query's fields.
 * https://developer.salesforce.com/docs/atlas.en-us.api_asynch.meta/api_asynch/query_get_job_results.htm
 */
export const csvOf = (org: Org, columns: readonly ResolvedPath[], records: readonly SObject[]): string =>
  row(columns.map(({ name }) => name)) + records.map((record) => row(columns.map((column) => cell(org, record, column)))).join('');
