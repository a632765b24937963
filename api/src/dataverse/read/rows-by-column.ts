import type { BatchSender } from '../http/batch-sender.ts';
import { type Caller, apiPath } from '../http/caller.ts';
import { toAppError } from '../refusal.ts';
import type { ReadRowOptions, TableDescription } from '../types.ts';
import { type JsonRecord, readJsonRows } from './json-reply.ts';
import { readHeaders } from './read-headers.ts';

/** Longer addresses than this are refused by gateways on the way; inside a `$batch` Dataverse takes 64 KB. */
const longestUrl = 4_000;
const longestUrlInBatch = 30_000;
/** SQL takes about 2,100 parameters in one statement. */
const mostValuesPerFilter = 500;

/** Values in groups whose filter stays within the bounds; each value encoded once. */
const groupValues = (values: readonly string[]): string[] => {
  const groups: string[] = [];
  let group: string[] = [];
  let length = 0;
  for (const value of values) {
    // As a JSON string inside of the address no character of it can break out, be it a quote, a slash or an ampersand.
    const encoded = encodeURIComponent(JSON.stringify(value));
    if (group.length === mostValuesPerFilter || (group.length > 0 && length + encoded.length > longestUrlInBatch)) {
      groups.push(group.join(','));
      group = [];
      length = 0;
    }
    group.push(encoded);
    length += encoded.length + 1;
  }
  if (group.length > 0) groups.push(group.join(','));
  return groups;
};

/**
 * The rows whose column holds one of the values: one short GET, or one `$batch` of GETs when the addresses grow long. No paging: a group
 * has at most 500 values, a page 5,000 rows, and a column that is looked up by tells its rows apart.
 * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/reference/in
 */
export const readRowsByColumn = async (
  { caller, batches }: { readonly caller: Caller; readonly batches: BatchSender },
  table: TableDescription,
  { column, values }: { readonly column: string; readonly values: readonly string[] },
  options: ReadRowOptions,
): Promise<readonly JsonRecord[]> => {
  const what = `reading rows of ${table.logicalName}`;
  const select = options.select.map(encodeURIComponent).join(',');
  const paths = groupValues(values).map(
    (group) =>
      `${table.entitySetName}?$select=${select}&$filter=Microsoft.Dynamics.CRM.In(PropertyName='${column}',PropertyValues=%5B${group}%5D)`,
  );
  const [path] = paths;
  if (path === undefined) return [];
  // A few values are read ahead of queued bulk writes, but as patiently as those: a run must sit out a throttled window here too.
  const queue = { lane: 'interactive', patience: 'bulk' } as const;

  if (paths.length === 1 && path.length <= longestUrl) {
    const reply = await caller.call({ method: 'GET', path, headers: readHeaders(options), ...queue }, options.signal);
    if (reply.isRefused) throw toAppError(reply);
    return readJsonRows(reply.body.toString('utf8'), what);
  }
  const parts = paths.map((partPath) => ({ method: 'GET' as const, path: `${apiPath}${partPath}`, headers: readHeaders(options) }));
  const replies = await batches.send(parts, { ...queue, signal: options.signal });
  return replies.flatMap((reply) => {
    if (reply.isRefused) throw toAppError(reply);
    return readJsonRows(reply.body, what);
  });
};
