/**
 * Finds the rows that a filter can only mean by going through a key's index, as SQL Server would, instead of testing every row.
 * A sync asks for hundreds of keys among a hundred thousand rows for every page that it writes.
 */
import type { TableRows } from '../store/table-rows.ts';
import { parseGuid, type Row } from '../store/values.ts';
import type { Table } from '../tables/data-model.ts';
import { isLookup, propertyName } from '../tables/definition.ts';
import type { Filter } from './filter-syntax.ts';

/** A superset of the rows that pass the filter, by ascending primary key; null when no index helps. */
export function rowsByIndex(table: Table, rows: TableRows, filter: Filter): readonly Row[] | null {
  for (const key of table.keys) {
    if (key.indexStatus !== 'Active') continue;
    const column = key.columns.length === 1 ? key.columns[0] : undefined;
    const values = column === undefined ? null : possibleValues(filter, column);
    if (column === undefined || values === null) continue;
    return distinct(values.map((value) => rows.findByKey(key.logicalName, { [column]: value })));
  }
  const ids = possibleValues(filter, table.primaryIdColumn);
  if (ids !== null) return distinct(ids.map((id) => rows.get(parseGuid(id) ?? '')));
  for (const column of table.columns.filter(isLookup)) {
    const targets = possibleValues(filter, propertyName(column));
    if (targets !== null) return distinct(targets.flatMap((id) => [...rows.referring(column.logicalName, parseGuid(id) ?? '')]));
  }
  return null;
}

function distinct(rows: readonly (Row | undefined)[]): readonly Row[] {
  const found = new Map<string, Row>();
  for (const row of rows) if (row !== undefined) found.set(row.id, row);
  return [...found.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Every value that the property can have in a row that passes; null when it could have any. */
function possibleValues(filter: Filter, path: string): readonly string[] | null {
  const values: string[] = [];
  // A chain of `or` hangs to the left: walked in a loop, for it may be thousands long.
  let rest: Filter = filter;
  while (rest.kind === 'or') {
    const right = valuesOfTerm(rest.right, path);
    if (right === null) return null;
    for (const value of right) values.push(value);
    rest = rest.left;
  }
  const last = valuesOfTerm(rest, path);
  return last === null ? null : [...values, ...last];
}

function valuesOfTerm(filter: Filter, path: string): readonly string[] | null {
  if (filter.kind === 'or') return possibleValues(filter, path);
  if (filter.kind === 'and') return valuesOfChain(filter, path);
  if (filter.kind === 'in') return !filter.isNegated && filter.path === path ? filter.values : null;
  if (filter.kind !== 'compare' || filter.operator !== 'eq') return null;
  const { left, right } = filter;
  if (left.kind !== 'property' || left.path !== path || right.kind !== 'literal') return null;
  return right.literal.type === 'string' || right.literal.type === 'guid' ? [right.literal.value] : null;
}

/** Any term of an `and` will do; the chain hangs to the left as well. */
function valuesOfChain(filter: Filter & { readonly kind: 'and' | 'or' }, path: string): readonly string[] | null {
  let rest: Filter = filter;
  while (rest.kind === 'and') {
    const right = valuesOfTerm(rest.right, path);
    if (right !== null) return right;
    rest = rest.left;
  }
  return valuesOfTerm(rest, path);
}
