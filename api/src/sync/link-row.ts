import type { Dataverse, DataverseRow, TableDescription } from '../dataverse/types.ts';
import { AppError } from '../errors/app-error.ts';
import { sourceCrmColumn, sourceKeyColumn, sourceRecordIdColumn, sourceUrlColumn } from './columns.ts';

export interface RowToLink {
  readonly description: TableDescription;
  readonly rowId: string;
  readonly row: DataverseRow;
}

export interface LinkTo {
  readonly sourceKey: string;
  readonly sourceName: string;
  readonly recordId: string;
  readonly url: string | null;
}

/**
 * Writes our key on a row that has none: as the agent, whose right to change the row Dataverse itself judges, and only if the row is what
 * the agent has seen. The alternate key keeps a second row from being linked to the same record. `changed`: look at the row again.
 */
export const linkRow = async (
  dataverse: Pick<Dataverse, 'changeRow'>,
  { description, rowId, row }: RowToLink,
  { sourceKey, sourceName, recordId, url }: LinkTo,
  { asUser, signal }: { readonly asUser?: string; readonly signal: AbortSignal },
): Promise<'written' | 'changed'> => {
  const etag = row['@odata.etag'];
  if (typeof etag !== 'string') throw new AppError('dataverse.bad_answer', { what: `reading a row of ${description.logicalName}` });
  const columns = {
    [sourceKeyColumn]: sourceKey,
    [sourceCrmColumn]: sourceName,
    [sourceRecordIdColumn]: recordId,
    [sourceUrlColumn]: url,
  };
  const outcome = await dataverse.changeRow(description, {
    rowId,
    columnsJson: JSON.stringify(columns).slice(1, -1),
    ifMatch: etag,
    signal,
    ...(asUser === undefined ? {} : { asUser }),
  });
  switch (outcome.status) {
    case 'written':
    case 'changed':
      return outcome.status;
    case 'taken':
      throw new AppError('record.linked_elsewhere');
    case 'forbidden':
      throw new AppError('record.link_forbidden');
    case 'missing':
      throw new AppError('record.not_found');
  }
};
