import type { OtherRecordBody } from '../../contract/records.ts';
import type { TableName } from '../../crm/types.ts';
import type { DataverseRow, TableDescription } from '../../dataverse/types.ts';
import { isAppError } from '../../errors/app-error.ts';
import type { SourceKeyParts } from '../source-key.ts';
import type { Source } from '../types.ts';
import { microsoftChoiceOf, microsoftOptions } from './choice.ts';
import { microsoftCrmColumn, microsoftIdColumn, microsoftUrlColumn } from './columns.ts';

/** A choice that the configuration names wrongly stands for no source; syncs say so, a status need not. */
const standsFor = (source: Source, description: TableDescription, choice: unknown): boolean => {
  try {
    return microsoftChoiceOf(source, description) === choice;
  } catch (error) {
    if (isAppError(error, 'source.microsoft_crm_unknown')) return false;
    throw error;
  }
};

/**
 * The record that Microsoft's columns name, when it is another than ours: a row that Microsoft's flows, or a person, made for a second CRM.
 * What the columns say when they only repeat our key is nothing new.
 */
export const otherRecordsOf = (
  row: DataverseRow,
  { description, table, key }: { readonly description: TableDescription; readonly table: TableName; readonly key: SourceKeyParts | null },
  sources: readonly Source[],
): readonly OtherRecordBody[] => {
  const { [microsoftCrmColumn]: choice, [microsoftIdColumn]: written, [microsoftUrlColumn]: url } = row;
  if (typeof choice !== 'number' || typeof written !== 'string' || written === '') return [];
  const source = sources.find((one) => standsFor(one, description, choice));
  const name = source?.name ?? microsoftOptions(description)?.find(({ value }) => value === choice)?.label;
  if (name === undefined) return [];
  const recordId = (source?.connector.tables.includes(table) === true ? source.connector.table(table).readId(written) : null) ?? written;
  if (source !== undefined && source.id === key?.sourceId && recordId === key.recordId) return [];
  const isAllowed = typeof url === 'string' && source?.connector.isLinkAllowed(url) === true;
  return [{ source: { ...(source === undefined ? {} : { id: source.id }), name }, recordId, ...(isAllowed ? { url } : {}) }];
};
