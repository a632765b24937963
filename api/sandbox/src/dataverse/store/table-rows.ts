/** The rows of one table, with an index for each alternate key. Knows nothing of types or rules. */
import type { KeyDefinition } from '../tables/definition.ts';
import { fold } from './collation.ts';
import { createReferenceIndex } from './reference-index.ts';
import { isReference, type Row, type RowValues } from './values.ts';

export interface TableRows {
  readonly size: number;
  get(id: string): Row | undefined;
  /** Undefined also for a key without an index. */
  findByKey(keyName: string, values: RowValues): Row | undefined;
  /** Puts the row in place of the one with its id; undefined removes. */
  replace(id: string, row: Row | undefined): void;
  /** All rows by ascending primary key. */
  list(): readonly Row[];
  /** Keeps an index for exactly these keys. A new one takes in the rows that are there; ask `hasDuplicates` before. */
  setKeys(keys: readonly KeyDefinition[]): void;
  /** Whether two rows hold the same in all of these columns, so that no index can be built on them. */
  hasDuplicates(columns: readonly string[]): boolean;
  /** Forgets what the rows hold in these columns. */
  dropColumns(columns: readonly string[]): void;
  /** The rows whose `column` points to the row with this id; in no order. */
  referring(column: string, id: string): Iterable<Row>;
}

interface KeyIndex {
  readonly columns: readonly string[];
  /** Row ids by what the row holds in the key's columns. */
  readonly ids: Map<string, string>;
}

export function createTableRows(keys: readonly KeyDefinition[]): TableRows {
  const rows = new Map<string, Row>();
  const indexes = new Map<string, KeyIndex>();
  const references = createReferenceIndex(() => rows.values());
  // Sorted once per series of reads: a page loop over a table at rest sorts it once.
  let sorted: readonly Row[] | null = null;

  function setKeys(wanted: readonly KeyDefinition[]): void {
    for (const name of [...indexes.keys()]) {
      if (!wanted.some((key) => key.logicalName === name)) indexes.delete(name);
    }
    for (const { logicalName, columns } of wanted) {
      if (indexes.get(logicalName)?.columns.join() === columns.join()) continue;
      const ids = new Map<string, string>();
      for (const row of rows.values()) {
        const text = keyTextOf(columns, row.values);
        if (text !== null) ids.set(text, row.id);
      }
      indexes.set(logicalName, { columns, ids });
    }
  }
  setKeys(keys);

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
    setKeys,
    hasDuplicates(columns) {
      const seen = new Set<string>();
      for (const row of rows.values()) {
        const text = keyTextOf(columns, row.values);
        if (text === null) continue;
        if (seen.has(text)) return true;
        seen.add(text);
      }
      return false;
    },
    dropColumns(columns) {
      for (const row of rows.values()) {
        const kept = Object.entries(row.values).filter(([column]) => !columns.includes(column));
        const after = { ...row, values: Object.fromEntries(kept) };
        rows.set(row.id, after);
        references.replace(row, after);
      }
      sorted = null;
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
