/** All rows of the environment, and transactions over them: a failed one leaves nothing behind. */
import type { TableDefinition } from '../tables/definition.ts';
import { createTableRows, type TableRows } from './table-rows.ts';
import type { Row } from './values.ts';

export interface RowWrite {
  readonly table: string;
  readonly kind: 'created' | 'updated' | 'deleted';
}

export interface Database {
  rows(table: string): TableRows;
  /** Writes are only possible inside `transaction`. */
  put(table: string, row: Row): void;
  remove(table: string, id: string): void;
  /** Work that throws is undone whole. May be nested: the inner one commits with the outer one. */
  transaction<T>(work: () => T): T;
  nextVersion(): number;
  clear(tables: readonly string[]): void;
}

interface Change extends RowWrite {
  readonly id: string;
  readonly before: Row | undefined;
}

export function createDatabase(options: {
  readonly tables: readonly TableDefinition[];
  readonly onCommit: (writes: readonly RowWrite[]) => void;
}): Database {
  const emptyTable = (definition: TableDefinition) => createTableRows(definition.keys);
  const tables = new Map(options.tables.map((definition) => [definition.logicalName, emptyTable(definition)]));
  let version = 1_000_000;
  let changes: Change[] | null = null;

  function rowsOf(table: string): TableRows {
    const rows = tables.get(table);
    if (rows === undefined) throw new Error(`No storage for table '${table}'`);
    return rows;
  }

  function write(table: string, id: string, row: Row | undefined): void {
    if (changes === null) throw new Error('A write outside a transaction');
    const rows = rowsOf(table);
    const before = rows.get(id);
    rows.replace(id, row);
    changes.push({ table, id, before, kind: row === undefined ? 'deleted' : before === undefined ? 'created' : 'updated' });
  }

  return {
    rows: rowsOf,
    put: (table, row) => write(table, row.id, row),
    remove: (table, id) => write(table, id, undefined),
    transaction(work) {
      const outer = changes;
      const own: Change[] = [];
      changes = own;
      try {
        const result = work();
        if (outer === null) options.onCommit(own);
        else for (const change of own) outer.push(change);
        return result;
      } catch (error) {
        for (const change of own.reverse()) rowsOf(change.table).replace(change.id, change.before);
        throw error;
      } finally {
        changes = outer;
      }
    },
    nextVersion: () => ++version,
    clear(names) {
      for (const definition of options.tables) {
        if (names.includes(definition.logicalName)) tables.set(definition.logicalName, emptyTable(definition));
      }
    },
  };
}
