import type { JsonValue } from '../types.ts';
import { compileDatePattern } from '../value/date-pattern.ts';
import { isEmpty, isList } from './json.ts';

/** What an expression in a template can be: the checks below happen when the manifest is read, not when it runs. */
export type ValueKind = 'text' | 'list' | 'instant' | 'any';
export type FilterArgument = string | number;
export type FilterFunction = (value: JsonValue | undefined) => JsonValue | undefined;

export interface Filter {
  readonly takes: ValueKind;
  readonly gives: ValueKind;
  readonly argument: 'none' | 'text' | 'optional text';
  readonly compile: (argument: string) => FilterFunction;
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

const textFilter = (change: (text: string) => string): Filter => ({
  takes: 'text',
  gives: 'text',
  argument: 'none',
  compile: () => onText(change),
});

const instantFilter = (write: (epochMs: number) => string | number): Filter => ({
  takes: 'instant',
  gives: 'text',
  argument: 'none',
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

/** The closed list: a manifest can use these and nothing else. */
export const filters = {
  default: { takes: 'any', gives: 'text', argument: 'text', compile: (fallback) => (value) => (isEmpty(value) ? fallback : value) },
  join: { takes: 'list', gives: 'text', argument: 'optional text', compile: (separator) => joinWith(separator === '' ? ',' : separator) },
  lower: textFilter((text) => text.toLowerCase()),
  upper: textFilter((text) => text.toUpperCase()),
  trim: textFilter((text) => text.trim()),
  iso: instantFilter((epochMs) => new Date(epochMs).toISOString()),
  isoSeconds: instantFilter((epochMs) => `${new Date(epochMs).toISOString().slice(0, 19)}Z`),
  epochSeconds: instantFilter((epochMs) => Math.floor(epochMs / 1000)),
  epochMs: instantFilter((epochMs) => epochMs),
  date: { takes: 'instant', gives: 'text', argument: 'text', compile: (pattern) => onInstant(compileDatePattern(pattern).write) },
} as const satisfies Record<string, Filter>;

export const filterNames: readonly string[] = Object.keys(filters);

export const findFilter = (name: string): Filter | undefined => new Map<string, Filter>(Object.entries(filters)).get(name);
