import type { RecordAddress } from '../contract/services.ts';
import type { Dataverse, DataverseRow, TableDescription } from '../dataverse/types.ts';
import { AppError } from '../errors/app-error.ts';
import { sourceKeyColumn } from './columns.ts';
import { microsoftCrmColumn, microsoftIdColumn, microsoftUrlColumn } from './microsoft/columns.ts';
import { statusColumns } from './record-status.ts';
import { columnsToRead } from './row-changes.ts';
import { type SourceKeyParts, parseSourceKey } from './source-key.ts';

export interface FoundRow {
  readonly description: TableDescription;
  /** null: we hold the key, and no row has it yet. */
  readonly row: DataverseRow | null;
  readonly key: SourceKeyParts | null;
}

export interface FindRowOptions {
  readonly asUser?: string;
  readonly signal: AbortSignal;
  /** Columns that are read too, with their texts for people; those that the table does not have are left out. */
  readonly columns?: readonly string[];
}

export type FindRow = (address: RecordAddress, options: FindRowOptions) => Promise<FoundRow>;

const microsoftColumns = [microsoftCrmColumn, microsoftIdColumn, microsoftUrlColumn];

/** Reads the row as the person who asks: who may not read it learns nothing, not even that it exists. */
export const createFindRow =
  (dataverse: Pick<Dataverse, 'describeTable' | 'readRow'>): FindRow =>
  async (address, { asUser, signal, columns = [] }) => {
    const addressedKey = 'sourceKey' in address ? parseSourceKey(address.sourceKey) : null;
    if ('sourceKey' in address && addressedKey === null) throw new AppError('record.key_invalid');
    const description = await dataverse.describeTable(address.table, signal);
    const ours = [...statusColumns, ...microsoftColumns.filter((name) => description.columns.has(name))];
    const row = await dataverse.readRow(description, address, {
      select: [...new Set([...ours, ...columnsToRead(description, columns)])],
      signal,
      withFormattedValues: columns.length > 0,
      ...(asUser === undefined ? {} : { asUser }),
    });
    // Only the application itself (the CLI, a webhook) may bring in a record that has no row yet.
    if (row === null && (addressedKey === null || asUser !== undefined)) throw new AppError('record.not_found');
    const value = row?.[sourceKeyColumn];
    return { description, row, key: typeof value === 'string' ? parseSourceKey(value) : addressedKey };
  };
