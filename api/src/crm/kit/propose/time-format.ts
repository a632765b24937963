import type { JsonValue } from '../../types.ts';
import { compileInstantReader } from '../../value/instant.ts';

export interface TimeFormat {
  /** As `format` of the manifest. */
  readonly format: string;
  /** false: a clock time that does not say where. */
  readonly hasZone: boolean;
}

/** 2001 to 2286 in either unit: no id or amount is mistaken for a time by being a number alone, its name has to say so as well. */
const isEpochSeconds = (value: number): boolean => value >= 1e9 && value < 1e10;
const isEpochMs = (value: number): boolean => value >= 1e12 && value < 1e13;

const patterns = [
  'yyyy-MM-dd HH:mm:ss',
  'yyyy-MM-dd HH:mm',
  'yyyy/MM/dd HH:mm:ss',
  'dd.MM.yyyy HH:mm:ss',
  'dd.MM.yyyy HH:mm',
  'dd.MM.yyyy',
];

const reads = (format: string, texts: readonly string[]): boolean => {
  const read = compileInstantReader({ formats: [format], timezone: 'UTC' });
  return texts.every((text) => !Number.isNaN(read(text)));
};

/** How these values are written, if all of them are times written in one way. Days before months only where a dot stands between. */
export const timeFormatOf = (values: readonly JsonValue[]): TimeFormat | null => {
  if (values.length === 0) return null;
  const numbers = values.map((value) => (typeof value === 'string' && /^\d{9,13}(\.\d+)?$/.test(value) ? Number(value) : value));
  const epochs = numbers.filter((value) => typeof value === 'number');
  if (epochs.length === values.length) {
    if (epochs.every(isEpochSeconds)) return { format: 'epochSeconds', hasZone: true };
    return epochs.every(isEpochMs) ? { format: 'epochMs', hasZone: true } : null;
  }
  const texts = values.filter((value) => typeof value === 'string');
  if (texts.length < values.length) return null;
  if (texts.every((text) => /^\d{4}-\d{2}-\d{2}/.test(text)) && reads('iso', texts)) {
    return { format: 'iso', hasZone: texts.every((text) => /(Z|[+-]\d{2}:?\d{2})$/.test(text)) };
  }
  if (reads('jsonDate', texts)) return { format: 'jsonDate', hasZone: true };
  const pattern = patterns.find((one) => reads(one, texts));
  return pattern === undefined ? null : { format: pattern, hasZone: false };
};
