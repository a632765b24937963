import type { JsonValue } from '../crm/types.ts';
import type { ColumnDescription } from '../dataverse/types.ts';
import { AppError } from '../errors/app-error.ts';

/** What happens to a text that is longer than its column. */
export type TooLongPolicy = 'truncate' | 'reject' | 'skip';

export type ColumnValue = string | number | boolean;

/**
 * Turns a mapped value into what its column takes; undefined leaves the column alone.
 * Throws `mapping.value_too_long` or `mapping.value_refused`; neither says the value.
 */
export type ValueFitter = (value: JsonValue) => ColumnValue | undefined;

const refuse = (column: ColumnDescription): never => {
  throw new AppError('mapping.value_refused', { column: column.logicalName, type: column.type });
};

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });

/** Cuts at a whole character as people see it, so that no emoji or accent is torn. `limit` in UTF-16 code units, as Dataverse counts. */
export const truncateText = (text: string, limit: number): string => {
  if (text.length <= limit) return text;
  let end = 0;
  // Looking at a little more than fits is enough to know whether the last character is whole.
  for (const { index, segment } of graphemes.segment(text.slice(0, limit + 64))) {
    if (index + segment.length > limit) break;
    end = index + segment.length;
  }
  return text.slice(0, end).trimEnd();
};

const fitText =
  (column: ColumnDescription, whenTooLong: TooLongPolicy): ValueFitter =>
  (value) => {
    if (typeof value === 'object') return refuse(column);
    const text = typeof value === 'string' ? value : String(value);
    if (column.maxLength === null || text.length <= column.maxLength) return text;
    if (whenTooLong === 'skip') return undefined;
    if (whenTooLong === 'truncate') return truncateText(text, column.maxLength);
    throw new AppError('mapping.value_too_long', { column: column.logicalName, length: text.length, limit: column.maxLength });
  };

const numberPattern = /^[+-]?\d+(?:\.\d+)?$/;

const fitNumber =
  (column: ColumnDescription, isWhole: boolean): ValueFitter =>
  (value) => {
    const number = typeof value === 'string' && numberPattern.test(value.trim()) ? Number(value) : value;
    if (typeof number !== 'number' || !Number.isFinite(number) || (isWhole && !Number.isInteger(number))) return refuse(column);
    return number;
  };

const fitBoolean =
  (column: ColumnDescription): ValueFitter =>
  (value) => {
    if (value === true || value === 'true') return true;
    if (value === false || value === 'false') return false;
    return refuse(column);
  };

const fitInstant =
  (column: ColumnDescription): ValueFitter =>
  (value) => {
    if (typeof value !== 'string' || Number.isNaN(Date.parse(value))) return refuse(column);
    return value;
  };

/** Compiled once per column of a mapping. Types that a mapping cannot fill (lookups, state) are refused here, before any record is read. */
export const compileFitter = (column: ColumnDescription, whenTooLong: TooLongPolicy): ValueFitter => {
  switch (column.type) {
    case 'String':
    case 'Memo':
      return fitText(column, whenTooLong);
    case 'Integer':
    case 'BigInt':
    case 'Picklist':
      return fitNumber(column, true);
    case 'Decimal':
    case 'Double':
    case 'Money':
      return fitNumber(column, false);
    case 'Boolean':
      return fitBoolean(column);
    case 'DateTime':
      return fitInstant(column);
    default:
      return refuse(column);
  }
};
