import { isEmpty, isList } from '../../crm/expression/json.ts';
import type { JsonValue } from '../../crm/types.ts';
import type { ColumnDescription } from '../../dataverse/types.ts';
import { AppError } from '../../errors/app-error.ts';
import { type WordReader, compileWords } from './choice-words.ts';
import { type FitterCompiler, ColumnUnfit } from './column-fitter.ts';

const refuse = (column: ColumnDescription): never => {
  throw new AppError('mapping.choice_unknown', { column: column.logicalName });
};

const requireOptions = (column: ColumnDescription): void => {
  if (column.options === undefined) throw new ColumnUnfit('Dataverse does not say which choices it has');
};

/** Numbers are values first, as CRMs that send numbers mean them; a label such as “2024” is found second. */
const compileOne = (column: ColumnDescription, words: WordReader): ((value: JsonValue) => number) => {
  const values = new Set(column.options?.map((option) => option.value));
  return (value) => {
    if (typeof value === 'number' && values.has(value)) return value;
    if (typeof value === 'object') return refuse(column);
    return words(String(value)) ?? refuse(column);
  };
};

/** One choice, by its value or by its label in any language of the environment. */
export const compileChoiceFitter: FitterCompiler = (column, { choices }) => {
  requireOptions(column);
  return compileOne(column, compileWords(column, choices));
};

/**
 * Several choices, as `"1,3"`: from a list, or from text that separates them by semicolons; by commas only where they are values, as a
 * label may hold a comma. Sorted, so that another order is no change.
 */
export const compileChoicesFitter: FitterCompiler = (column, { choices }) => {
  requireOptions(column);
  const words = compileWords(column, choices);
  const fitOne = compileOne(column, words);
  const elementsOf = (value: JsonValue): readonly JsonValue[] => {
    if (isList(value)) return value;
    if (typeof value !== 'string' || words(value) !== undefined) return [value];
    return value.split(/^[\d\s,]*$/.test(value) ? ',' : ';');
  };
  return (value) => {
    const values: number[] = [];
    for (const element of elementsOf(value)) {
      if (isEmpty(element)) continue;
      const one = fitOne(element);
      if (!values.includes(one)) values.push(one);
    }
    return values.length === 0 ? null : values.sort((left, right) => left - right).join(',');
  };
};

/** Beside the column's own labels (a German environment has “Ja” and “Nein”) and the mapping's `choices`. */
const yesAndNo = { true: 1, yes: 1, false: 0, no: 0 };

/** Yes or no: true and false, 1 and 0, yes and no, the column's labels. A word that its labels turn around is refused. */
export const compileYesNoFitter: FitterCompiler = (column, { choices }) => {
  const options = column.options ?? [
    { value: 1, label: '', labels: [] },
    { value: 0, label: '', labels: [] },
  ];
  const words = compileWords({ ...column, options }, choices, yesAndNo);
  return (value) => {
    if (typeof value === 'boolean') return value;
    if (typeof value === 'object') return refuse(column);
    return (words(String(value).trim()) ?? refuse(column)) === 1;
  };
};
