import { compilePath } from '../../../crm/expression/compile.ts';
import { proposeTable } from '../../../crm/kit/propose/propose.ts';
import { proposeRecordPath } from '../../../crm/kit/propose/propose-records.ts';
import { type TableName, tableNames } from '../../../crm/types.ts';
import { isAppError } from '../../../errors/app-error.ts';
import type { TableAnswers } from './answers.ts';
import type { Seen } from './plan-table.ts';
import { probeCrm, type ProbeOptions } from './probe-crm.ts';

/** Asks for the first record by its id, to see what it is wrapped in. That this fails says nothing of the list. */
const findRecordPath = async (table: TableAnswers, seen: Seen['proposal'], options: ProbeOptions): Promise<string | null> => {
  const [first] = seen.found;
  if (first === undefined || seen.id === null) return null;
  const selectId = compilePath(seen.id);
  const id = selectId(first);
  if ((typeof id !== 'string' && typeof id !== 'number') || !/^[\w.~-]+$/.test(String(id))) return null;
  const path = (table.one ?? `${table.path}/{{id}}`).replaceAll(/\{\{\s*id\s*\}\}/g, String(id));
  try {
    const { body } = await probeCrm(path, options);
    return proposeRecordPath(body, (record) => selectId(record) === id);
  } catch (error) {
    if (!isAppError(error) || options.signal.aborted) throw error;
    return null;
  }
};

/** Two requests a table: its list, and one record of it. */
export const lookAtCrm = async (options: ProbeOptions): Promise<ReadonlyMap<TableName, Seen>> => {
  const seen = new Map<TableName, Seen>();
  for (const name of tableNames) {
    const table = options.answers.tables[name];
    if (table === undefined) continue;
    const proposal = proposeTable(name, await probeCrm(table.path, options));
    seen.set(name, { proposal, recordPath: await findRecordPath(table, proposal, options) });
  }
  return seen;
};
