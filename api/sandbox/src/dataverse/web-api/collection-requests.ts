/** Queries of a table: filter, order, pages (page-results.md, filter-rows.md, count-rows.md). */
import { compileExpand } from '../query/expand.ts';
import { expandContext, parseExpand } from '../query/expand-syntax.ts';
import { parseQueryString } from '../query/query-options.ts';
import { checkSelect, selectRows } from '../query/select-rows.ts';
import { maySeeSecured, requirePrivilege } from '../security/caller.ts';
import { contextOf, representRow } from '../store/represent.ts';
import type { Row } from '../store/values.ts';
import type { Table } from '../tables/data-model.ts';
import { handleAggregate } from './aggregate-requests.ts';
import { handleFetch } from './fetch-requests.ts';
import { type ApiRequest, type ApiResponse, jsonResponse, type Session } from './messages.ts';
import { nextLink, takePage } from './pages.ts';
import { parsePreferences } from './preferences.ts';
import { largestCount, queryResponse } from './query-response.ts';

/** `within`: only these rows, those of a collection-valued navigation property. */
export function handleQuery(session: Session, request: ApiRequest, table: Table, within?: readonly Row[]): ApiResponse {
  requirePrivilege(session.caller, 'Read', table);
  const options = parseQueryString(request.query);
  if (options.fetchXml !== null) return handleFetch(session, request, { table, options, fetchXml: options.fetchXml, within });
  if (options.apply !== null) return handleAggregate(session, request, { table, options, apply: options.apply, within });
  const preferences = parsePreferences(request.headers);
  const { wantsAnnotation, maxPageSize } = preferences;
  const { model, database } = session.environment;
  checkSelect(table, options.select);
  const items = parseExpand(model, table, options.expand);
  const isNested = items.some((item) => item.items.length > 0);
  const expand = compileExpand(table, items, { session, wantsAnnotation, isQuery: true, isNested, maxPageSize });
  const select = selectRows(session, table, options);

  const matching = select(within);
  const page = takePage(matching, options, { maxPageSize, order: select.order });
  const value = page.rows.map((row) => {
    const json = representRow(table, row, {
      model,
      database,
      select: options.select,
      wantsAnnotation,
      maySeeSecured: maySeeSecured(session.caller),
    });
    expand(row, json);
    return json;
  });
  const names = [...(options.select ?? []), ...expandContext(items)];
  return queryResponse(session, preferences, {
    context: contextOf(table, names),
    count: options.isCounted ? matching.length : null,
    value,
    nextLink: page.cookie === null ? null : nextLink(session, request, page.cookie),
  });
}

export function handleCount(session: Session, request: ApiRequest, table: Table, within?: readonly Row[]): ApiResponse {
  requirePrivilege(session.caller, 'Read', table);
  const count = selectRows(session, table, parseQueryString(request.query))(within).length;
  // The real one sends the byte order mark too (retrieve-entity-using-web-api.md).
  return { status: 200, headers: { 'Content-Type': 'text/plain' }, body: `\uFEFF${Math.min(count, largestCount)}` };
}

/** `GET …/Account_Tasks/$ref`: the addresses of the rows instead of the rows. */
export function handleReferences(session: Session, request: ApiRequest, table: Table, within: readonly Row[]): ApiResponse {
  requirePrivilege(session.caller, 'Read', table);
  const options = parseQueryString(request.query);
  const preferences = parsePreferences(request.headers);
  const select = selectRows(session, table, options);
  const page = takePage(select(within), options, { maxPageSize: preferences.maxPageSize, order: select.order });
  const body: Record<string, unknown> = {
    '@odata.context': `${session.serviceRoot}$metadata#Collection($ref)`,
    value: page.rows.map((row) => ({ '@odata.id': `${session.serviceRoot}${table.entitySetName}(${row.id})` })),
  };
  if (page.cookie !== null) body['@odata.nextLink'] = nextLink(session, request, page.cookie);
  return jsonResponse(200, body);
}
