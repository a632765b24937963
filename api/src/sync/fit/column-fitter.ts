import type { JsonValue } from '../../crm/types.ts';
import type { ColumnRule } from '../../crm/value/types.ts';
import type { ColumnDescription } from '../../dataverse/types.ts';
import { AppError } from '../../errors/app-error.ts';

/** A number with more digits than a JavaScript number keeps; `JSON.stringify` writes its text as it is. */
export interface ExactNumber {
  readonly rawJSON: string;
}

export type ColumnValue = string | number | boolean | ExactNumber;

/**
 * Turns a mapped value into what its column takes; undefined leaves the column alone, null empties it.
 * Throws an error of the registry, `mapping.…`; none says the value.
 */
export type ValueFitter = (value: JsonValue) => ColumnValue | null | undefined;

/** What a mapping says about the way into a column, for the compiler of that column's type. */
export type FittingRule = Pick<ColumnRule, 'whenTooLong' | 'choices' | 'epoch'>;

export type FitterCompiler = (column: ColumnDescription, rule: FittingRule) => ValueFitter;

/** The mapping asks of a column what its type cannot do: found before any record is read. Told as `mapping.column_unfit`. */
export class ColumnUnfit extends Error {}

const words: Readonly<Record<string, string>> = {
  Integer: 'whole number',
  BigInt: 'whole number',
  Decimal: 'number',
  Double: 'number',
  Money: 'number',
  Boolean: 'yes or no',
  DateTime: 'date',
  String: 'text',
  Memo: 'text',
};

export const refuseValue = (column: ColumnDescription): never => {
  throw new AppError('mapping.value_refused', { column: column.logicalName, type: words[column.type] ?? column.type });
};
