/**
 * Finds the rows that a filter can only mean by going through a key's index, as SQL Server would, instead of testing every row.
 * A sync asks for hundreds of keys among a hundred thousand rows for every page that it writes.
 */
import type { TableRows } from '../store/table-rows.ts';
import type { Row } from '../store/values.ts';
import type { Table } from '../tables/data-model.ts';
import type { Filter } from './filter-syntax.ts';

/** A superset of the rows that pass the filter, by ascending primary key; null when no index helps. */
export function rowsByIndex(table: Table, rows: TableRows, filter: Filter): readonly Row[] | null {
  for (const key of table.keys) {
    if (key.indexStatus !== 'Active') continue;
    const column = key.columns.length === 1 ? key.columns[0] : undefined;
    const values = column === undefined ? null : possibleValues(filter, column);
    if (column === undefined || values === null) continue;
    const found = new Map<string, Row>();
    for (const value of values) {
      const row = rows.findByKey(key.logicalName, { [column]: value });
      if (row !== undefined) found.set(row.id, row);
    }
    return [...found.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  }
  return null;
}

/** Every value that the column can have in a row that passes; null when it could have any. */
function possibleValues(filter: Filter, column: string): readonly string[] | null {
  const values: string[] = [];
  // A chain of `or` hangs to the left: walked in a loop, for it may be thousands long.
  let rest: Filter = filter;
  while (rest.kind === 'or') {
    const right = valuesOfTerm(rest.right, column);
    if (right === null) return null;
    values.push(...right);
    rest = rest.left;
  }
  const last = valuesOfTerm(rest, column);
  return last === null ? null : [...values, ...last];
}

function valuesOfTerm(filter: Filter, column: string): readonly string[] | null {
  if (filter.kind === 'or') return possibleValues(filter, column);
  if (filter.kind === 'and') return valuesOfTerm(filter.left, column) ?? valuesOfTerm(filter.right, column);
  if (filter.kind === 'in') return !filter.isNegated && filter.path === column ? filter.values : null;
  if (filter.kind !== 'compare' || filter.operator !== 'eq') return null;
  const { left, right } = filter;
  if (left.kind !== 'property' || left.path !== column || right.kind !== 'literal' || right.literal.type !== 'string') return null;
  return [right.literal.value];
}
