import { type ColumnDefinition, logicalNameOf, ourChoice, ourColumnDefinitions, ourKey } from '../our-definition.ts';
import { requestTable } from '../request-table.ts';
import { requestColumnNames } from './request-table-bodies.ts';
import type { FoundColumn, FoundSchema, FoundTable, SetupFinding, SetupRemedy } from './types.ts';

const typeOf: Readonly<Record<ColumnDefinition['type'], string>> = {
  text: 'String',
  url: 'String',
  dateAndTime: 'DateTime',
  choice: 'Picklist',
};

const choiceColumns = ourColumnDefinitions.filter(({ type }) => type === 'choice').map(logicalNameOf);

const wantedValues = ourChoice.options.map(({ value }) => value);

/** What Dataverse may do by itself is done when it needs to be; what belongs to the installed solution comes right by importing it. */
const remedyFor = (remedy: SetupRemedy, isLeftToSolution: boolean): SetupRemedy => (isLeftToSolution ? 'importSolution' : remedy);

const describeColumn = (column: ColumnDefinition): string =>
  column.type === 'text' || column.type === 'url' ? `${typeOf[column.type]}, ${column.maxLength} characters` : typeOf[column.type];

const missingValues = (values: readonly number[]): readonly number[] => wantedValues.filter((value) => !values.includes(value));

const planChoice = ({ choice }: FoundSchema, isSolutionInstalled: boolean): readonly SetupFinding[] => {
  const about = { component: 'choice', table: null, name: ourChoice.name, expected: `the options ${wantedValues.join(', ')}` } as const;
  if (choice === null) return [{ ...about, problem: 'missing', remedy: remedyFor('create', isSolutionInstalled), found: null }];
  if (missingValues(choice.values).length === 0) return [];
  const found = `the options ${choice.values.join(', ')}`;
  return [{ ...about, problem: 'optionMissing', remedy: remedyFor('addOption', choice.isManaged), found }];
};

const planColumn = (
  table: string,
  definition: ColumnDefinition,
  found: FoundColumn | undefined,
  isSolutionInstalled: boolean,
): SetupFinding | null => {
  const about = { component: 'column', table, name: logicalNameOf(definition), expected: describeColumn(definition) } as const;
  if (found === undefined) return { ...about, problem: 'missing', remedy: remedyFor('create', isSolutionInstalled), found: null };
  // A column's type cannot be changed: it would have to be deleted, with all that it holds.
  if (found.type !== typeOf[definition.type]) return { ...about, problem: 'wrongType', remedy: 'byHand', found: found.type };
  const { maxLength, choice, isManaged } = found;
  if ('maxLength' in definition && maxLength !== null && maxLength < definition.maxLength) {
    return { ...about, problem: 'tooShort', remedy: remedyFor('lengthen', isManaged), found: `${found.type}, ${maxLength} characters` };
  }
  // Our own choice is looked at by itself; a column that somebody made with options of its own has them here.
  if (definition.type === 'choice' && choice !== null && !(choice.isGlobal && choice.name === ourChoice.name)) {
    const missing = missingValues(choice.values);
    if (missing.length > 0) {
      const expected = `the options ${wantedValues.join(', ')}`;
      const remedy = remedyFor('addOption', isManaged);
      return { ...about, expected, problem: 'optionMissing', remedy, found: `the options ${choice.values.join(', ')}` };
    }
  }
  return null;
};

const isOnOurColumns = (columns: readonly string[]): boolean =>
  columns.length === ourKey.columns.length && ourKey.columns.every((column) => columns.includes(column));

const planKey = (
  { table, keys }: FoundTable,
  columnFindings: readonly SetupFinding[],
  isSolutionInstalled: boolean,
): SetupFinding | null => {
  const name = logicalNameOf(ourKey);
  const about = { component: 'key', table, name, expected: `an active key on ${ourKey.columns.join(', ')}` } as const;
  const key = keys.find(({ columns }) => isOnOurColumns(columns));
  if (key === undefined) {
    const namesake = keys.find(({ logicalName }) => logicalName === name);
    // A key cannot be moved to other columns, and whose it is we cannot know.
    if (namesake !== undefined) {
      return { ...about, problem: 'keyOnOtherColumns', remedy: 'byHand', found: `a key on ${namesake.columns.join(', ')}` };
    }
    const isColumnUnusable = columnFindings.some((finding) => ourKey.columns.includes(finding.name) && finding.remedy === 'byHand');
    const remedy = isColumnUnusable ? 'byHand' : remedyFor('create', isSolutionInstalled);
    return { ...about, problem: 'missing', remedy, found: null };
  }
  // Under whatever name: rows are found by its columns.
  const found = `its index is ${key.indexStatus}`;
  const ofKey = { ...about, name: key.logicalName, found };
  if (key.indexStatus === 'Active') return null;
  return key.indexStatus === 'Failed'
    ? { ...ofKey, problem: 'keyFailed', remedy: 'reactivate' }
    : { ...ofKey, problem: 'keyBuilding', remedy: 'wait' };
};

/** Part of the environment comes from our managed solution. What it brings it also changes, so nothing is made beside it. */
export const hasSolution = ({ tables, choice }: FoundSchema): boolean =>
  choice?.isManaged === true || tables.some(({ columns }) => columns.some(({ isManaged }) => isManaged));

/** The solution brings it, and set-up makes it where there is none; what is there of it stays. */
const planRequests = ({ requestColumns: found }: FoundSchema, isSolutionInstalled: boolean): readonly SetupFinding[] => {
  if (found === undefined) return [];
  const about = { problem: 'missing', remedy: remedyFor('create', isSolutionInstalled), found: null } as const;
  const table: SetupFinding = {
    ...about,
    component: 'table',
    table: null,
    name: requestTable.logicalName,
    expected: 'a table whose rows belong to people',
  };
  const columns = requestColumnNames
    .filter((name) => found?.includes(name) !== true)
    .map((name): SetupFinding => ({ ...about, component: 'column', table: requestTable.logicalName, name, expected: 'a text' }));
  return found === null ? [table, ...columns] : columns;
};

/** How an environment differs from what we need, in the order in which it is mended: the choice, the columns, then the keys on them. */
export const planSetup = (schema: FoundSchema): readonly SetupFinding[] => {
  const isSolutionInstalled = hasSolution(schema);
  const columnFindings = schema.tables.flatMap(({ table, columns }) => {
    const byName = new Map(columns.map((column) => [column.logicalName, column]));
    return ourColumnDefinitions.map((definition) =>
      planColumn(table, definition, byName.get(logicalNameOf(definition)), isSolutionInstalled),
    );
  });
  const columns = columnFindings.filter((finding) => finding !== null);
  const keys = schema.tables
    .map((table) =>
      planKey(
        table,
        columns.filter((finding) => finding.table === table.table),
        isSolutionInstalled,
      ),
    )
    .filter((finding) => finding !== null);
  // A choice that nothing uses is not missed: an admin may have made the columns with options of their own.
  const usesOurChoice = schema.tables.some(({ columns: found }) => found.some(({ choice }) => choice?.name === ourChoice.name));
  const createsChoiceColumn = columns.some(({ name, problem }) => choiceColumns.includes(name) && problem === 'missing');
  const choice = usesOurChoice || createsChoiceColumn ? planChoice(schema, isSolutionInstalled) : [];
  return [...choice, ...columns, ...keys, ...planRequests(schema, isSolutionInstalled)];
};

export const isOursToDo = ({ remedy }: SetupFinding): boolean =>
  remedy === 'create' || remedy === 'lengthen' || remedy === 'addOption' || remedy === 'reactivate';
