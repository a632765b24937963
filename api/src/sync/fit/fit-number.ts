import type { ColumnDescription } from '../../dataverse/types.ts';
import { AppError } from '../../errors/app-error.ts';
import { type ColumnValue, type ExactNumber, type FitterCompiler, refuseValue } from './column-fitter.ts';
import { roundDecimal } from './round-decimal.ts';

declare global {
  interface JSON {
    /** ES2026, in Node since 21; TypeScript's library does not know it yet. */
    rawJSON(text: string): ExactNumber;
  }
}

const outOfRange = (column: ColumnDescription, { min, max }: { readonly min: number | bigint; readonly max: number | bigint }): never => {
  throw new AppError('mapping.value_out_of_range', { column: column.logicalName, min: String(min), max: String(max) });
};

/** As a number when that keeps every digit, else as text that goes into the JSON unchanged. */
const fromDigits = (digits: string): ColumnValue => {
  const number = Number(digits);
  return String(number) === digits ? number : JSON.rawJSON(digits);
};

const int32 = { min: -2_147_483_648, max: 2_147_483_647 };
const wholeText = /^[+-]?\d{1,15}(?:\.0*)?$/;

export const compileIntegerFitter: FitterCompiler = (column) => {
  const range = column.range ?? int32;
  return (value) => {
    const number = typeof value === 'string' && wholeText.test(value.trim()) ? Number(value) : value;
    if (typeof number !== 'number' || !Number.isInteger(number)) return refuseValue(column);
    return number >= range.min && number <= range.max ? number : outOfRange(column, range);
  };
};

const int64 = { min: -(2n ** 63n), max: 2n ** 63n - 1n };

/** Numbers beyond 2^53 come as text from the CRM, and go to Dataverse with all their digits. */
export const compileBigIntFitter: FitterCompiler = (column) => (value) => {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  const text = typeof value === 'string' ? value.trim() : '';
  if (!/^[+-]?\d{1,40}$/.test(text)) return refuseValue(column);
  const whole = BigInt(text);
  return whole >= int64.min && whole <= int64.max ? fromDigits(String(whole)) : outOfRange(column, int64);
};

/** More places than any column has: nothing is rounded where Dataverse does not say to how many. */
const unlimitedPlaces = 20;

/** Up to here a number that has so many places comes back from rounding as it was; beyond, the digits decide. */
const plainNumbers = 1e9;

/**
 * Rounded to the column's places before it is sent: Dataverse would round it too, and a click would then find the row changed for ever.
 * No thousands separators: whether 1,234 is large or small depends on the country.
 */
export const compileDecimalFitter: FitterCompiler = (column) => {
  const { range, precision: places = unlimitedPlaces } = column;
  const scale = 10 ** places;
  const fits = (number: number): boolean => Math.abs(number) < plainNumbers && Math.round(number * scale) / scale === number;
  const isInside = (number: number): boolean => range === undefined || (number >= range.min && number <= range.max);
  return (value) => {
    if (typeof value === 'number' && fits(value)) return range === undefined || isInside(value) ? value : outOfRange(column, range);
    if (typeof value !== 'number' && typeof value !== 'string') return refuseValue(column);
    const digits = roundDecimal(String(value).trim(), places);
    if (digits === null) return refuseValue(column);
    return range === undefined || isInside(Number(digits)) ? fromDigits(digits) : outOfRange(column, range);
  };
};
