import type { JsonValue } from '../crm/types.ts';
import type { ColumnRule } from '../crm/value/types.ts';
import type { ColumnDescription, TableDescription } from '../dataverse/types.ts';
import { sourceKeyColumn } from './columns.ts';
import { ColumnUnfit, refuseValue } from './fit/column-fitter.ts';
import { type KnownRows, createKnownRows } from './known-rows.ts';
import { toSourceKey } from './source-key.ts';

/** A lookup that a mapping fills: the row is found by what the CRM says, and bound by its GUID. */
export interface Lookup {
  readonly column: ColumnDescription;
  /** Where a read shows the GUID. */
  readonly property: string;
  /** What a write names. */
  readonly bind: string;
  readonly target: TableDescription;
  /** The column of the target that is looked in. */
  readonly by: string;
  readonly whenMissing: 'reject' | 'skip' | 'clear';
  /** GUIDs by value, as `foldLabel` gives it. */
  readonly known: KnownRows;
  /** What is looked for; throws when the CRM's value cannot be any. */
  readonly keyOf: (value: JsonValue) => string;
}

/** What a record says about a lookup; null: that it is empty. */
export interface LookupValue {
  readonly lookup: Lookup;
  readonly value: string | null;
}

/** The lookups of a row, with the GUIDs that its values stand for. */
export interface FoundLookups {
  /** What the write adds to the row: `,"transactioncurrencyid@odata.bind":"/transactioncurrencies(…)"`. */
  readonly json: string;
  /** GUIDs by property, null where the lookup is emptied; for comparing with the row as it is. */
  readonly guids: ReadonlyMap<Lookup, string | null>;
  /** Columns whose row was not there and that were left alone or emptied: they are looked up again when the record is read again. */
  readonly missing: readonly string[];
}

/** The property by which a read shows a column: a lookup's GUID has a name of its own. */
export const propertyOf = (column: ColumnDescription): string =>
  column.targets === undefined ? column.logicalName : `_${column.logicalName}_value`;

const compileKey = (column: ColumnDescription, by: string | null, sourceId: string): Lookup['keyOf'] => {
  const textOf = (value: JsonValue): string =>
    typeof value === 'string' || typeof value === 'number' ? String(value).trim() : refuseValue(column);
  if (by !== null) return textOf;
  return (value) => toSourceKey(sourceId, textOf(value)) ?? refuseValue(column);
};

/** Throws `ColumnUnfit` when the lookup cannot point there, or its rows cannot be found by that column. */
export const compileLookup = (
  column: ColumnDescription,
  rule: ColumnRule & { readonly lookup: NonNullable<ColumnRule['lookup']> },
  { sourceId, targetTables }: { readonly sourceId: string; readonly targetTables: ReadonlyMap<string, TableDescription> },
): Lookup => {
  const { table, by } = rule.lookup;
  const named = column.targets?.find((target) => target.table === table);
  const target = targetTables.get(table);
  if (named === undefined || target === undefined) {
    const others = column.targets?.map((other) => other.table).join(', ') ?? 'no table, as it is no lookup';
    throw new ColumnUnfit(`it does not point to ${table}; it points to ${others}`);
  }
  const searched = by ?? sourceKeyColumn;
  const searchedType = target.columns.get(searched)?.type;
  if (searchedType !== 'String') {
    throw new ColumnUnfit(searchedType === undefined ? `${table} has no column ${searched}` : `${searched} of ${table} is no text column`);
  }
  return {
    column,
    property: propertyOf(column),
    bind: `${named.navigationProperty}@odata.bind`,
    target,
    by: searched,
    whenMissing: rule.whenInvalid ?? 'reject',
    known: createKnownRows(),
    keyOf: compileKey(column, by, sourceId),
  };
};
