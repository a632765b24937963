/** One page of rows that are already in order, and where the next one starts (page-results.md). */
import type { Order } from '../query/order-by.ts';
import { decodeCookie, encodeCookie } from '../query/paging-cookie.ts';
import type { Primitive } from '../query/property-access.ts';
import type { QueryOptions } from '../query/query-options.ts';
import type { Row } from '../store/values.ts';
import { badQuery } from './errors.ts';
import type { ApiRequest, Session } from './messages.ts';
import { largestPage } from './preferences.ts';

export interface Page {
  readonly rows: readonly Row[];
  /** null: this is the last page. */
  readonly cookie: string | null;
}

export interface PageOptions {
  readonly maxPageSize: number | null;
  readonly order: Order<Row>;
}

export function takePage(
  matching: readonly Row[],
  options: Pick<QueryOptions, 'top' | 'skipToken'>,
  { maxPageSize, order }: PageOptions,
): Page {
  if (options.top !== null && options.top > largestPage) throw badQuery(`The value of $top may not be more than ${largestPage}.`);
  const cookie = options.skipToken === null ? null : decodeCookie(options.skipToken, order.keyLength);
  const start = cookie === null ? 0 : firstAfter(matching, cookie.after, order);
  // $top beside maxpagesize is ignored; alone it is the size of the only page.
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

export function nextLink(session: Session, request: ApiRequest, cookie: string): string {
  const kept = request.query.split('&').filter((pair) => pair !== '' && !/^(\$|%24)skiptoken=/i.test(pair));
  return `${session.serviceRoot}${request.path}?${[...kept, `$skiptoken=${cookie}`].join('&')}`;
}
