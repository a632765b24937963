const digitAt = (text: string, position: number): number => {
  const digit = text.charCodeAt(position) - 48;
  // NaN, past the end, fails both comparisons and poisons the sum, as any other non-digit does.
  return digit >= 0 && digit <= 9 ? digit : Number.NaN;
};
const twoDigits = (text: string, position: number): number => digitAt(text, position) * 10 + digitAt(text, position + 1);
const charAt = (text: string, position: number): number => text.charCodeAt(position);

const dash = 45;
const colon = 58;
const dot = 46;
const comma = 44;
const plus = 43;
const space = 32;
const letterT = 84;
const letterZ = 90;

/** `Date.UTC` takes the years 0 to 99 for 1900 to 1999, and some CRMs write year 1 for “never”. The calendar repeats after 400 years. */
const calendarCycleYears = 400;
const calendarCycleMs = 146_097 * 86_400_000;

/** Wall clock to a number as if it were UTC; NaN when there is no such moment (month 13, 30 February, text where digits belong). */
export const wallClockMs = (year: number, month: number, day: number, hour: number, minute: number, second: number, ms: number): number => {
  if (!(month >= 1 && month <= 12 && day >= 1 && day <= 31 && hour <= 23 && minute <= 59 && second <= 60)) return Number.NaN;
  if (day > 28 && day > new Date(Date.UTC(year, month, 0)).getUTCDate()) return Number.NaN;
  if (year < 100) return Date.UTC(year + calendarCycleYears, month - 1, day, hour, minute, second, ms) - calendarCycleMs;
  return Date.UTC(year, month - 1, day, hour, minute, second, ms);
};

/** `Z`, `+hh:mm`, `+hhmm` or `+hh` to the end of the text, in ms; null when the text ends here; NaN when it is none of these. */
export const readOffsetMs = (text: string, position: number): number | null => {
  if (position === text.length) return null;
  const sign = charAt(text, position);
  if (sign === letterZ) return position + 1 === text.length ? 0 : Number.NaN;
  if (sign !== plus && sign !== dash) return Number.NaN;
  const hasColon = charAt(text, position + 3) === colon;
  const minutesAt = position + (hasColon ? 4 : 3);
  const isHourOnly = minutesAt === text.length && !hasColon;
  if (!isHourOnly && minutesAt + 2 !== text.length) return Number.NaN;
  const minutes = twoDigits(text, position + 1) * 60 + (isHourOnly ? 0 : twoDigits(text, minutesAt));
  return (sign === plus ? minutes : -minutes) * 60_000;
};

/**
 * ISO 8601 to epoch milliseconds; NaN when the text is none. A time without a zone is read by `toUtc`.
 * Written by hand because `Date.parse` also takes a dozen other formats, and reads a date without a zone by this machine's zone.
 */
export const readIsoTime = (text: string, toUtc: (wallClockMs: number) => number): number => {
  if (charAt(text, 4) !== dash || charAt(text, 7) !== dash) return Number.NaN;
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2);
  const month = twoDigits(text, 5);
  const day = twoDigits(text, 8);
  if (text.length === 10) return toUtc(wallClockMs(year, month, day, 0, 0, 0, 0));
  const separator = charAt(text, 10);
  if ((separator !== letterT && separator !== space) || charAt(text, 13) !== colon) return Number.NaN;
  let position = 16;
  let second = 0;
  let ms = 0;
  if (charAt(text, position) === colon) {
    second = twoDigits(text, 17);
    position = 19;
    const mark = charAt(text, position);
    if (mark === dot || mark === comma) {
      position += 1;
      const firstDigit = position;
      let unitMs = 100;
      for (let digit = digitAt(text, position); !Number.isNaN(digit); digit = digitAt(text, position)) {
        // Beyond milliseconds is cut, never rounded up: a watermark too late loses a record, too early only reads one again.
        if (unitMs >= 1) ms += digit * unitMs;
        unitMs /= 10;
        position += 1;
      }
      if (position === firstDigit) return Number.NaN;
    }
  }
  const clockMs = wallClockMs(year, month, day, twoDigits(text, 11), twoDigits(text, 14), second, ms);
  const offsetMs = readOffsetMs(text, position);
  return offsetMs === null ? toUtc(clockMs) : clockMs - offsetMs;
};
