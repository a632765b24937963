import type { ColumnDescription, DataverseRow, TableDescription } from '../dataverse/types.ts';
import { sourceUrlColumn } from './columns.ts';
import type { MappedRow } from './types.ts';

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

const isSame = (column: ColumnDescription | undefined, before: unknown, after: unknown): boolean => {
  const left = toText(before);
  const right = toText(after);
  if (left === right) return true;
  if (left === null || right === null) return false;
  // One instant has several spellings: with or without milliseconds, Z or +00:00.
  if (column?.type === 'DateTime') return Date.parse(left) === Date.parse(right);
  if (column?.type === 'Money' || column?.type === 'Decimal' || column?.type === 'Double') return Number(left) === Number(right);
  return false;
};

const valuesOf = (row: MappedRow): Record<string, unknown> => ({
  ...(JSON.parse(`{${row.columnsJson}}`) as Record<string, unknown>),
  [sourceUrlColumn]: row.record.url,
});

/** The columns of a mapping, for a read that is to be compared with it. */
export const columnsToRead = (mappedColumns: readonly string[]): readonly string[] => [...new Set([...mappedColumns, sourceUrlColumn])];

/** Column by column, what writing `row` would change in `existing`; all that is not empty when there is no row yet. */
export const differencesOf = (description: TableDescription, row: MappedRow, existing: DataverseRow | null): readonly ColumnDifference[] =>
  Object.entries(valuesOf(row)).flatMap(([name, after]) => {
    const column = description.columns.get(name);
    const before = existing?.[name];
    if (isSame(column, before, after)) return [];
    return [{ column: name, label: column?.displayName ?? name, before: toText(before), after: toText(after) }];
  });
