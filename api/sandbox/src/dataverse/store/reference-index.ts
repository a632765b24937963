/** Which rows point to a row: by column, made when first asked for and kept up to date from then on. */
import { isReference, type Row, type StoredValue } from './values.ts';

export interface ReferenceIndex {
  /** The rows whose `column` holds this id, as a lookup or as a plain GUID; in no order. */
  find(column: string, id: string): Iterable<Row>;
  replace(before: Row | undefined, after: Row | undefined): void;
}

/** `allRows` gives the table's rows, for an index that is made late: a bulk load that asks for none pays for none. */
export function createReferenceIndex(allRows: () => Iterable<Row>): ReferenceIndex {
  const indexes = new Map<string, Map<string, Map<string, Row>>>();

  function add(index: Map<string, Map<string, Row>>, column: string, row: Row): void {
    const id = idIn(row.values[column]);
    if (id === null) return;
    const pointing = index.get(id);
    if (pointing === undefined) index.set(id, new Map([[row.id, row]]));
    else pointing.set(row.id, row);
  }

  return {
    find(column, id) {
      let index = indexes.get(column);
      if (index === undefined) {
        index = new Map();
        for (const row of allRows()) add(index, column, row);
        indexes.set(column, index);
      }
      return index.get(id)?.values() ?? [];
    },
    replace(before, after) {
      for (const [column, index] of indexes) {
        const id = before === undefined ? null : idIn(before.values[column]);
        const pointing = id === null ? undefined : index.get(id);
        if (before !== undefined) pointing?.delete(before.id);
        if (id !== null && pointing?.size === 0) index.delete(id);
        if (after !== undefined) add(index, column, after);
      }
    },
  };
}

function idIn(value: StoredValue | undefined): string | null {
  if (isReference(value)) return value.id;
  return typeof value === 'string' ? value : null;
}
