import type { ColumnDescription } from '../../dataverse/types.ts';
import { AppError } from '../../errors/app-error.ts';
import { type FitterCompiler, type FittingRule, type ValueFitter, ColumnUnfit } from './column-fitter.ts';
import { compileChoiceFitter, compileChoicesFitter, compileYesNoFitter } from './fit-choice.ts';
import { compileDateFitter } from './fit-date.ts';
import { compileBigIntFitter, compileDecimalFitter, compileIntegerFitter } from './fit-number.ts';
import { compileTextFitter } from './fit-text.ts';

/** By metadata's type. What is not here a mapping does not fill: states go with their reasons, and keys belong to Dataverse. */
const compilers: ReadonlyMap<string, FitterCompiler> = new Map([
  ['String', compileTextFitter],
  ['Memo', compileTextFitter],
  ['Integer', compileIntegerFitter],
  ['BigInt', compileBigIntFitter],
  ['Decimal', compileDecimalFitter],
  ['Double', compileDecimalFitter],
  ['Money', compileDecimalFitter],
  ['Boolean', compileYesNoFitter],
  ['DateTime', compileDateFitter],
  ['Picklist', compileChoiceFitter],
  ['MultiSelectPicklist', compileChoicesFitter],
]);

const withChoices: readonly string[] = ['Boolean', 'Picklist', 'MultiSelectPicklist'];

/** Compiled once per column of a mapping. Throws `ColumnUnfit` for what the column's type cannot do, before any record is read. */
export const compileFitter = (column: ColumnDescription, rule: FittingRule): ValueFitter => {
  const compile = compilers.get(column.type);
  if (compile === undefined) throw new ColumnUnfit(`it is of type ${column.type}, which a mapping does not fill`);
  if (rule.choices !== undefined && !withChoices.includes(column.type))
    throw new ColumnUnfit('“choices” is for choices and yes/no columns');
  if (rule.epoch !== undefined && column.type !== 'DateTime') throw new ColumnUnfit('“epoch” is for date columns');
  return compile(column, rule);
};

/** What an empty field does to a column: null, unless Dataverse refuses it. */
export const emptyValueOf = (column: ColumnDescription): (() => null) => {
  if (column.isRequired !== true) return () => null;
  return () => {
    throw new AppError('mapping.value_required', { column: column.logicalName });
  };
};
