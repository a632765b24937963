/** Queries with $apply (aggregate-data.md). */
import { aggregate, type Aggregation, comparePrimitives, type Grouping, type GroupValues } from '../query/aggregate.ts';
import { parseApply } from '../query/apply-syntax.ts';
import type { Primitive } from '../query/property-access.ts';
import type { QueryOptions } from '../query/query-options.ts';
import { type NamedColumn, namedColumn } from '../query/row-properties.ts';
import { selectRows } from '../query/select-rows.ts';
import { formatMoney, formatValue, type JsonRow } from '../store/represent.ts';
import type { Row } from '../store/values.ts';
import type { Table } from '../tables/data-model.ts';
import { badQuery, DataverseError, notImplemented } from './errors.ts';
import type { ApiRequest, ApiResponse, Session } from './messages.ts';
import { parsePreferences } from './preferences.ts';
import { queryResponse } from './query-response.ts';

/** "The aggregate functions are limited to a collection of 50,000 records." */
const mostRows = 50_000;

export interface AggregateQuery {
  readonly table: Table;
  readonly options: QueryOptions;
  readonly apply: string;
  readonly within: readonly Row[] | undefined;
}

export function handleAggregate(session: Session, request: ApiRequest, query: AggregateQuery): ApiResponse {
  const { table, options } = query;
  const apply = parseApply(query.apply);
  if (options.filter !== null) throw notImplemented('The query option $filter beside $apply');
  if (options.select !== null || options.expand !== null) throw badQuery('$apply cannot be combined with $select or $expand.');

  const columns = new Map<string, NamedColumn>();
  const named = (name: string, path: string): NamedColumn => {
    const column = namedColumn(table, path, session.environment);
    columns.set(name, column);
    return column;
  };
  const groupings = (apply.groupBy ?? []).map((path): Grouping<Row> => {
    const column = named(path, path);
    if (column.column.type === 'DateTime') throw badQuery(`groupby with datetime values is not supported: '${path}'.`);
    columns.set(column.flatName, column);
    return { name: column.flatName, access: column.access };
  });
  const aggregations = apply.aggregates.map(
    ({ alias, path, method }): Aggregation<Row> => ({
      name: alias,
      method,
      access: path === null ? null : named(alias, path).access,
    }),
  );

  const rows = matchingRows(session, query, apply.filters);
  if (rows.length > mostRows) throw recordLimitExceeded();
  const groups = orderGroups(aggregate(rows, groupings, aggregations), options, {
    columns,
    aliases: apply.aggregates.map(({ alias }) => alias),
  });
  const preferences = parsePreferences(request.headers);
  const value = groups.slice(0, options.top ?? groups.length).map((group) => {
    const counts = apply.aggregates.filter(({ method }) => method === 'count' || method === 'countdistinct').map(({ alias }) => alias);
    return representGroup(session, group, { columns, counts, aggregates: apply.aggregates, wantsAnnotation: preferences.wantsAnnotation });
  });
  return queryResponse(session, preferences, { context: table.entitySetName, count: null, value, nextLink: null });
}

function matchingRows(session: Session, { table, options, within }: AggregateQuery, filters: readonly string[]): readonly Row[] {
  const noFilter = { filter: null, orderBy: null, aliases: options.aliases };
  if (filters.length === 0) return selectRows(session, table, noFilter)(within);
  return (
    filters.reduce<readonly Row[] | undefined>((rows, filter) => selectRows(session, table, { ...noFilter, filter })(rows), within) ?? []
  );
}

export const recordLimitExceeded = () =>
  new DataverseError(400, '0x8004e023', 'AggregateQueryRecordLimit exceeded. Cannot perform this operation.');

interface GroupNames {
  readonly columns: ReadonlyMap<string, NamedColumn>;
  readonly aliases: readonly string[];
}

/** "`$orderby` with aggregate values is not supported." By what was grouped it is. */
function orderGroups(groups: readonly GroupValues[], { orderBy }: QueryOptions, { columns, aliases }: GroupNames): readonly GroupValues[] {
  if (orderBy === null) return groups;
  const terms = orderBy.split(',').map((term) => {
    const [path = '', direction = 'asc', ...rest] = term.trim().split(/\s+/);
    if (aliases.includes(path)) throw badQuery('The query node SingleValueOpenPropertyAccess is not supported');
    const name = columns.get(path)?.flatName;
    if (name === undefined || rest.length > 0 || !['asc', 'desc'].includes(direction)) {
      throw badQuery(`Syntax error in $orderby near '${term}'.`);
    }
    return { name, sign: direction === 'desc' ? -1 : 1 };
  });
  return [...groups].sort((a, b) => {
    for (const { name, sign } of terms) {
      const difference = comparePrimitives(a.get(name) ?? null, b.get(name) ?? null);
      if (difference !== 0) return difference * sign;
    }
    return 0;
  });
}

export interface GroupShape {
  readonly columns: ReadonlyMap<string, NamedColumn>;
  /** Names whose values are numbers of rows or values. */
  readonly counts: readonly string[];
  readonly aggregates: readonly { readonly alias: string; readonly path: string | null }[];
  readonly wantsAnnotation: (name: string) => boolean;
}

const formattedValue = 'OData.Community.Display.V1.FormattedValue';
const attributeName = 'OData.Community.Display.V1.AttributeName';

/** What a group has no value for is left out. */
export function representGroup(session: Session, group: GroupValues, shape: GroupShape): JsonRow {
  const json: JsonRow = {};
  for (const [name, value] of group) {
    if (value === null) continue;
    const path = shape.aggregates.find(({ alias }) => alias === name)?.path;
    if (typeof path === 'string' && shape.wantsAnnotation(attributeName)) json[`${name}@${attributeName}`] = path;
    const formatted = shape.wantsAnnotation(formattedValue) ? formatGroupValue(session, name, value, shape) : null;
    if (formatted !== null) json[`${name}@${formattedValue}`] = formatted;
    json[name] = value;
  }
  return json;
}

function formatGroupValue(session: Session, name: string, value: Exclude<Primitive, null>, { columns, counts }: GroupShape): string | null {
  const column = columns.get(name)?.column;
  if (column === undefined || counts.includes(name)) return Number(value).toLocaleString('en-US');
  if (column.type === 'Money') return formatMoney(Number(value), column.precision);
  if (column.type === 'Lookup' || column.type === 'Customer' || column.type === 'Owner') return null;
  return formatValue(column, value, session.environment);
}
