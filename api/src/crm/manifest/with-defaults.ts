import { type TableName, tableNames } from '../types.ts';
import type { Manifest } from './schema/manifest.ts';
import type { PushedTable, ReadyTable, TableBody } from './schema/table.ts';

/** A table with what all tables have in common; its own word counts more, key by key. */
export const withDefaults = (manifest: Manifest, table: TableBody): TableBody => ({ ...manifest.defaults, ...table });

/** The manifest's tables that are posted to us and cannot be asked for. */
export const pushedTables = (manifest: Manifest): ReadonlyMap<TableName, PushedTable> => {
  const pushed = new Map<TableName, PushedTable>();
  for (const name of tableNames) {
    const written = manifest.tables[name];
    if (written?.pushOnly !== true) continue;
    const { id, ...table } = withDefaults(manifest, written);
    if (id === undefined) throw new RangeError(`the table ${name} has no “id”`);
    pushed.set(name, { ...table, id });
  }
  return pushed;
};

/** The manifest's tables that are read, parents first, complete. The lints have seen to it that nothing is missing. */
export const readyTables = (manifest: Manifest): ReadonlyMap<TableName, ReadyTable> => {
  const ready = new Map<TableName, ReadyTable>();
  for (const name of tableNames) {
    const written = manifest.tables[name];
    if (written === undefined || written.pushOnly === true) continue;
    const { id, list, ...table } = withDefaults(manifest, written);
    if (id === undefined || list === undefined) throw new RangeError(`the table ${name} has no “id” or no “list”`);
    ready.set(name, { ...table, id, list });
  }
  return ready;
};
