/** $expand: related rows inside a row (join-tables.md). */
import { requirePrivilege } from '../security/caller.ts';
import { relatedRows } from '../store/related-rows.ts';
import { type JsonRow, representRow } from '../store/represent.ts';
import { isReference, type Row } from '../store/values.ts';
import type { Table } from '../tables/data-model.ts';
import { propertyName } from '../tables/definition.ts';
import { propertyNotFound } from '../web-api/errors.ts';
import type { Session } from '../web-api/messages.ts';
import type { ExpandItem } from './expand-syntax.ts';
import { encodeCookie } from './paging-cookie.ts';
import type { QueryOptions } from './query-options.ts';
import { checkSelect, selectRows } from './select-rows.ts';

/** Adds what the expands ask for to a row's JSON. */
export type Expander = (row: Row, json: JsonRow) => void;

export interface ExpandContext {
  readonly session: Session;
  readonly wantsAnnotation: (name: string) => boolean;
  /** True: rows of a query, whose collections come with next links; false: one row that was addressed. */
  readonly isQuery: boolean;
  /** Somewhere in the query an $expand stands inside of another: then expanded collections are paged too. */
  readonly isNested: boolean;
  readonly maxPageSize: number | null;
}

const largestPage = 5000;

export function compileExpand(table: Table, items: readonly ExpandItem[], context: ExpandContext): Expander {
  const expanders = items.map((item) => (item.isCollection ? expandMany(table, item, context) : expandOne(table, item, context)));
  return (row, json) => {
    for (const expander of expanders) expander(row, json);
  };
}

/** Checks what an item asks for, and says how a related row is written. */
function compileRelated(item: ExpandItem, context: ExpandContext): (row: Row) => JsonRow {
  const { session, wantsAnnotation, isQuery, isNested } = context;
  const { model, database } = session.environment;
  requirePrivilege(session.caller, 'Read', item.target);
  checkSelect(item.target, item.options.select);
  const nested = compileExpand(item.target, item.items, context);
  // In the pages' answers to queries, looked-up rows come without an ETag, and so does all that a nested $expand brings.
  const hasEtag = !isQuery || (item.isCollection && !isNested);
  return (row) => {
    const json = representRow(item.target, row, { model, database, select: item.options.select, wantsAnnotation, hasEtag });
    nested(row, json);
    return json;
  };
}

function expandOne(table: Table, item: ExpandItem, context: ExpandContext): Expander {
  const navigation = table.navigations.get(item.name);
  if (navigation === undefined) throw propertyNotFound(item.name, table.logicalName);
  const { session } = context;
  const represent = compileRelated(item, context);
  const select = selectRows(session, item.target, { ...item.options, aliases: null });
  const rows = session.environment.database.rows(item.target.logicalName);
  const property = propertyName(navigation.column);
  return (row, json) => {
    const reference = row.values[navigation.column.logicalName];
    const found = isReference(reference) && reference.table === item.target.logicalName ? rows.get(reference.id) : undefined;
    const related = found === undefined || item.options.filter === null ? found : select([found])[0];
    if (item.isReference) {
      json[property] = isReference(reference) ? reference.id : null;
      const address = related === undefined ? null : `${session.serviceRoot}${item.target.entitySetName}(${related.id})`;
      json[item.name] = address === null ? null : { '@odata.id': address };
      return;
    }
    json[item.name] = related === undefined ? null : represent(related);
  };
}

function expandMany(table: Table, item: ExpandItem, context: ExpandContext): Expander {
  const { session, isQuery, isNested, maxPageSize } = context;
  const related = relatedRows(session.environment, table, item.name);
  if (related === undefined) throw propertyNotFound(item.name, table.logicalName);
  const select = selectRows(session, item.target, { ...item.options, aliases: null });
  const represent = compileRelated(item, context);
  const size = isNested && maxPageSize !== null ? maxPageSize : largestPage;
  // A query's expanded row also tells which row it belongs to, unless the expands are nested.
  const back = related.navigation.kind === 'oneToMany' ? propertyName(related.navigation.oneToMany.column) : null;
  const link = (parent: Row) => `${session.serviceRoot}${table.entitySetName}(${parent.id})/${item.name}${optionsText(item.options)}`;

  return (row, json) => {
    const matching = select(related.of(row.id));
    const page = matching.slice(0, Math.min(item.options.top ?? size, size));
    json[item.name] = page.map((relatedRow) => {
      const relatedJson = represent(relatedRow);
      if (isQuery && !isNested && back !== null) relatedJson[back] ??= row.id;
      return relatedJson;
    });
    if (!isQuery) return;
    const last = page.at(-1);
    if (!isNested) json[`${item.name}@odata.nextLink`] = link(row);
    else if (last !== undefined && page.length === size) {
      const cookie = encodeCookie({ page: 2, after: select.order.keyOf(last) });
      json[`${item.name}@odata.nextLink`] = `${link(row)}${optionsText(item.options) === '' ? '?' : '&'}$skiptoken=${cookie}`;
    }
  };
}

/** The options of an item as the query of an address of its own. */
function optionsText({ select, filter, orderBy, top, expand }: QueryOptions): string {
  const pairs = [
    ['$select', select?.join(',')],
    ['$filter', filter],
    ['$orderby', orderBy],
    ['$top', top],
    ['$expand', expand],
  ].flatMap(([name, value]) => (value === null || value === undefined ? [] : [`${name}=${encodeOption(String(value))}`]));
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
}

/** Encoded as sparingly as Dataverse does in its links. */
const encodeOption = (value: string): string => encodeURIComponent(value).replace(/%(24|28|29|2C|2F|3A|3B|3D)/g, decodeURIComponent);
