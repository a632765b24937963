/** Queries written in FetchXML (use-fetchxml-web-api.md): filters, links, orders, pages and aggregates. */
import { aggregate, type Aggregation, comparePrimitives, type Grouping, type GroupValues } from '../query/aggregate.ts';
import { columnsOf, compileOrder, type FetchColumns, type FlatColumn, readFlat } from '../query/fetch/fetch-columns.ts';
import { type FetchQuery, parseFetch } from '../query/fetch/fetch-syntax.ts';
import { compileJoins, type JoinedRow, type Joins } from '../query/fetch/joined-rows.ts';
import type { QueryOptions } from '../query/query-options.ts';
import { edmTypeOf, type NamedColumn } from '../query/row-properties.ts';
import { contextOf, formatValue, type JsonRow, representRow } from '../store/represent.ts';
import type { Row } from '../store/values.ts';
import type { Table } from '../tables/data-model.ts';
import { isLookup } from '../tables/definition.ts';
import { recordLimitExceeded, representGroup } from './aggregate-requests.ts';
import { badQuery, notImplemented } from './errors.ts';
import type { ApiRequest, ApiResponse, Session } from './messages.ts';
import { largestPage, parsePreferences, type Preferences } from './preferences.ts';
import { queryResponse } from './query-response.ts';

const formattedValue = 'OData.Community.Display.V1.FormattedValue';
const lookupLogicalName = 'Microsoft.Dynamics.CRM.lookuplogicalname';
/** Neither simple paging nor aggregates go beyond this many rows (fetchxml/page-results.md, fetchxml/aggregate-data.md). */
const mostRows = 50_000;

export interface FetchRequest {
  readonly table: Table;
  readonly options: QueryOptions;
  readonly fetchXml: string;
  readonly within: readonly Row[] | undefined;
}

export function handleFetch(session: Session, request: ApiRequest, { table, options, fetchXml, within }: FetchRequest): ApiResponse {
  const other = [options.select, options.filter, options.orderBy, options.expand, options.apply, options.top];
  if (other.some((option) => option !== null)) throw badQuery('The query parameter fetchXml cannot be combined with other query options.');
  const query = parseFetch(fetchXml);
  if (query.entity.name !== table.logicalName) {
    throw badQuery(`The entity '${query.entity.name}' of the FetchXML query is not '${table.logicalName}', which the request is for.`);
  }
  const preferences = parsePreferences(request.headers);
  const joins = compileJoins(session, query.entity);
  const columns = columnsOf(query.entity, joins);
  if (query.isAggregate) return answerAggregate(session, query, { joins, columns, preferences, within });

  const inOrder = compileOrder(session, query.entity, joins);
  const rows = distinct(inOrder(joins.rows(within)), query, columns);
  const page = takePage(rows, query, preferences);
  const value = page.rows.map((joined) => representJoined(session, joined, { table, columns, preferences }));
  return queryResponse(session, preferences, {
    context: contextOf(table, columns.select ?? []),
    count: options.isCounted ? rows.length : null,
    value,
    nextLink: null,
    annotations: page.annotations,
  });
}

/** Rows that are the same in all that is returned come once. */
function distinct(rows: readonly JoinedRow[], query: FetchQuery, { select, flat }: FetchColumns): readonly JoinedRow[] {
  if (!query.isDistinct || select === null) return rows;
  const own = query.entity.attributes.filter(({ alias }) => alias === null).map(({ name }) => name);
  const seen = new Set<string>();
  return rows.filter((joined) => {
    const values = [...own.map((name) => joined.get('')?.values[name] ?? null), ...flat.map((column) => readFlat(column, joined))];
    const text = JSON.stringify(values);
    return seen.has(text) ? false : seen.add(text) !== undefined;
  });
}

interface FetchPage {
  readonly rows: readonly JoinedRow[];
  readonly annotations: Readonly<Record<string, unknown>>;
}

/** The page's number says which rows; the cookie, that the client is going on from the page before. */
function takePage(rows: readonly JoinedRow[], query: FetchQuery, { maxPageSize }: Preferences): FetchPage {
  if (query.top !== null) {
    if (query.top > largestPage) throw badQuery(`The value of top may not be more than ${largestPage}.`);
    return { rows: rows.slice(0, query.top), annotations: {} };
  }
  const size = Math.min(query.count ?? maxPageSize ?? largestPage, largestPage);
  const start = (query.page - 1) * size;
  if (query.pagingCookie === null && start >= mostRows) throw badQuery('Paging without a cookie cannot go beyond 50,000 records.');
  const taken = rows.slice(start, start + size);
  const hasMore = start + size < rows.length;
  const [first, last] = [taken[0]?.get('')?.id, taken.at(-1)?.get('')?.id];
  if (!hasMore || first === undefined || last === undefined)
    return { rows: taken, annotations: { 'Microsoft.Dynamics.CRM.morerecords': false } };
  const inner = `<cookie page="${query.page}"><${query.entity.name}id last="{${last}}" first="{${first}}" /></cookie>`;
  const cookie = `<cookie pagenumber="${query.page + 1}" pagingcookie="${encodeURIComponent(encodeURIComponent(inner))}" istracking="False" />`;
  return {
    rows: taken,
    annotations: { 'Microsoft.Dynamics.CRM.fetchxmlpagingcookie': cookie, 'Microsoft.Dynamics.CRM.morerecords': true },
  };
}

