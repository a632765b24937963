import { type BatchSender } from '../http/batch-sender.ts';
import { type Caller, apiPath } from '../http/caller.ts';
import { keyColumn } from '../our-columns.ts';
import { toAppError } from '../refusal.ts';
import { type ReadRowOptions, type TableDescription } from '../types.ts';
import { type JsonRecord, readJsonRows } from './json-reply.ts';
import { impersonation } from './impersonation.ts';

/** Longer addresses than this are refused by gateways on the way; inside a `$batch` Dataverse takes 64 KB. */
const longestUrl = 4_000;
const longestUrlInBatch = 30_000;
/** SQL takes about 2,100 parameters in one statement. */
const mostKeysPerFilter = 500;

const encodedKey = (sourceKey: string): string => encodeURIComponent(JSON.stringify(sourceKey));

/** Keys in groups whose filter stays within the bounds; each key encoded once. */
const groupKeys = (sourceKeys: readonly string[]): string[] => {
  const groups: string[] = [];
  let group: string[] = [];
  let length = 0;
  for (const key of sourceKeys) {
    const encoded = encodedKey(key);
    if (group.length === mostKeysPerFilter || (group.length > 0 && length + encoded.length > longestUrlInBatch)) {
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
 * The rows that have one of the keys: one short GET, or one `$batch` of GETs when the addresses grow long. No paging: a group has at
 * most 500 rows, a page 5,000.
 * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/reference/in
 */
export const readRowsByKey = async (
  { caller, batches }: { readonly caller: Caller; readonly batches: BatchSender },
  table: TableDescription,
  sourceKeys: readonly string[],
  options: ReadRowOptions,
): Promise<readonly JsonRecord[]> => {
  const what = `reading rows of ${table.logicalName}`;
  const select = options.select.map(encodeURIComponent).join(',');
  const paths = groupKeys(sourceKeys).map(
    (keys) =>
      `${table.entitySetName}?$select=${select}&$filter=Microsoft.Dynamics.CRM.In(PropertyName='${keyColumn}',PropertyValues=%5B${keys}%5D)`,
  );
  const [path] = paths;
  if (path === undefined) return [];
  // A few keys are read ahead of queued bulk writes, but as patiently as those: a run must sit out a throttled window here too.
  const queue = { lane: 'interactive', patience: 'bulk' } as const;

  if (paths.length === 1 && path.length <= longestUrl) {
    const reply = await caller.call({ method: 'GET', path, headers: impersonation(options), ...queue }, options.signal);
    if (reply.isRefused) throw toAppError(reply);
    return readJsonRows(reply.body.toString('utf8'), what);
  }
  const parts = paths.map((partPath) => ({ method: 'GET' as const, path: `${apiPath}${partPath}`, headers: impersonation(options) }));
  const replies = await batches.send(parts, { ...queue, signal: options.signal });
  return replies.flatMap((reply) => {
    if (reply.isRefused) throw toAppError(reply);
    return readJsonRows(reply.body, what);
  });
};
