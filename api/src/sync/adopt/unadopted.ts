import type { TableName } from '../../crm/types.ts';
import type { Dataverse } from '../../dataverse/types.ts';
import { AppError } from '../../errors/app-error.ts';
import { sourceKeyColumn } from '../columns.ts';
import { microsoftChoiceOf } from '../microsoft/choice.ts';
import { microsoftIdColumn } from '../microsoft/columns.ts';
import { patientDataverse } from '../patient-dataverse.ts';
import type { Source } from '../types.ts';
import { keysToLookUp } from './judge-rows.ts';
import { listMicrosoftRows } from './list-rows.ts';

/**
 * Whether there are rows that `adopt` would give a key to. Those that it must leave (doubled, without an id) do not count, or whoever has
 * adopted could never go on. Most often one request, which finds nothing.
 */
export const hasUnadoptedRows = async (source: Source, table: TableName, dataverse: Dataverse, signal: AbortSignal): Promise<boolean> => {
  const description = await dataverse.describeTable(table, signal);
  if (!description.columns.has(microsoftIdColumn)) return false;
  const choice = microsoftChoiceOf(source, description);
  if (choice === null) return false;
  const reader = source.connector.table(table);
  const pages = listMicrosoftRows({ dataverse, description, sourceId: source.id, reader, choice, isWithoutKey: true, signal });
  for await (const page of pages) {
    const keys = keysToLookUp(page);
    const holders = await dataverse.readRowsByKey(description, keys, { select: [sourceKeyColumn], signal });
    if (keys.some((key) => !holders.has(key))) return true;
  }
  return false;
};

export const unadoptedTables = async (source: Source, dataverse: Dataverse, signal: AbortSignal): Promise<TableName[]> => {
  const found: TableName[] = [];
  for (const table of source.connector.tables) if (await hasUnadoptedRows(source, table, dataverse, signal)) found.push(table);
  return found;
};

/** Stands before whatever would make rows for records that have one already, though without our key. */
export interface AdoptionGuard {
  /** Throws `adoption.pending`. `isNews`: for a run; what was found before is not good enough, look again, and with a run's patience. */
  requireAdopted(source: Source, table: TableName, options: { readonly isNews: boolean; readonly signal: AbortSignal }): Promise<void>;
}

export const createAdoptionGuard = (dataverse: Dataverse): AdoptionGuard => {
  // A run looks each time; a webhook need not ask the whole table again at every delivery.
  const adopted = new Set<string>();
  const patient = patientDataverse(dataverse);
  return {
    async requireAdopted(source, table, { isNews, signal }) {
      if (source.microsoft?.unadoptedRows === 'leave') return;
      const name = `${source.id} ${table}`;
      if (!isNews && adopted.has(name)) return;
      if (await hasUnadoptedRows(source, table, isNews ? patient : dataverse, signal)) {
        adopted.delete(name);
        throw new AppError('adoption.pending', { table, source: source.id });
      }
      adopted.add(name);
    },
  };
};