interface JoinedShape {
  readonly table: Table;
  readonly columns: FetchColumns;
  readonly preferences: Preferences;
}

function representJoined(session: Session, joined: JoinedRow, { table, columns, preferences }: JoinedShape): JsonRow {
  const row = joined.get('');
  if (row === undefined) return {};
  const { wantsAnnotation } = preferences;
  const { model, database } = session.environment;
  const json = representRow(table, row, { model, database, select: columns.select, wantsAnnotation });
  for (const flat of columns.flat) addFlat(session, json, flat, { joined, wantsAnnotation });
  return json;
}

/** A linked row's columns that hold nothing are left out. */
function addFlat(
  session: Session,
  json: JsonRow,
  flat: FlatColumn,
  { joined, wantsAnnotation }: { readonly joined: JoinedRow; readonly wantsAnnotation: Preferences['wantsAnnotation'] },
): void {
  const value = readFlat(flat, joined);
  if (value === null) return;
  const stored = joined.get(flat.alias)?.values[flat.column.logicalName] ?? null;
  if (wantsAnnotation(formattedValue)) {
    const formatted = formatValue(flat.column, stored, session.environment);
    if (formatted !== null) json[`${flat.name}@${formattedValue}`] = formatted;
  }
  if (isLookup(flat.column) && wantsAnnotation(lookupLogicalName)) {
    json[`${flat.name}@${lookupLogicalName}`] = typeof stored === 'object' && stored !== null ? stored.table : undefined;
  }
  json[flat.name] = value;
}

interface AggregateShape {
  readonly joins: Joins;
  readonly columns: FetchColumns;
  readonly preferences: Preferences;
  readonly within: readonly Row[] | undefined;
}

const methods: ReadonlyMap<string | null, Aggregation<JoinedRow>['method']> = new Map([
  ['sum', 'sum'],
  ['avg', 'average'],
  ['min', 'min'],
  ['max', 'max'],
  ['count', 'count'],
  ['countcolumn', 'count'],
]);

function answerAggregate(session: Session, query: FetchQuery, { joins, columns, preferences, within }: AggregateShape): ApiResponse {
  if (query.entity.attributes.some(({ alias }) => alias === null)) throw badQuery('Every attribute of an aggregate query needs an alias.');
  const groupings: Grouping<JoinedRow>[] = [];
  const aggregations: Aggregation<JoinedRow>[] = [];
  const counts: string[] = [];
  for (const flat of columns.flat) {
    const { attribute, name } = flat;
    const access = { edmType: edmTypeOf(flat.column), read: (joined: JoinedRow) => readFlat(flat, joined) };
    if (attribute.isGroupBy) {
      if (flat.column.type === 'DateTime') throw notImplemented('Grouping by a date in FetchXML');
      groupings.push({ name, access });
      continue;
    }
    const method = methods.get(attribute.aggregate);
    if (method === undefined) throw badQuery(`An attribute of an aggregate query needs an aggregate or groupby: '${name}'.`);
    if (method === 'count') counts.push(name);
    const isDistinct = method === 'count' && attribute.isDistinct;
    aggregations.push({ name, method: isDistinct ? 'countdistinct' : method, access: attribute.aggregate === 'count' ? null : access });
  }
  const rows = joins.rows(within);
  if (rows.length > mostRows) throw recordLimitExceeded();
  const groups = orderGroups(aggregate(rows, groupings, aggregations), query);
  const named = new Map(columns.flat.map((flat) => [flat.name, namedColumnOf(flat)]));
  const shape = { columns: named, counts, aggregates: [], wantsAnnotation: preferences.wantsAnnotation };
  const value = groups.slice(0, query.top ?? groups.length).map((group) => representGroup(session, group, shape));
  return queryResponse(session, preferences, { context: contextOf(joins.table, []), count: null, value, nextLink: null });
}

function namedColumnOf({ column, name }: FlatColumn): NamedColumn {
  return { column, flatName: name, access: { edmType: edmTypeOf(column), read: () => null } };
}

function orderGroups(groups: readonly GroupValues[], { entity }: FetchQuery): readonly GroupValues[] {
  const known = new Set(groups.flatMap((group) => [...group.keys()]));
  const wrong = groups.length === 0 ? undefined : entity.orders.find(({ name }) => !known.has(name));
  if (wrong !== undefined) throw badQuery(`The order '${wrong.name}' of an aggregate query must name an alias.`);
  return [...groups].sort((a, b) => {
    for (const { name, isDescending } of entity.orders) {
      const difference = comparePrimitives(a.get(name) ?? null, b.get(name) ?? null);
      if (difference !== 0) return isDescending ? -difference : difference;
    }
    return 0;
  });
}
