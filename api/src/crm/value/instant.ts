import type { JsonValue } from '../types.ts';
import { isEmpty } from '../expression/json.ts';
import { compileDatePattern } from './date-pattern.ts';
import { readIsoTime } from './iso-time.ts';
import { createZoneReader } from './time-zone.ts';

/** Epoch milliseconds; null: the CRM says nothing; NaN: it says something that is no time. */
export type InstantReader = (value: JsonValue | undefined) => number | null;

type FormatReader = (value: JsonValue) => number;

/** Ways of writing a time that have a name; all others are patterns. */
export const simpleInstantFormats = ['iso', 'epochSeconds', 'epochMs', 'jsonDate'] as const;

/** `/Date(1700000000000+0000)/`, as OData v2 writes it; the offset is only for showing. */
const readJsonDate: FormatReader = (value) => {
  const [, ms] = typeof value === 'string' ? (/^\/Date\((-?\d{1,16})(?:[+-]\d{4})?\)\/$/.exec(value) ?? []) : [];
  return ms === undefined ? Number.NaN : Number(ms);
};

const readEpoch =
  (unitMs: number): FormatReader =>
  (value) => {
    if (typeof value === 'number') return Math.floor(value * unitMs);
    return typeof value === 'string' && /^-?\d{1,17}(\.\d+)?$/.test(value) ? Math.floor(Number(value) * unitMs) : Number.NaN;
  };

const compileFormat = (format: string, toUtc: (wallClockMs: number) => number): FormatReader => {
  if (format === 'epochSeconds') return readEpoch(1000);
  if (format === 'epochMs') return readEpoch(1);
  if (format === 'jsonDate') return readJsonDate;
  if (format === 'iso') return (value) => (typeof value === 'string' ? readIsoTime(value, toUtc) : Number.NaN);
  const pattern = compileDatePattern(format);
  return (value) => (typeof value === 'string' ? pattern.read(value, toUtc) : Number.NaN);
};

/** `formats` are tried in order: `iso`, `epochSeconds`, `epochMs`, `jsonDate` or a pattern like `yyyy-MM-dd HH:mm:ss`. Throws `ExpressionError`. */
export const compileInstantReader = (options: { readonly formats: readonly string[]; readonly timezone: string }): InstantReader => {
  const toUtc = createZoneReader(options.timezone);
  const [first, ...others] = options.formats.map((format) => compileFormat(format, toUtc));
  if (first === undefined) throw new RangeError('compileInstantReader needs a format');
  return (value) => {
    if (isEmpty(value)) return null;
    let instantMs = first(value);
    for (let next = 0; Number.isNaN(instantMs) && next < others.length; next += 1) instantMs = others[next]?.(value) ?? Number.NaN;
    return instantMs;
  };
};
