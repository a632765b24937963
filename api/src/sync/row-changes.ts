import { type ColumnDescription, type DataverseRow, type TableDescription, formattedValueOf } from '../dataverse/types.ts';
import { sourceUrlColumn } from './columns.ts';
import { propertyOf } from './lookups.ts';
import type { RowDecision } from './types.ts';

/** What a column holds and what it would hold; null for nothing. Customer data: for the caller's eyes only, never stored or logged. */
export interface ColumnDifference {
  readonly column: string;
  readonly label: string;
  readonly before: string | null;
  readonly after: string | null;
}

const toText = (value: unknown): string | null => {
  if (value === null || value === undefined || value === '') return null;
  return typeof value === 'string' ? value : JSON.stringify(value);
};

/** As people read it: a choice by its label. */
const toShown = (column: ColumnDescription | undefined, value: unknown): string | null => {
  const text = toText(value);
  const { options } = column ?? {};
  if (text === null || options === undefined) return text;
  const labelOf = (one: string): string => options.find((option) => String(option.value) === one)?.label ?? one;
  if (typeof value === 'boolean') return labelOf(value ? '1' : '0');
  return text.split(',').map(labelOf).join(', ');
};

const numbers: readonly string[] = ['Money', 'Decimal', 'Double'];
/** Dataverse rounds an amount to the currency's places, mostly two: half of the last place, and what binary numbers add to it. */
const roundedAmount = 0.005 + 1e-6;

const isSame = (column: ColumnDescription | undefined, before: unknown, after: unknown): boolean => {
  const left = toText(before);
  const right = toText(after);
  if (left === right) return true;
  if (left === null || right === null) return false;
  // One instant has several spellings: with or without milliseconds, Z or +00:00.
  if (column?.type === 'DateTime') return Date.parse(left) === Date.parse(right);
  if (column?.type === 'MultiSelectPicklist') return left.split(',').toSorted().join() === right.split(',').toSorted().join();
  if (column?.type === 'Money') return Math.abs(Number(left) - Number(right)) <= roundedAmount;
  return column !== undefined && numbers.includes(column.type) && Number(left) === Number(right);
};

/**
 * Columns that the reader of this row may not be allowed to see: column security is on, and they came empty. Nobody tells an empty value
 * from a hidden one, so neither what is there nor what the CRM says may be shown; one that came filled may be read.
 */
export const hiddenColumns = ({ columns }: TableDescription, row: DataverseRow): ReadonlySet<string> =>
  new Set(
    [...columns.values()]
      .filter((column) => column.isSecured === true && toText(row[propertyOf(column)]) === null)
      .map(({ logicalName }) => logicalName),
  );

const valuesOf = ({ row }: RowDecision): Record<string, unknown> => ({
  ...(JSON.parse(`{${row.columnsJson}}`) as Record<string, unknown>),
  [sourceUrlColumn]: row.record.url,
});

/** The properties of a mapping's columns, for a read that is to be compared with it; columns that the table does not have are left out. */
export const columnsToRead = ({ columns }: TableDescription, mappedColumns: readonly string[]): readonly string[] => {
  const described = [...mappedColumns, sourceUrlColumn].map((name) => columns.get(name)).filter((column) => column !== undefined);
  return [...new Set(described.map(propertyOf))];
};

/** A lookup is another when its GUID is; shown is the row's name as it is, and what the CRM says as it would be. */
const lookupDifferences = ({ row, lookups }: RowDecision, existing: DataverseRow | null): readonly ColumnDifference[] =>
  row.lookups.flatMap(({ lookup, value }) => {
    const { column, property } = lookup;
    const before = existing?.[property];
    const after = lookups.guids.get(lookup);
    // Not in there: nothing is sent, as its row is missing.
    if (after === undefined || toText(before) === after) return [];
    const shown = existing?.[formattedValueOf(property)] ?? before;
    return [{ column: column.logicalName, label: column.displayName, before: toText(shown), after: after === null ? null : value }];
  });

/** Column by column, what writing a row would change in `existing`; all that is not empty when there is no row yet. */
export const differencesOf = (
  description: TableDescription,
  decision: RowDecision,
  existing: DataverseRow | null,
): readonly ColumnDifference[] => [
  ...Object.entries(valuesOf(decision)).flatMap(([name, after]) => {
    const column = description.columns.get(name);
    const before = existing?.[name];
    if (isSame(column, before, after)) return [];
    return [{ column: name, label: column?.displayName ?? name, before: toShown(column, before), after: toShown(column, after) }];
  }),
  ...lookupDifferences(decision, existing),
];
