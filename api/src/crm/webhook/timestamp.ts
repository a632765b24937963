import type { JsonValue } from '../types.ts';
import { readIsoTime } from '../value/iso-time.ts';
import type { TimestampUnit } from './scheme.ts';

/** Epoch milliseconds; NaN for anything that is not written exactly so, which then passes no comparison. */
export const readTimestamp = (text: string, unit: TimestampUnit): number => {
  switch (unit) {
    case 'seconds':
      return /^\d{1,11}$/.test(text) ? Number(text) * 1000 : Number.NaN;
    case 'ms':
      return /^\d{1,14}$/.test(text) ? Number(text) : Number.NaN;
    case 'rfc3339':
      return readIsoTime(text, () => Number.NaN);
    case 'httpDate':
      return /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(text) ? Date.parse(text) : Number.NaN;
  }
};

/** A time that stands in the body, as text. */
export const timestampText = (value: JsonValue | undefined): string | null =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : null;

/** In either direction: a time far ahead would be good for ever. Written so that NaN does not pass. */
export const isRecent = (atMs: number, nowMs: number, toleranceMs: number): boolean => Math.abs(nowMs - atMs) <= toleranceMs;
