import type { ColumnDescription } from '../../../../api/src/dataverse/types.ts';
import type { FittingRule, ValueFitter } from '../../../../api/src/sync/fit/column-fitter.ts';
import { compileFitter } from '../../../../api/src/sync/fit/fit-value.ts';

export const column = (type: string, more: Partial<ColumnDescription> = {}): ColumnDescription => ({
  logicalName: 'column',
  type,
  maxLength: null,
  displayName: 'Column',
  isValidForCreate: true,
  isValidForUpdate: true,
  ...more,
});

export const fitter = (type: string, more: Partial<ColumnDescription> = {}, rule: Partial<FittingRule> = {}): ValueFitter =>
  compileFitter(column(type, more), { whenTooLong: 'reject', ...rule });

/** What `JSON.stringify` writes for it: numbers with all their digits. */
export const written = (value: unknown): string => JSON.stringify(value);

/** The code of the error that a value is refused with, and its text. */
export const refusalOf = (work: () => unknown): { readonly code: string; readonly message: string } => {
  try {
    work();
  } catch (error) {
    if (error instanceof Error && 'code' in error) return { code: String(error.code), message: error.message };
    throw error;
  }
  throw new Error('it was not refused');
};
