/** The rows that a query is about, in its order. */
import type { Row } from '../store/values.ts';
import { isCollection, type Table } from '../tables/data-model.ts';
import { propertyNotFound } from '../web-api/errors.ts';
import type { Session } from '../web-api/messages.ts';
import { mayAccess } from '../security/caller.ts';
import { rowsByIndex } from './key-lookup.ts';
import { createOrder, type Order } from './order-by.ts';
import { parseFilter } from './parse-filter.ts';
import { compileRowFilter } from './row-filter.ts';
import { rowProperties } from './row-properties.ts';

export interface RowSelector {
  /** `within`: only these, by ascending primary key; all rows of the table when left out. */
  (within?: readonly Row[]): readonly Row[];
  readonly order: Order<Row>;
}

/** `aliases` is null where the page allows none, as inside of $expand. */
export interface RowQuery {
  readonly filter: string | null;
  readonly orderBy: string | null;
  readonly aliases: ReadonlyMap<string, string> | null;
}

/** Checks the options at once, so that a wrong query is refused even on an empty table. */
export function selectRows(session: Session, table: Table, query: RowQuery): RowSelector {
  const { environment } = session;
  const filter = query.filter === null ? null : parseFilter(query.filter, query.aliases);
  const test = filter === null ? null : compileRowFilter(session, table, filter);
  const order = createOrder(query.orderBy, query.aliases ?? new Map(), rowProperties(table, environment));
  const rows = environment.database.rows(table.logicalName);

  const select = (within?: readonly Row[]): readonly Row[] => {
    const candidates = within ?? (filter === null ? null : rowsByIndex(table, rows, filter)) ?? rows.list();
    const visible = table.isOfItsOwner === true ? candidates.filter((row) => mayAccess(session.caller, table, row)) : candidates;
    const found = test === null ? visible : visible.filter(test);
    // Candidates come by primary key already, which is the order when none was asked for.
    return query.orderBy === null ? found : sortRows(found, order);
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
    const isKnown = table.properties.has(name) || table.navigations.has(name) || isCollection(table, name);
    if (!isKnown) throw propertyNotFound(name, table.logicalName);
  }
}
