/** From the row that an address names to the row, or to the refusal that Dataverse gives. */
import { fold } from '../store/collation.ts';
import { parseValue } from '../store/parse-value.ts';
import { isReference, parseGuid, type Row, type RowValues, type StoredValue } from '../store/values.ts';
import { findKey, type Table } from '../tables/data-model.ts';
import { type ColumnDefinition, isLookup } from '../tables/definition.ts';
import { badQuery, keyNotDefined, propertyNotFound, resourceNotFound, rowNotFound, rowNotFoundByKey } from './errors.ts';
import type { Session } from './messages.ts';
import { type KeyLiteral, parsePath, type RowPredicate } from './resource-path.ts';

/** A row that may or may not exist yet: what an upsert is addressed to. */
export interface RowTarget {
  readonly table: Table;
  readonly row: Row | undefined;
  /** The primary key, when the address names it; a row made by an upsert then gets it. */
  readonly id: string | null;
  /** The key columns of an alternate-key address; empty for an address by primary key. */
  readonly keyValues: RowValues;
  /** The refusal for a request that needs the row to exist. */
  notFound(): Error;
}

export function findTarget(session: Session, table: Table, predicate: RowPredicate): RowTarget {
  const rows = session.environment.database.rows(table.logicalName);
  const byId = (id: string): RowTarget => ({
    table,
    row: rows.get(id),
    id,
    keyValues: {},
    notFound: () => rowNotFound(table.logicalName, id),
  });
  if (predicate.kind === 'id') return byId(predicate.id);

  const names = [...predicate.values.keys()];
  if (names.length === 1 && names[0] === table.primaryIdColumn) {
    const id = parseGuid(predicate.values.get(table.primaryIdColumn)?.value ?? '');
    if (id === null) throw badQuery('Bad Request - Error in query syntax.');
    return byId(id);
  }
  const columns = names.map((name) => keyColumn(table, name));
  const key = findKey(
    table,
    columns.map((column) => column.logicalName),
  );
  if (key?.indexStatus !== 'Active') throw keyNotDefined(table.logicalName);
  const keyValues: Record<string, StoredValue> = {};
  for (const [index, column] of columns.entries()) {
    const literal = predicate.values.get(names[index] ?? '');
    if (literal !== undefined) keyValues[column.logicalName] = keyValue(table, column, literal);
  }
  return {
    table,
    row: rows.findByKey(key.logicalName, keyValues),
    id: null,
    keyValues,
    notFound: () => rowNotFoundByKey(table.logicalName),
  };
}

export function requireRow(target: RowTarget): Row {
  if (target.row === undefined) throw target.notFound();
  return target.row;
}

/** Reads `/accounts(…)`, `accounts(…)`, an absolute address or a change set's `$1`, as `@odata.bind` and `@odata.id` hold them. */
export function resolveReference(session: Session, address: string): RowTarget {
  const referenced = /^\$(\w+)$/.exec(address.trim());
  let local = address.trim();
  if (referenced !== null) {
    local = session.contentIds?.get(referenced[1] ?? '') ?? '';
    if (local === '') throw badQuery(`Content-ID Reference: '${address}' does not exist in the batch context.`);
  }
  local = local.replace(/^https?:\/\/[^/]+/i, '').replace(/^\/?api\/data\/v\d+\.\d+\//i, '');
  const [segment, ...rest] = parsePath(local, { isFromUrl: false });
  if (segment?.predicate === undefined || segment.predicate === null || rest.length > 0) {
    throw badQuery(`Invalid URI '${address}': it does not name a record.`);
  }
  const table = session.environment.model.bySet(segment.name);
  if (table === undefined) throw resourceNotFound(segment.name);
  return findTarget(session, table, segment.predicate);
}

/** Whether two key values are the same to the key's index. */
export function isSameKeyValue(a: StoredValue, b: StoredValue): boolean {
  if (typeof a === 'string' && typeof b === 'string') return fold(a) === fold(b);
  if (isReference(a) && isReference(b)) return a.id === b.id;
  return a === b;
}

/** A lookup in a key is addressed as `_name_value`; its bare name is refused. */
function keyColumn(table: Table, name: string): ColumnDefinition {
  const column = table.properties.get(name);
  if (column === undefined) throw propertyNotFound(name, table.logicalName);
  return column;
}

function keyValue(table: Table, column: ColumnDefinition, literal: KeyLiteral): StoredValue {
  if (isLookup(column)) {
    const id = parseGuid(literal.value);
    if (id === null) throw badQuery('Bad Request - Error in query syntax.');
    return { table: column.targets[0]?.table ?? '', id };
  }
  const isText = column.type === 'String' || column.type === 'Memo';
  if (isText !== (literal.type === 'text')) throw badQuery('Bad Request - Error in query syntax.');
  if (isText) return literal.value;
  const isNumber = column.type === 'Decimal' || column.type === 'Integer' || column.type === 'Picklist';
  return parseValue(table, column, isNumber ? Number(literal.value) : literal.value);
}
