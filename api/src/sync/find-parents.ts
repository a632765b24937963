import { sourceKeyColumn } from './columns.ts';
import { toSourceKey } from './source-key.ts';
import type { TableSync } from './types.ts';

/** Keys of those that Dataverse has a row for; for parents that the store does not know (it may have been lost). One go for all. */
const findInDataverse = async (
  sync: TableSync,
  recordIdByKey: ReadonlyMap<string, string>,
  signal: AbortSignal,
): Promise<readonly string[]> => {
  const { parentTable } = sync.reader;
  if (parentTable === null || recordIdByKey.size === 0) return [];
  const description = await sync.dataverse.describeTable(parentTable, signal);
  const rows = await sync.dataverse.readRowsByKey(description, [...recordIdByKey.keys()], { select: [sourceKeyColumn], signal });
  return [...rows.keys()];
};

/**
 * Which of these parents have a row: their keys, by record id. Asked before the write, because one bind to a missing key fails a
 * whole batch: first what this sync has seen, then our link rows, then Dataverse.
 */
export const findExistingParents = async (
  sync: TableSync,
  parentIds: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> => {
  const { parentTable } = sync.reader;
  const existing = new Map<string, string>();
  if (parentTable === null) return existing;

  const unseen: string[] = [];
  for (const recordId of parentIds) {
    const key = sync.knownParents.addressOf(recordId);
    if (key === undefined) unseen.push(recordId);
    else existing.set(recordId, key);
  }
  if (unseen.length === 0) return existing;

  const found = (recordId: string, key: string): void => {
    existing.set(recordId, key);
    sync.knownParents.learn(recordId, key);
  };
  const linked = await sync.records.linkedIds(sync.sourceId, parentTable, unseen);
  const recordIdByKey = new Map<string, string>();
  for (const recordId of unseen) {
    const key = toSourceKey(sync.sourceId, recordId);
    if (key === null) continue;
    if (linked.has(recordId)) found(recordId, key);
    else recordIdByKey.set(key, recordId);
  }
  for (const key of await findInDataverse(sync, recordIdByKey, signal)) {
    const recordId = recordIdByKey.get(key);
    if (recordId !== undefined) found(recordId, key);
  }
  return existing;
};
