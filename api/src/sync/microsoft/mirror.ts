import type { TableDescription } from '../../dataverse/types.ts';
import type { Mirror, Source } from '../types.ts';
import { microsoftChoiceOf } from './choice.ts';
import { microsoftCrmColumn, microsoftIdColumn, microsoftUrlColumn } from './columns.ts';

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
