import { type TableName, tableNames } from '../types.ts';
import type { Manifest } from './schema/manifest.ts';
import type { ReadyTable, TableBody } from './schema/table.ts';

/** A table with what all tables have in common; its own word counts more, key by key. */
export const withDefaults = (manifest: Manifest, table: TableBody): TableBody => ({ ...manifest.defaults, ...table });

/** The manifest's tables, parents first, complete. The lints have seen to it that nothing is missing. */
export const readyTables = (manifest: Manifest): ReadonlyMap<TableName, ReadyTable> => {
  const ready = new Map<TableName, ReadyTable>();
  for (const name of tableNames) {
    const written = manifest.tables[name];
    if (written === undefined) continue;
    const { id, list, ...table } = withDefaults(manifest, written);
    if (id === undefined || list === undefined) throw new RangeError(`the table ${name} has no “id” or no “list”`);
    ready.set(name, { ...table, id, list });
  }
  return ready;
};
