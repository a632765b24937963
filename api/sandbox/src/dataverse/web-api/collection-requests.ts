/** Queries of a table: filter, order, pages (page-results.md, filter-rows.md, count-rows.md). */
import type { Test } from '../query/compile-filter.ts';
import { compileExpand } from '../query/expand.ts';
import type { Order } from '../query/order-by.ts';
import { decodeCookie, encodeCookie } from '../query/paging-cookie.ts';
import type { Primitive } from '../query/property-access.ts';
import { parseQueryString, type QueryOptions } from '../query/query-options.ts';
import { checkSelect, selectRows } from '../query/select-rows.ts';
import { requirePrivilege } from '../security/caller.ts';
import { contextOf, representRow } from '../store/represent.ts';
import type { Row } from '../store/values.ts';
import type { Table } from '../tables/data-model.ts';
import { badQuery } from './errors.ts';
import { type ApiRequest, type ApiResponse, jsonResponse, type Session } from './messages.ts';
import { largestPage, parsePreferences } from './preferences.ts';

/** Counts stop here (count-rows.md). */
const largestCount = 5000;

/** `restriction` limits the query to the rows of a collection-valued navigation property. */
export function handleQuery(session: Session, request: ApiRequest, table: Table, restriction?: Test<Row>): ApiResponse {
  requirePrivilege(session.caller, 'Read', table);
  const options = parseQueryString(request.query);
  const preferences = parsePreferences(request.headers);
  const { wantsAnnotation } = preferences;
  const { model, database } = session.environment;
  checkSelect(table, options.select);
  const expand = compileExpand(table, options.expand, { session, aliases: options.aliases, wantsAnnotation });
  const select = selectRows(session.environment, table, options);

  const matching = select(restriction);
  const page = takePage(matching, options, { maxPageSize: preferences.maxPageSize, order: select.order });
  const value = page.rows.map((row) => {
    const json = representRow(table, row, { model, database, select: options.select, wantsAnnotation });
    expand(row, json);
    return json;
  });

  session.meter.rows(value.length);

  const body: Record<string, unknown> = { '@odata.context': `${session.serviceRoot}$metadata#${contextOf(table, options.select)}` };
  if (options.isCounted) {
    body['@odata.count'] = Math.min(matching.length, largestCount);
    if (wantsAnnotation('Microsoft.Dynamics.CRM.totalrecordcount')) {
      body['@Microsoft.Dynamics.CRM.totalrecordcount'] = Math.min(matching.length, largestCount);
    }
    if (wantsAnnotation('Microsoft.Dynamics.CRM.totalrecordcountlimitexceeded')) {
      body['@Microsoft.Dynamics.CRM.totalrecordcountlimitexceeded'] = matching.length > largestCount;
    }
  }
  body.value = value;
  if (page.cookie !== null) body['@odata.nextLink'] = nextLink(session, request, page.cookie);
  return jsonResponse(200, body, preferences.applied.query === null ? {} : { 'Preference-Applied': preferences.applied.query });
}

export function handleCount(session: Session, request: ApiRequest, table: Table, restriction?: Test<Row>): ApiResponse {
  requirePrivilege(session.caller, 'Read', table);
  const count = selectRows(session.environment, table, parseQueryString(request.query))(restriction).length;
  // The real one sends the byte order mark too (retrieve-entity-using-web-api.md).
  return { status: 200, headers: { 'Content-Type': 'text/plain' }, body: `\uFEFF${Math.min(count, largestCount)}` };
}

interface Page {
  readonly rows: readonly Row[];
  /** null: this is the last page. */
  readonly cookie: string | null;
}

interface PageOptions {
  readonly maxPageSize: number | null;
  readonly order: Order<Row>;
}

function takePage(matching: readonly Row[], options: QueryOptions, { maxPageSize, order }: PageOptions): Page {
  if (options.top !== null && options.top > largestPage) throw badQuery(`The value of $top may not be more than ${largestPage}.`);
  const cookie = options.skipToken === null ? null : decodeCookie(options.skipToken, order.keyLength);
  const start = cookie === null ? 0 : firstAfter(matching, cookie.after, order);
  // $top beside maxpagesize is ignored; alone it is the size of the only page (page-results.md).
  const isTop = options.top !== null && maxPageSize === null;
  const size = isTop ? (options.top ?? 0) : (maxPageSize ?? largestPage);
  const rows = matching.slice(start, start + size);
  const last = rows.at(-1);
  const hasMore = !isTop && last !== undefined && start + size < matching.length;
  return { rows, cookie: hasMore ? encodeCookie({ page: (cookie?.page ?? 1) + 1, after: order.keyOf(last) }) : null };
}

function firstAfter(rows: readonly Row[], after: readonly Primitive[], order: Order<Row>): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const row = rows[middle];
    if (row !== undefined && order.compare(order.keyOf(row), after) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function nextLink(session: Session, request: ApiRequest, cookie: string): string {
  const kept = request.query.split('&').filter((pair) => pair !== '' && !/^(\$|%24)skiptoken=/i.test(pair));
  return `${session.serviceRoot}${request.path}?${[...kept, `$skiptoken=${cookie}`].join('&')}`;
}
