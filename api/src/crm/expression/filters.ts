import type { JsonValue } from '../types.ts';
import { compileDatePattern } from '../value/date-pattern.ts';
import { toSalesforce18 } from '../value/salesforce-id.ts';
import { createOffsetReader, isTimeZone } from '../value/time-zone.ts';
import { isEmpty, isList } from './json.ts';

/** What an expression in a template can be: the checks below happen when the manifest is read, not when it runs. */
export type ValueKind = 'text' | 'list' | 'instant' | 'literals' | 'any';
export type FilterFunction = (value: JsonValue | undefined) => JsonValue | undefined;

export interface Filter {
  readonly takes: ValueKind;
  readonly gives: ValueKind;
  /** How many values it takes in parentheses, at least and at most. */
  readonly arguments: readonly [number, number];
  readonly example: string;
  /** One line for the reference. */
  readonly description: string;
  readonly compile: (...values: readonly string[]) => FilterFunction;
}

/** A value cannot stand where a template puts it: the request is not made. The message never holds the value. */
export class TemplateRefusal extends Error {
  constructor(problem: string) {
    super(problem);
    this.name = 'TemplateRefusal';
  }
}

/** How a single value is written into text. Lists and objects have no one way of being written, so they are refused. */
export const asText = (value: JsonValue | undefined): string => {
  if (value === undefined || value === null) return '';
  if (typeof value === 'object') throw new TemplateRefusal('a list or an object cannot be written as text');
  return String(value);
};

const onText =
  (change: (text: string) => string): FilterFunction =>
  (value) =>
    value === undefined || value === null ? value : change(asText(value));

const onInstant =
  (write: (epochMs: number) => string | number): FilterFunction =>
  (value) =>
    typeof value === 'number' ? write(value) : undefined;

const textFilter = (
  description: string,
  change: (text: string, one: string, other: string) => string,
  values: readonly [number, number] = [0, 0],
  example = '',
): Filter => ({
  takes: 'text',
  gives: 'text',
  arguments: values,
  example,
  description,
  compile: (one = '', other = '') => onText((text) => change(text, one, other)),
});

const instantFilter = (description: string, write: (epochMs: number) => string | number): Filter => ({
  takes: 'instant',
  gives: 'text',
  arguments: [0, 0],
  example: '',
  description,
  compile: () => onInstant(write),
});

/** An element that holds the separator would become two, and the CRM would be asked for something else. */
const joinWith =
  (separator: string): FilterFunction =>
  (value) => {
    if (!isList(value)) return value;
    const texts = value.map(asText);
    if (texts.some((text) => text.includes(separator)))
      throw new TemplateRefusal('an element holds the separator that it would be joined with');
    return texts.join(separator);
  };

/** No language agrees with another on how a quote inside of quotes is written, and no id has one. */
const quoteEach: FilterFunction = (value) => {
  const texts = isList(value) ? value.map(asText) : [asText(value)];
  if (texts.some((text) => !/^[\p{L}\p{N} ._:+@/~-]*$/u.test(text)))
    throw new TemplateRefusal('an element holds a sign that could end its quotes');
  return texts.map((text) => `'${text}'`).join(',');
};

const objectsOf =
  (name: string): FilterFunction =>
  (value) =>
    isList(value) ? value.map((element) => ({ [name]: element })) : undefined;

/** Texts of digits are what ids are here, and some query languages compare only numbers with numbers. */
const toNumber: FilterFunction = (value) => {
  if (value === undefined || value === null) return value;
  if (isList(value)) return value.map((element) => toNumber(element) ?? null);
  const text = asText(value);
  if (!/^-?\d{1,15}$/.test(text)) throw new TemplateRefusal('the value is no whole number of at most 15 digits');
  return Number(text);
};

const writeInZone = (pattern: string, timezone: string): ((epochMs: number) => string) => {
  const { write } = compileDatePattern(pattern);
  if (timezone === '') return write;
  if (!isTimeZone(timezone)) throw new RangeError(`“${timezone}” is no time zone; they look like Europe/Vienna`);
  const offsetAt = createOffsetReader(timezone);
  return (epochMs) => write(epochMs + offsetAt(epochMs));
};

