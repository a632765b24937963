import type { PlannedChanges } from '../store/runs/types.ts';
import { columnsToRead, differencesOf } from './row-changes.ts';
import type { ComparedPage, TableSync } from './types.ts';

const maxSamples = 20;

export const noPlannedChanges = (table: PlannedChanges['table']): PlannedChanges => ({
  table,
  created: 0,
  updated: 0,
  columns: {},
  sampleRecordIds: [],
});

/** Reads the rows that a page would write and counts, per column, what would change. Ids and counts only: values stay where they are. */
export const planChanges = async (
  sync: TableSync,
  compared: ComparedPage,
  sofar: PlannedChanges,
  signal: AbortSignal,
): Promise<PlannedChanges> => {
  if (compared.toWrite.length === 0) return sofar;
  const existing = await sync.dataverse.readRowsByKey(
    sync.description,
    compared.toWrite.map(({ row }) => row.sourceKey),
    {
      select: columnsToRead(
        sync.description,
        sync.reader.columns.flatMap((rule) => rule.to),
      ),
      signal,
    },
  );
  let { created, updated } = sofar;
  const columns = { ...sofar.columns };
  const sampleRecordIds = [...sofar.sampleRecordIds];
  for (const decision of compared.toWrite) {
    const { row, link } = decision;
    const before = existing.get(row.sourceKey) ?? null;
    if (before === null) created += 1;
    else updated += 1;
    const changed = differencesOf(sync.description, decision, before).map((difference) => difference.column);
    if (link !== null && row.record.parentId !== undefined && link.parentId !== row.record.parentId) changed.push('parent');
    for (const column of changed) columns[column] = (columns[column] ?? 0) + 1;
    if (sampleRecordIds.length < maxSamples) sampleRecordIds.push(row.record.id);
  }
  return { table: sofar.table, created, updated, columns, sampleRecordIds };
};
