import type { ColumnRule } from '../../crm/value/types.ts';
import type { ChoiceOption, ColumnDescription } from '../../dataverse/types.ts';
import { ColumnUnfit } from './column-fitter.ts';
import { foldLabel } from './fold-label.ts';

/** The value that a word stands for; undefined when there is none, or when it stands for two. */
export type WordReader = (word: string) => number | undefined;

/** A word that two options bear stands for neither: a guess would be right half of the time, and never be seen. */
const addWord = (values: Map<string, number | undefined>, word: string, value: number): void => {
  const folded = foldLabel(word);
  values.set(folded, values.has(folded) && values.get(folded) !== value ? undefined : value);
};

/** More spellings than a choice has; what comes beyond is folded every time. */
const maxSeenWords = 1_000;

/** Of a choice of the mapping: an option's value, `true` or `false` for yes/no, or its label in any language. */
const optionOf = (named: string | number | boolean, options: readonly ChoiceOption[], words: ReadonlyMap<string, number | undefined>) => {
  const value = typeof named === 'string' ? (words.get(foldLabel(named)) ?? Number(named)) : Number(named);
  return options.some((option) => option.value === value) ? value : undefined;
};

/**
 * What a CRM's word means for a column: first the mapping's `choices`, then labels of the column in any language and the words in `more`
 * (one that means two things among these means nothing), then an option's value in digits. Throws `ColumnUnfit` when `choices` names an option that the column does not have.
 */
export const compileWords = (
  column: ColumnDescription,
  choices: ColumnRule['choices'],
  more: Readonly<Record<string, number>> = {},
): WordReader => {
  const options = column.options ?? [];
  const values = new Map<string, number | undefined>();
  for (const { value, labels } of options) for (const label of labels) addWord(values, label, value);
  for (const [word, value] of Object.entries(more)) addWord(values, word, value);
  for (const { value } of options) if (!values.has(String(value))) values.set(String(value), value);

  const mapped = new Map<string, number>();
  for (const [word, named] of Object.entries(choices ?? {})) {
    const value = optionOf(named, options, values);
    if (value === undefined) throw new ColumnUnfit(`“choices” names ${String(named)}, and the column has no such option`);
    mapped.set(foldLabel(word), value);
  }
  for (const [word, value] of mapped) values.set(word, value);

  // Folding takes a microsecond, and the same few words come with every record.
  const seen = new Map<string, number>();
  return (word) => {
    const known = seen.get(word);
    if (known !== undefined) return known;
    const value = values.get(foldLabel(word));
    if (value !== undefined && seen.size < maxSeenWords) seen.set(word, value);
    return value;
  };
};
