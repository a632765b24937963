import type { DataverseRow } from '../../dataverse/types.ts';
import { sourceCrmColumn, sourceKeyColumn, sourceRecordIdColumn } from '../columns.ts';
import { microsoftCrmColumn, microsoftIdColumn } from '../microsoft/columns.ts';
import { parseSourceKey, toSourceKey } from '../source-key.ts';
import type { TableSync } from '../types.ts';
import { stateColumn } from './read-rows.ts';

/** As many as Dataverse gives; a row has a handful of short columns here. */
const rowsPerPage = 5_000;

/** A row that says it comes from this source. */
export interface ListedRow {
  readonly rowId: string;
  /** As it stands in the row. */
  readonly key: string | null;
  /** Whose the row says it is, in the connector's spelling; null when that can be no id. */
  readonly recordId: string | null;
  readonly isActive: boolean;
}

const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** Microsoft's columns, and the value of its choice that stands for this CRM, where the table has them. */
export interface MicrosoftMark {
  readonly choice: number;
}

const selectOf = ({ description: { primaryIdColumn, columns } }: TableSync): readonly string[] => [
  primaryIdColumn,
  sourceKeyColumn,
  sourceRecordIdColumn,
  stateColumn,
  ...(columns.has(microsoftIdColumn) ? [microsoftIdColumn] : []),
];

const toListed = ({ reader, description }: TableSync, row: DataverseRow): ListedRow => {
  const written = textOf(row[sourceRecordIdColumn]) ?? textOf(row[microsoftIdColumn]);
  return {
    rowId: String(row[description.primaryIdColumn]),
    key: textOf(row[sourceKeyColumn]),
    recordId: written === null ? null : reader.readId(written),
    isActive: row[stateColumn] === 0,
  };
};

/**
 * The rows with a key of this source, in the order of the keys and beginning after one: Dataverse's own order, which none but Dataverse
 * knows, so that a walk goes on where it stood and nothing else may rely on it.
 */
export async function* listKeyedRows(sync: TableSync, afterKey: string, signal: AbortSignal): AsyncGenerator<readonly ListedRow[]> {
  const after = afterKey === '' ? '' : ` and ${sourceKeyColumn} gt ${quoted(afterKey)}`;
  const pages = sync.dataverse.readRowPages(sync.description, {
    select: selectOf(sync),
    filter: `startswith(${sourceKeyColumn},${quoted(`${sync.sourceId}~`)})${after}`,
    orderBy: [sourceKeyColumn, sync.description.primaryIdColumn],
    rowsPerPage,
    signal,
  });
  for await (const page of pages) yield page.map((row) => toListed(sync, row));
}

/** A key that names a record of any source, be it not ours: such a row belongs there. */
const isKeyOfAnySource = (key: string | null): boolean => key !== null && parseSourceKey(key) !== null;

/**
 * The rows that say in other columns that they come from this source, and have no key that says so: its key was emptied or spoilt, or
 * somebody made them by hand. Few, if any; all of them are read at every try.
 */
export async function* listStrayRows(
  sync: TableSync,
  microsoft: MicrosoftMark | null,
  signal: AbortSignal,
): AsyncGenerator<readonly ListedRow[]> {
  const ours = `${sourceCrmColumn} eq ${quoted(sync.sourceName)} and ${sourceRecordIdColumn} ne null`;
  const theirs = microsoft === null ? '' : ` or (${microsoftCrmColumn} eq ${microsoft.choice} and ${microsoftIdColumn} ne null)`;
  const hasNoKey = `${sourceKeyColumn} eq null or not startswith(${sourceKeyColumn},${quoted(`${sync.sourceId}~`)})`;
  const pages = sync.dataverse.readRowPages(sync.description, {
    select: selectOf(sync),
    filter: `(${hasNoKey}) and ((${ours})${theirs})`,
    orderBy: [sync.description.primaryIdColumn],
    rowsPerPage,
    signal,
  });
  for await (const page of pages) yield page.map((row) => toListed(sync, row)).filter(({ key }) => !isKeyOfAnySource(key));
}

/** The record that a row's key names in its one right spelling; null when the key is none of ours. */
export const recordOfKey = ({ sourceId }: TableSync, key: string | null): string | null => {
  const parts = key === null ? null : parseSourceKey(key);
  return parts?.sourceId === sourceId ? parts.recordId : null;
};

/** The key that the row's record should have; null when it names none. */
export const namedKey = ({ sourceId }: TableSync, { recordId }: ListedRow): string | null =>
  recordId === null ? null : toSourceKey(sourceId, recordId);
