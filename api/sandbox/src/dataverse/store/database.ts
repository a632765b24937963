/** All rows of the environment, and transactions over them: a failed one leaves nothing behind. */
import type { TableDefinition } from '../tables/definition.ts';
import { createTableRows, type TableRows } from './table-rows.ts';
import type { Row } from './values.ts';

export interface RowWrite {
  readonly table: string;
  readonly kind: 'created' | 'updated' | 'deleted';
  readonly id: string;
}

export interface Database {
  rows(table: string): TableRows;
  /** Storage for exactly these tables and columns, an index for each of their Active keys. What goes takes its values along. */
  reshape(definitions: readonly TableDefinition[]): void;
  /** Writes are only possible inside `transaction`. */
  put(table: string, row: Row): void;
  remove(table: string, id: string): void;
  /** Work that throws is undone whole. May be nested: the inner one commits with the outer one. */
  transaction<T>(work: () => T): T;
  nextVersion(): number;
  /** The newest one given out. */
  readonly version: number;
  clear(tables: readonly string[]): void;
}

interface Change extends RowWrite {
  readonly before: Row | undefined;
}

export function createDatabase(options: { readonly onCommit: (writes: readonly RowWrite[]) => void }): Database {
  const emptyTable = (definition: TableDefinition) => createTableRows(activeKeys(definition));
  const tables = new Map<string, TableRows>();
  let shape = new Map<string, TableDefinition>();
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
    get version() {
      return version;
    },
    clear(names) {
      for (const definition of shape.values()) {
        if (names.includes(definition.logicalName)) tables.set(definition.logicalName, emptyTable(definition));
      }
    },
    reshape(definitions) {
      const next = new Map(definitions.map((definition) => [definition.logicalName, definition]));
      for (const name of shape.keys()) if (!next.has(name)) tables.delete(name);
      for (const [name, definition] of next) {
        const rows = tables.get(name);
        if (rows === undefined) {
          tables.set(name, emptyTable(definition));
          continue;
        }
        const kept = new Set(definition.columns.map((column) => column.logicalName));
        const dropped = (shape.get(name)?.columns ?? []).map((column) => column.logicalName).filter((column) => !kept.has(column));
        if (dropped.length > 0) rows.dropColumns(dropped);
        rows.setKeys(activeKeys(definition));
      }
      shape = next;
    },
  };
}

/** A key takes effect, and refuses double values, only once its index is there. */
const activeKeys = (definition: TableDefinition) => definition.keys.filter((key) => key.indexStatus === 'Active');
