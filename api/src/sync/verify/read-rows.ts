import type { DataverseRow } from '../../dataverse/types.ts';
import { parentLookups, sourceKeyColumn, sourceModifiedOnColumn, sourceRecordIdColumn } from '../columns.ts';
import { columnsToRead } from '../row-changes.ts';
import { toSourceKey } from '../source-key.ts';
import type { TableSync } from '../types.ts';

export const stateColumn = 'statecode';

/** Where a read shows the GUID of a row's parent. */
export const parentProperty = ({ table }: Pick<TableSync, 'table'>): string => `_${parentLookups[table].column}_value`;

/** What a row must be read with, to be compared with what its record says. */
const columnsOf = (sync: TableSync): readonly string[] => {
  const mapped = sync.reader.columns.flatMap(({ to }) => to);
  const parent = sync.reader.parentTable === null ? [] : [parentProperty(sync)];
  const own = [sync.description.primaryIdColumn, sourceKeyColumn, sourceRecordIdColumn, sourceModifiedOnColumn, stateColumn];
  return [...new Set([...own, ...columnsToRead(sync.description, mapped), ...parent])];
};

export const readRows = (sync: TableSync, keys: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, DataverseRow>> =>
  sync.dataverse.readRowsByKey(sync.description, keys, { select: columnsOf(sync), signal });

/** GUIDs of the parents' rows as they are in Dataverse now, by record id; a parent without a row is absent. One query for all. */
export const readParents = async (
  { reader, sourceId, dataverse }: TableSync,
  parentIds: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> => {
  const guids = new Map<string, string>();
  if (reader.parentTable === null || parentIds.size === 0) return guids;
  const description = await dataverse.describeTable(reader.parentTable, signal);
  const recordIdByKey = new Map([...parentIds].map((id) => [toSourceKey(sourceId, id), id] as const));
  const keys = [...recordIdByKey.keys()].filter((key) => key !== null);
  const rows = await dataverse.readRowsByKey(description, keys, { select: [description.primaryIdColumn], signal });
  for (const [key, row] of rows) {
    const id = recordIdByKey.get(key);
    const guid = row[description.primaryIdColumn];
    if (id !== undefined && typeof guid === 'string') guids.set(id, guid);
  }
  return guids;
};
