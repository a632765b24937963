import { AppError } from '../../errors/app-error.ts';
import { type Caller, apiPath } from '../http/caller.ts';
import { toAppError } from '../refusal.ts';
import type { DataverseRow, RowPagesQuery, TableDescription } from '../types.ts';
import { readJsonRecord, isRecord } from './json-reply.ts';

/** The path of a next link. Where it points to is not followed: our token goes to our environment alone. */
const pathOfNextLink = (link: unknown, what: string): string | null => {
  if (link === undefined || link === null) return null;
  const url = typeof link === 'string' ? URL.parse(link) : null;
  if (url === null || !url.pathname.startsWith(apiPath)) throw new AppError('dataverse.bad_answer', { what });
  return `${url.pathname.slice(apiPath.length)}${url.search}`;
};

/**
 * All rows of a query, page by page; the next page is asked for when it is wanted. The order must be a total one (end it with the primary
 * key), or rows that are written meanwhile could be skipped.
 * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/query/page-results
 */
export async function* readRowPages(
  caller: Caller,
  table: TableDescription,
  { select, filter, orderBy, rowsPerPage, signal }: RowPagesQuery,
): AsyncGenerator<readonly DataverseRow[]> {
  const what = `listing rows of ${table.logicalName}`;
  const query = Object.entries({ $select: select.join(','), $filter: filter, $orderby: orderBy.join(',') });
  let path: string | null = `${table.entitySetName}?${query.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&')}`;
  while (path !== null) {
    const headers = { prefer: `odata.maxpagesize=${rowsPerPage}` };
    const reply = await caller.call({ method: 'GET', path, headers, lane: 'bulk' }, signal);
    if (reply.isRefused) throw toAppError(reply);
    const page = readJsonRecord(reply.body.toString('utf8'), what);
    if (!Array.isArray(page.value)) throw new AppError('dataverse.bad_answer', { what });
    const next: string | null = pathOfNextLink(page['@odata.nextLink'], what);
    // A page that leads to itself would never end.
    if (next === path) throw new AppError('dataverse.bad_answer', { what });
    yield page.value.filter(isRecord);
    path = next;
  }
}
