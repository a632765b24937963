import type { TableDescription } from '../../dataverse/types.ts';
import type { RecordIdentity, Source } from '../types.ts';
import { microsoftChoiceOf } from './choice.ts';
import { microsoftCrmColumn, microsoftIdColumn, microsoftUrlColumn } from './columns.ts';

/** What a write adds beside our own columns. */
export interface Mirror {
  /** Logical names; no mapping may fill them too. */
  readonly columns: readonly string[];
  /** Inside of a JSON object that goes on after other columns (`,"msdyn_source_crm_id":"7"`); empty when nothing is mirrored. */
  readonly columnsJson: (record: RecordIdentity) => string;
  /**
   * Which columns, and which value of the choice. Part of a row's content, so that a full run writes the rows anew that were written before
   * the columns were there, or with another choice. Empty when nothing is mirrored: installing us changes no hash.
   */
  readonly mark: string;
  /** Rows of this CRM may be older than we are: what Microsoft's flows have put into them is not what a new row has, which is nothing. */
  readonly mayHaveOlderRows: boolean;
}

const noMirror: Mirror = { columns: [], columnsJson: () => '', mark: '', mayHaveOlderRows: false };

/** Longest text that the column takes; null when it is no text column that we may write. */
const lengthOf = (description: TableDescription, name: string): number | null => {
  const column = description.columns.get(name);
  if (column === undefined || !column.isValidForCreate || !column.isValidForUpdate) return null;
  return column.type === 'String' || column.type === 'Memo' ? (column.maxLength ?? 0) : null;
};

/**
 * Microsoft's columns as Microsoft's flows fill them, where the table has them: its samples open the CRM from them. Without a fitting
 * option the choice is left alone, and id and address are written all the same. What does not fit is empty: half an id is another's.
 */
export const compileMirror = (source: Source, description: TableDescription): Mirror => {
  if (source.microsoft?.sourceCrm === false) return noMirror;
  const choice = microsoftChoiceOf(source, description);
  const idLength = lengthOf(description, microsoftIdColumn);
  const urlLength = lengthOf(description, microsoftUrlColumn);
  if (idLength === null) return noMirror;

  const choiceJson = choice === null ? '' : `,"${microsoftCrmColumn}":${choice}`;
  const textJson = (name: string, text: string | null, length: number): string =>
    `,"${name}":${text === null || text.length > length ? 'null' : JSON.stringify(text)}`;
  return {
    columns: [microsoftIdColumn, ...(urlLength === null ? [] : [microsoftUrlColumn]), ...(choice === null ? [] : [microsoftCrmColumn])],
    mark: `\n${microsoftIdColumn} ${urlLength === null ? '' : microsoftUrlColumn} ${choice ?? ''}`,
    mayHaveOlderRows: choice !== null,
    columnsJson: ({ id, url }) =>
      choiceJson + textJson(microsoftIdColumn, id, idLength) + (urlLength === null ? '' : textJson(microsoftUrlColumn, url, urlLength)),
  };
};
