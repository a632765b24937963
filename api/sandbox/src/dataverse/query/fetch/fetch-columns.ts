/** Which columns of its joined rows a FetchXML query returns, and in which order the rows come. */
import { plainValue, columnValue } from '../../store/represent.ts';
import { fold } from '../../store/collation.ts';
import type { Row } from '../../store/values.ts';
import type { Table } from '../../tables/data-model.ts';
import { type ColumnDefinition, isLookup, propertyName } from '../../tables/definition.ts';
import type { Session } from '../../web-api/messages.ts';
import { comparePrimitives } from '../aggregate.ts';
import type { Primitive, PropertyAccess } from '../property-access.ts';
import { rowProperties } from '../row-properties.ts';
import { requireColumn } from './conditions.ts';
import type { FetchAttribute, FetchEntity, FetchOrder } from './fetch-syntax.ts';
import type { JoinedRow, Joins } from './joined-rows.ts';

/** A column of a linked row, or one with an alias: it is no property of the entity, so it goes by a name of its own. */
export interface FlatColumn {
  readonly name: string;
  /** Of the link-entity; '' for the entity itself. */
  readonly alias: string;
  readonly column: ColumnDefinition;
  readonly attribute: FetchAttribute;
}

export interface FetchColumns {
  /** Properties of the entity; null = all. */
  readonly select: readonly string[] | null;
  readonly flat: readonly FlatColumn[];
}

export function columnsOf(entity: FetchEntity, joins: Joins): FetchColumns {
  const own = entity.attributes.filter(({ alias }) => alias === null).map(({ name }) => propertyName(requireColumn(joins.table, name)));
  const isEverything = entity.allAttributes || entity.attributes.length === 0;
  const aliased = entity.attributes.filter(({ alias }) => alias !== null);
  const flat = aliased.map((attribute) => flatColumn('', joins.table, attribute, attribute.alias ?? ''));
  return { select: isEverything ? null : own, flat: [...flat, ...linkedColumns(entity, joins)] };
}

function linkedColumns(entity: FetchEntity, joins: Joins): readonly FlatColumn[] {
  return entity.links.flatMap((link) => {
    const table = joins.tables.get(link.alias);
    if (table === undefined) return [];
    const all = link.allAttributes ? table.columns.map(({ logicalName }) => ({ ...noAttribute, name: logicalName })) : link.attributes;
    const columns = all.map((attribute) => flatColumn(link.alias, table, attribute, attribute.alias ?? `${link.alias}.${attribute.name}`));
    return [...columns, ...linkedColumns(link, joins)];
  });
}

const noAttribute = { alias: null, aggregate: null, isGroupBy: false, isDistinct: false } as const;

function flatColumn(alias: string, table: Table, attribute: FetchAttribute, name: string): FlatColumn {
  return { name, alias, attribute, column: requireColumn(table, attribute.name) };
}

export function readFlat({ alias, column }: FlatColumn, joined: JoinedRow): Primitive {
  const row = joined.get(alias);
  return row === undefined ? null : plainValue(columnValue(column, row));
}

/** Sorts by the entity's orders, then by its links'; the primary key has the last word, so that pages are stable. */
export function compileOrder(session: Session, entity: FetchEntity, joins: Joins): (rows: readonly JoinedRow[]) => readonly JoinedRow[] {
  const terms = orderTerms(session, entity, { alias: '', table: joins.table }, joins);
  return (rows) =>
    rows
      .map((joined) => ({ joined, keys: [...terms.map(({ read }) => read(joined)), joined.get('')?.id ?? ''] }))
      .sort((a, b) => {
        for (const [index, key] of a.keys.entries()) {
          const difference = comparePrimitives(key, b.keys[index] ?? null);
          if (difference !== 0) return terms[index]?.isDescending === true ? -difference : difference;
        }
        return 0;
      })
      .map(({ joined }) => joined);
}

interface OrderTerm {
  readonly read: (joined: JoinedRow) => Primitive;
  readonly isDescending: boolean;
}

function orderTerms(
  session: Session,
  entity: FetchEntity,
  at: { readonly alias: string; readonly table: Table },
  joins: Joins,
): readonly OrderTerm[] {
  const own = entity.orders.map((order) => orderTerm(session, order, at));
  const linked = entity.links.flatMap((link) => {
    const table = joins.tables.get(link.alias);
    return table === undefined ? [] : orderTerms(session, link, { alias: link.alias, table }, joins);
  });
  return [...own, ...linked];
}

function orderTerm(session: Session, order: FetchOrder, { alias, table }: { readonly alias: string; readonly table: Table }): OrderTerm {
  const column = requireColumn(table, order.name);
  const access = rowProperties(table, session.environment)(propertyName(column));
  const value = sortValue(column, access);
  return {
    isDescending: order.isDescending,
    read(joined) {
      const row = joined.get(alias);
      return row === undefined ? null : value(row);
    },
  };
}

/** FetchXML sorts choices by their label, and lookups by the name of the row (fetchxml/order-rows.md). */
function sortValue(column: ColumnDefinition, access: PropertyAccess<Row>): (row: Row) => Primitive {
  const folded = (value: Primitive): Primitive => (typeof value === 'string' ? fold(value) : value);
  if (column.type === 'Picklist' || column.type === 'State' || column.type === 'Status') {
    const labels = new Map<Primitive, string>(column.options.map(({ value, label }) => [value, fold(label)]));
    return (row) => labels.get(access.read(row)) ?? null;
  }
  return (row) => folded(isLookup(column) && access.readSortValue !== undefined ? access.readSortValue(row) : access.read(row));
}
