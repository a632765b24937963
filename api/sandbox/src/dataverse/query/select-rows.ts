/** The rows that a query is about, in its order. */
import type { Environment } from '../environment.ts';
import type { Row } from '../store/values.ts';
import type { Table } from '../tables/data-model.ts';
import { propertyNotFound } from '../web-api/errors.ts';
import { compileFilter, type Test } from './compile-filter.ts';
import { rowsByIndex } from './key-lookup.ts';
import { createOrder, type Order } from './order-by.ts';
import { parseFilter } from './parse-filter.ts';
import type { QueryOptions } from './query-options.ts';
import { rowProperties } from './row-properties.ts';

export interface RowSelector {
  /** `restriction` is a further test, such as "belongs to this row". */
  (restriction?: Test<Row>): readonly Row[];
  readonly order: Order<Row>;
}

/** Checks the options at once, so that a wrong query is refused even on an empty table. */
export function selectRows(environment: Environment, table: Table, options: QueryOptions): RowSelector {
  const resolve = rowProperties(table, environment);
  const filter = options.filter === null ? null : parseFilter(options.filter, options.aliases);
  const test = filter === null ? null : compileFilter(filter, resolve);
  const order = createOrder(options.orderBy, resolve);
  const rows = environment.database.rows(table.logicalName);

  const select = (restriction?: Test<Row>): readonly Row[] => {
    const candidates = (filter === null ? null : rowsByIndex(table, rows, filter)) ?? rows.list();
    const isEveryRow = test === null && restriction === undefined;
    const found = isEveryRow ? candidates : candidates.filter((row) => test?.(row) !== false && restriction?.(row) !== false);
    // Candidates come by primary key already, which is the order when none was asked for.
    return options.orderBy === null ? found : sortRows(found, order);
  };
  return Object.assign(select, { order });
}

function sortRows(rows: readonly Row[], order: Order<Row>): readonly Row[] {
  return rows
    .map((row) => ({ row, key: order.keyOf(row) }))
    .sort((a, b) => order.compare(a.key, b.key))
    .map(({ row }) => row);
}

/** A navigation property may be named in $select; it adds nothing to the row. */
export function checkSelect(table: Table, select: readonly string[] | null): void {
  for (const name of select ?? []) {
    const isKnown = table.properties.has(name) || table.navigations.has(name) || table.collections.has(name);
    if (!isKnown) throw propertyNotFound(name, table.logicalName);
  }
}
