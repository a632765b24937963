/** From a JSON value in a payload to what the row will hold, or the refusal that Dataverse gives. */
import type { ColumnDefinition, ColumnOfType } from '../tables/definition.ts';
import {
  cannotConvert,
  choiceOutOfRange,
  dateTooEarly,
  invalidCharacter,
  invalidEmail,
  numberOutOfRange,
  textTooLong,
} from '../web-api/errors.ts';
import { formatMoment, parseGuid, type StoredValue } from './values.ts';

interface TableNames {
  readonly logicalName: string;
  readonly entitySetName: string;
}

const int32 = { min: -2_147_483_648, max: 2_147_483_647 };
const earliestMs = Date.UTC(1753, 0, 1);
// As loose as Dataverse's own check: something, one @, something, and none of the characters that separate addresses.
const emailPattern = /^[^\s@<>()[\]\\,;:"]+@[^\s@<>()[\]\\,;:"]+$/;

export function parseValue(table: TableNames, column: ColumnDefinition, value: unknown): StoredValue {
  if (value === null) return null;
  const place = { column: column.logicalName, table: table.logicalName };
  const refuse = (edmType: string) => cannotConvert(table.entitySetName, literalOf(value), edmType);
  switch (column.type) {
    case 'String':
    case 'Memo': {
      if (typeof value !== 'string') throw refuse('Edm.String');
      return parseText(place, column, value);
    }
    case 'Integer': {
      const whole = parseInt32(value);
      if (whole === null) throw refuse('Edm.Int32');
      if (whole < column.minValue || whole > column.maxValue) throw numberOutOfRange({ ...place, isWhole: true });
      return whole;
    }
    case 'Decimal':
    case 'Money':
    case 'Double': {
      if (typeof value !== 'number') throw refuse(column.type === 'Double' ? 'Edm.Double' : 'Edm.Decimal');
      if (value < column.minValue || value > column.maxValue) throw numberOutOfRange({ ...place, isWhole: false });
      return Number(value.toFixed(column.precision));
    }
    case 'Boolean': {
      if (typeof value !== 'boolean') throw refuse('Edm.Boolean');
      return value;
    }
    case 'DateTime':
      return column.format === 'DateOnly' ? parseDate(value, refuse) : parseMoment(value, refuse);
    case 'Picklist':
    case 'State':
    case 'Status': {
      const whole = parseInt32(value);
      if (whole === null) throw refuse('Edm.Int32');
      const accepted = column.options.map((option) => option.value);
      // A wrong state or reason is judged with its partner, and refused with a code of its own.
      if (column.type === 'Picklist' && !accepted.includes(whole)) throw choiceOutOfRange({ ...place, value: whole, accepted });
      return whole;
    }
    case 'Uniqueidentifier': {
      const guid = typeof value === 'string' ? parseGuid(value) : null;
      if (guid === null) throw refuse('Edm.Guid');
      return guid;
    }
    case 'BigInt': {
      // Beyond 2^53 JSON's numbers have lost digits already: better refused than kept wrong.
      if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw refuse('Edm.Int64');
      return value;
    }
    case 'EntityName':
    case 'Lookup':
    case 'Customer':
    case 'Owner':
      throw refuse('Edm.Int64');
  }
}

function parseText(
  place: { readonly column: string; readonly table: string },
  column: ColumnOfType<'String'> | ColumnOfType<'Memo'>,
  value: string,
): string | null {
  // Dataverse keeps no empty text: it is the same as null, and null is what comes back.
  if (value === '') return null;
  if (value.length > column.maxLength) throw textTooLong({ ...place, maxLength: column.maxLength });
  const forbidden = findForbiddenCharacter(value);
  if (forbidden !== null) throw invalidCharacter({ column: place.column, codePoint: forbidden });
  if (column.type === 'String' && column.format === 'Email' && !emailPattern.test(value)) throw invalidEmail(place);
  return value;
}

/** Characters that XML 1.0 cannot hold, all but tab and line ends of the control ones: Dataverse refuses them in text (0x80040278). */
function findForbiddenCharacter(text: string): number | null {
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if ((unit < 0x20 && unit !== 0x09 && unit !== 0x0a && unit !== 0x0d) || unit >= 0xfffe) return unit;
  }
  return null;
}

/** OData's JSON reader also takes a whole number written as text; Dataverse inherits that. */
function parseInt32(value: unknown): number | null {
  const number = typeof value === 'string' && /^[+-]?\d{1,10}$/.test(value) ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isInteger(number)) return null;
  return number >= int32.min && number <= int32.max ? number : null;
}

const datePattern = /^(\d{4})-(\d{2})-(\d{2})$/;
const momentPattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,12})?)?(Z|[+-]\d{2}:\d{2})$/i;

const utcPattern = /^[^+]{19}(\.\d+)?Z$/;

function parseDate(value: unknown, refuse: (edmType: string) => Error): string {
  if (typeof value !== 'string' || !datePattern.test(value)) throw refuse('Edm.Date');
  const epochMs = Date.parse(`${value}T00:00:00Z`);
  // 2026-02-30 parses as 2 March: not the day that was written.
  if (Number.isNaN(epochMs) || new Date(epochMs).toISOString().slice(0, 10) !== value) throw refuse('Edm.Date');
  if (epochMs < earliestMs) throw dateTooEarly(value);
  return value;
}

function parseMoment(value: unknown, refuse: (edmType: string) => Error): string {
  const epochMs = typeof value === 'string' && momentPattern.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(epochMs)) throw refuse('Edm.DateTimeOffset');
  if (epochMs < earliestMs) throw dateTooEarly(formatMoment(epochMs));
  // Most are UTC with or without a fraction already: cutting is four times as fast as formatting anew.
  return typeof value === 'string' && utcPattern.test(value) ? `${value.slice(0, 19)}Z` : formatMoment(epochMs);
}

function literalOf(value: unknown): string {
  return JSON.stringify(value).replace(/^"(.*)"$/s, '$1');
}
