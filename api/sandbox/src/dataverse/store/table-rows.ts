/** The rows of one table, with an index for each alternate key. Knows nothing of types or rules. */
import type { KeyDefinition } from '../tables/definition.ts';
import { fold } from './collation.ts';
import { createReferenceIndex } from './reference-index.ts';
import { isReference, type Row, type RowValues } from './values.ts';

export interface TableRows {
  readonly size: number;
  get(id: string): Row | undefined;
  findByKey(keyName: string, values: RowValues): Row | undefined;
  /** Puts the row in place of the one with its id; undefined removes. */
  replace(id: string, row: Row | undefined): void;
  /** All rows by ascending primary key. */
  list(): readonly Row[];
  /** The rows whose `column` points to the row with this id; in no order. */
  referring(column: string, id: string): Iterable<Row>;
}

export function createTableRows(keys: readonly KeyDefinition[]): TableRows {
  const rows = new Map<string, Row>();
  const indexes = new Map(keys.map((key) => [key.logicalName, { columns: key.columns, ids: new Map<string, string>() }]));
  const references = createReferenceIndex(() => rows.values());
  // Sorted once per series of reads: a page loop over a table at rest sorts it once.
  let sorted: readonly Row[] | null = null;

  return {
    get size() {
      return rows.size;
    },
    get: (id) => rows.get(id),
    findByKey(keyName, values) {
      const index = indexes.get(keyName);
      const keyText = index === undefined ? null : keyTextOf(index.columns, values);
      const id = keyText === null ? undefined : index?.ids.get(keyText);
      return id === undefined ? undefined : rows.get(id);
    },
    replace(id, row) {
      const before = rows.get(id);
      for (const { columns, ids } of indexes.values()) {
        const oldText = before === undefined ? null : keyTextOf(columns, before.values);
        const newText = row === undefined ? null : keyTextOf(columns, row.values);
        if (oldText === newText) continue;
        if (oldText !== null) ids.delete(oldText);
        if (newText !== null) ids.set(newText, id);
      }
      if (row === undefined) rows.delete(id);
      else rows.set(id, row);
      references.replace(before, row);
      sorted = null;
    },
    list() {
      sorted ??= [...rows.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
      return sorted;
    },
    referring: (column, id) => references.find(column, id),
  };
}

/** Null when a column of the key is empty: such rows are outside the index and never collide. */
function keyTextOf(columns: readonly string[], values: RowValues): string | null {
  let keyText = '';
  for (const column of columns) {
    const value = values[column] ?? null;
    if (value === null) return null;
    keyText += `${isReference(value) ? value.id : typeof value === 'string' ? fold(value) : String(value)}\u0000`;
  }
  return keyText;
}
