/**
 * The stretch of time that a date function means, from the moment of the question: LastXDays, ThisMonth, On, InFiscalYear ….
 * All in UTC, where the sandbox's users are. Weeks start on Sunday; the fiscal year is the calendar year, in quarters: the defaults.
 */
import { badQuery } from '../web-api/errors.ts';
import { parseMomentMs } from './filter-literals.ts';

/** Epoch milliseconds; `fromMs` belongs to it, `toMs` does not. null: no end on that side. */
export interface DateWindow {
  readonly fromMs: number | null;
  readonly toMs: number | null;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const largestCount = 100_000;
const earliestMs = Date.UTC(1753, 0, 1);
const latestMs = Date.UTC(9999, 11, 31, 23, 59, 59);

type CalendarUnit = 'Day' | 'Week' | 'Month' | 'FiscalPeriod' | 'Year';

const startOfDay = (ms: number): number => Math.floor(ms / dayMs) * dayMs;

/** The start of the unit that is `offset` units from the one that `ms` lies in. */
function startOf(unit: CalendarUnit, ms: number, offset = 0): number {
  const date = new Date(ms);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  switch (unit) {
    case 'Day':
      return startOfDay(ms) + offset * dayMs;
    case 'Week':
      return startOfDay(ms) + (7 * offset - date.getUTCDay()) * dayMs;
    case 'Month':
      return Date.UTC(year, month + offset, 1);
    case 'FiscalPeriod':
      return Date.UTC(year, 3 * (Math.floor(month / 3) + offset), 1);
    case 'Year':
      return Date.UTC(year + offset, 0, 1);
  }
}

const whole = (unit: CalendarUnit, nowMs: number, offset: number): DateWindow => ({
  fromMs: startOf(unit, nowMs, offset),
  toMs: startOf(unit, nowMs, offset + 1),
});

const steps = { Minutes: minuteMs, Hours: hourMs, Days: dayMs, Weeks: 7 * dayMs } as const;

/** The same time of day some units away; 31 January and a month is the last of February. */
function shift(unit: string, ms: number, count: number): number {
  if (unit === 'Minutes' || unit === 'Hours' || unit === 'Days' || unit === 'Weeks') return ms + count * steps[unit];
  const months = count * (unit === 'Years' ? 12 : 1);
  const date = new Date(ms);
  const month = date.getUTCMonth() + months;
  const lastDay = new Date(Date.UTC(date.getUTCFullYear(), month + 1, 0)).getUTCDate();
  return Date.UTC(date.getUTCFullYear(), month, Math.min(date.getUTCDate(), lastDay)) + (ms - startOfDay(ms));
}

/** null when the function is none about a stretch of time. Throws 400 for values that it cannot take. */
export function dateWindow(name: string, values: readonly string[], nowMs: number): DateWindow | null {
  const [first = '', second = ''] = values;
  const calendar = /^(Last|This|Next)(Week|Month|FiscalPeriod|FiscalYear|Year)$/.exec(name);
  if (calendar !== null) {
    const unit = (calendar[2] ?? '').replace('FiscalYear', 'Year') as CalendarUnit;
    return whole(unit, nowMs, { Last: -1, This: 0, Next: 1 }[calendar[1] ?? ''] ?? 0);
  }
  const counted = /^(LastX|NextX|OlderThanX)(\w+)$/.exec(name);
  if (counted !== null) return countedWindow(counted[1] ?? '', counted[2] ?? '', wholeNumber(name, first), nowMs);
  switch (name) {
    case 'Today':
      return whole('Day', nowMs, 0);
    case 'Tomorrow':
      return whole('Day', nowMs, 1);
    case 'Yesterday':
      return whole('Day', nowMs, -1);
    case 'Last7Days':
      return countedWindow('LastX', 'Days', 7, nowMs);
    case 'Next7Days':
      return countedWindow('NextX', 'Days', 7, nowMs);
    case 'On':
      return whole('Day', dateOf(name, first), 0);
    case 'OnOrAfter':
      return { fromMs: startOf('Day', dateOf(name, first)), toMs: null };
    case 'OnOrBefore':
      return { fromMs: null, toMs: startOf('Day', dateOf(name, first), 1) };
    case 'InFiscalYear':
      return whole('Year', fiscalStart(name, '1', first), 0);
    case 'InFiscalPeriodAndYear':
      return whole('FiscalPeriod', fiscalStart(name, first, second), 0);
    case 'InOrAfterFiscalPeriodAndYear':
      return { fromMs: fiscalStart(name, first, second), toMs: null };
    case 'InOrBeforeFiscalPeriodAndYear':
      return { fromMs: null, toMs: startOf('FiscalPeriod', fiscalStart(name, first, second), 1) };
    default:
      return null;
  }
}

/** Hours and minutes count from now; longer units from the start of today, or to its end. */
function countedWindow(direction: string, unit: string, count: number, nowMs: number): DateWindow {
  const endMs = Math.floor(nowMs / 1000) * 1000 + 1000;
  const isFine = unit === 'Hours' || unit === 'Minutes';
  if (unit === 'FiscalPeriods' || unit === 'FiscalYears') {
    const calendar = unit === 'FiscalYears' ? 'Year' : 'FiscalPeriod';
    const [from, to] = direction === 'LastX' ? [-count, 0] : [1, count + 1];
    return inRange({ fromMs: startOf(calendar, nowMs, from), toMs: startOf(calendar, nowMs, to) });
  }
  if (direction === 'OlderThanX') return inRange({ fromMs: null, toMs: shift(unit, isFine ? nowMs : startOfDay(nowMs), -count) });
  if (direction === 'LastX') return inRange({ fromMs: shift(unit, isFine ? nowMs : startOfDay(nowMs), -count), toMs: endMs });
  return inRange({ fromMs: nowMs, toMs: isFine ? shift(unit, nowMs, count) + 1000 : startOf('Day', shift(unit, nowMs, count), 1) });
}

/** A count of years may leave the calendar. */
function inRange({ fromMs, toMs }: DateWindow): DateWindow {
  const clamp = (ms: number | null, edgeMs: number) => (ms === null ? null : Number.isNaN(ms) ? edgeMs : ms);
  const bounded = { fromMs: clamp(fromMs, earliestMs), toMs: clamp(toMs, latestMs) };
  return {
    fromMs: bounded.fromMs === null ? null : Math.min(Math.max(bounded.fromMs, earliestMs), latestMs),
    toMs: bounded.toMs === null ? null : Math.min(Math.max(bounded.toMs, earliestMs), latestMs),
  };
}

function wholeNumber(name: string, text: string): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < 1 || number > largestCount) {
    throw badQuery(`The value '${text}' of the function '${name}' must be a whole number from 1 to ${largestCount}.`);
  }
  return number;
}

function dateOf(name: string, text: string): number {
  const epochMs = parseMomentMs(text);
  if (epochMs === null || epochMs < earliestMs || epochMs > latestMs) {
    throw badQuery(`The value '${text}' of the function '${name}' must be a date.`);
  }
  return epochMs;
}

export function fiscalPeriod(name: string, text: string): number {
  if (!/^[1-4]$/.test(text)) throw badQuery(`The value '${text}' of the function '${name}' must be a fiscal period from 1 to 4.`);
  return Number(text);
}

function fiscalStart(name: string, period: string, year: string): number {
  if (!/^\d{4}$/.test(year) || Number(year) < 1753) throw badQuery(`The value '${year}' of the function '${name}' must be a year.`);
  return Date.UTC(Number(year), 3 * (fiscalPeriod(name, period) - 1), 1);
}
