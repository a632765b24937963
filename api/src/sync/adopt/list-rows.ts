import type { TableReader } from '../../crm/types.ts';
import type { Dataverse, DataverseRow, TableDescription } from '../../dataverse/types.ts';
import { sourceKeyColumn } from '../columns.ts';
import { microsoftCrmColumn, microsoftIdColumn, microsoftUrlColumn } from '../microsoft/columns.ts';
import { toSourceKey } from '../source-key.ts';
import type { ListedRow } from './judge-rows.ts';

/** One page is what is held in memory. */
const rowsPerPage = 1_000;

export interface MicrosoftRow extends ListedRow {
  /** The connector's spelling of the id; null when it can be none. */
  readonly recordId: string | null;
  readonly url: string | null;
}

export interface RowsToList {
  readonly dataverse: Dataverse;
  readonly description: TableDescription;
  readonly sourceId: string;
  readonly reader: Pick<TableReader, 'readId'>;
  /** The value of `msdyn_source_crm`. */
  readonly choice: number;
  /** Only those that have no key yet. */
  readonly isWithoutKey: boolean;
  readonly signal: AbortSignal;
}

const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

const toRow = ({ sourceId, reader, description }: RowsToList, row: DataverseRow): MicrosoftRow => {
  const writtenId = textOf(row[microsoftIdColumn]);
  const recordId = writtenId === null ? null : reader.readId(writtenId);
  return {
    rowId: String(row[description.primaryIdColumn]),
    writtenId,
    recordId,
    sourceKey: recordId === null ? null : toSourceKey(sourceId, recordId),
    ownKey: textOf(row[sourceKeyColumn]),
    isActive: row.statecode === 0,
    url: textOf(row[microsoftUrlColumn]),
  };
};

/**
 * The rows of this source's CRM that Microsoft's flows made, as pages of about 1,000: by id, then active before inactive, then oldest
 * first. That they get keys while they are read moves none of them: neither filter nor order looks at the key (unless asked to).
 */
export async function* listMicrosoftRows(wanted: RowsToList): AsyncGenerator<readonly MicrosoftRow[]> {
  const { dataverse, description, choice, isWithoutKey, signal } = wanted;
  const { primaryIdColumn, columns } = description;
  const url = columns.has(microsoftUrlColumn) ? [microsoftUrlColumn] : [];
  const pages = dataverse.readRowPages(description, {
    select: [primaryIdColumn, microsoftIdColumn, ...url, sourceKeyColumn, 'statecode'],
    filter: `${microsoftCrmColumn} eq ${choice}${isWithoutKey ? ` and ${sourceKeyColumn} eq null` : ''}`,
    orderBy: [microsoftIdColumn, 'statecode', 'createdon', primaryIdColumn],
    rowsPerPage,
    signal,
  });
  for await (const page of pages) yield page.map((row) => toRow(wanted, row));
}