/** The closed list: a manifest can use these and nothing else. */
export const filters = {
  default: {
    takes: 'any',
    gives: 'text',
    arguments: [1, 1],
    example: 'default("0")',
    description: 'The value in parentheses when there is none.',
    compile:
      (fallback = '') =>
      (value) =>
        isEmpty(value) ? fallback : value,
  },
  join: {
    takes: 'list',
    gives: 'text',
    arguments: [0, 1],
    example: 'join(";")',
    description: 'A list as one text, with a comma or the value in parentheses between.',
    compile: (separator = ',') => joinWith(separator),
  },
  quotedList: {
    takes: 'list',
    gives: 'literals',
    arguments: [0, 0],
    example: '',
    description: "A list as 'a','b','c', for IN (…) of query languages.",
    compile: () => quoteEach,
  },
  objects: {
    takes: 'list',
    gives: 'any',
    arguments: [1, 1],
    example: 'objects("id")',
    description: 'A list of values as a list of objects: [{id: 1}, {id: 2}].',
    compile: (name = '') => objectsOf(name),
  },
  number: {
    takes: 'any',
    gives: 'any',
    arguments: [0, 0],
    example: '',
    description: 'A text of digits, or each of a list, as a number, for bodies that want 5 and not "5".',
    compile: () => toNumber,
  },
  lower: textFilter('In lower case.', (text) => text.toLowerCase()),
  upper: textFilter('In upper case.', (text) => text.toUpperCase()),
  trim: textFilter('Without white space at either end.', (text) => text.trim()),
  replace: textFilter(
    'One text in place of another, wherever it stands.',
    (text, what, by) => text.replaceAll(what, () => by),
    [2, 2],
    'replace(".my.", ".lightning.")',
  ),
  before: textFilter(
    'What stands before the first such text; all of it where there is none.',
    (text, mark) => text.split(mark, 1)[0] ?? '',
    [1, 1],
    'before("-")',
  ),
  after: textFilter(
    'What stands after the first such text; nothing where there is none.',
    (text, mark) => (text.includes(mark) ? text.slice(text.indexOf(mark) + mark.length) : ''),
    [1, 1],
    'after("-")',
  ),
  digits: textFilter('Only its digits.', (text) => text.replaceAll(/\D/g, '')),
  end: {
    takes: 'text',
    gives: 'text',
    arguments: [1, 1],
    example: 'end("7")',
    description: 'So many characters from its end.',
    compile: (count = '') => {
      if (!/^[1-9]\d{0,2}$/.test(count)) throw new RangeError(`“${count}” is no number of characters`);
      return onText((text) => text.slice(-Number(count)));
    },
  },
  spread: textFilter(
    'The value in parentheses between its characters: for numbers that may be written with anything between the digits.',
    (text, mark) => [...text].join(mark),
    [1, 1],
    'spread("%")',
  ),
  base64: textFilter('Its UTF-8 bytes in base 64.', (text) => Buffer.from(text).toString('base64')),
  salesforce18: textFilter('A Salesforce id in its 18 characters, also where only the first 15 are given.', toSalesforce18),
  iso: instantFilter('A time as 2026-01-02T03:04:05.678Z.', (epochMs) => new Date(epochMs).toISOString()),
  isoSeconds: instantFilter('A time as 2026-01-02T03:04:05Z.', (epochMs) => `${new Date(epochMs).toISOString().slice(0, 19)}Z`),
  epochSeconds: instantFilter('A time in seconds since 1970.', (epochMs) => Math.floor(epochMs / 1000)),
  epochMs: instantFilter('A time in milliseconds since 1970.', (epochMs) => epochMs),
  date: {
    takes: 'instant',
    gives: 'text',
    arguments: [1, 2],
    example: 'date("yyyy-MM-dd HH:mm:ss", "Europe/Vienna")',
    description: 'A time as the pattern says, in UTC or in the zone of the second value.',
    compile: (pattern = '', timezone = '') => onInstant(writeInZone(pattern, timezone)),
  },
} as const satisfies Record<string, Filter>;

export const filterNames: readonly string[] = Object.keys(filters);

export const findFilter = (name: string): Filter | undefined => new Map<string, Filter>(Object.entries(filters)).get(name);
