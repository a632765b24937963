import { readIsoTime } from '../../crm/value/iso-time.ts';
import type { JsonValue } from '../../crm/types.ts';
import { AppError } from '../../errors/app-error.ts';
import { writeDay, writeSecond } from '../write-instant.ts';
import { type FitterCompiler, refuseValue } from './column-fitter.ts';

/** The first day that SQL's datetime knows; what stands before it is refused by Dataverse, often a CRM's way to say “never”. */
const earliest = '1753-01-01';
const latest = '9999-12-31';
const earliestMs = Date.UTC(1753, 0, 1);
const latestMs = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

const keepClock = (clockMs: number): number => clockMs;
const offset = /[+-]\d{2}:?(?:\d{2})?$|Z$/;

/** The clock as it is written, whatever zone stands behind it. */
const readClock = (text: string): number => readIsoTime(text.length > 10 ? text.replace(offset, '') : text, keepClock);
/** The moment; without a zone UTC is meant. */
const readMoment = (text: string): number => readIsoTime(text, keepClock);

const unitMs = { seconds: 1_000, milliseconds: 1 } as const;
const digits = /^-?\d{1,15}$/;

/**
 * From ISO 8601, or from a number where the mapping says what it counts.
 * DateOnly takes the day as it is written; TimeZoneIndependent the clock as it is written; UserLocal the moment. Dataverse keeps no
 * fraction of a second: sent, it would make every row look changed.
 */
export const compileDateFitter: FitterCompiler = (column, { epoch }) => {
  const behaviour = column.dateBehaviour ?? 'UserLocal';
  const write = behaviour === 'DateOnly' ? writeDay : writeSecond;
  const readText = behaviour === 'UserLocal' ? readMoment : readClock;
  const readValue = (value: JsonValue): number => {
    if (epoch !== undefined && (typeof value === 'number' || (typeof value === 'string' && digits.test(value)))) {
      return Number(value) * unitMs[epoch];
    }
    return typeof value === 'string' ? readText(value.trim()) : Number.NaN;
  };
  return (value) => {
    const ms = readValue(value);
    if (Number.isNaN(ms)) return refuseValue(column);
    if (ms < earliestMs || ms > latestMs) {
      throw new AppError('mapping.value_out_of_range', { column: column.logicalName, min: earliest, max: latest });
    }
    return write(ms);
  };
};
