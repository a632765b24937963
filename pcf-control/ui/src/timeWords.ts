const secondMs = 1000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

const steps: readonly { readonly belowMs: number; readonly unit: Intl.RelativeTimeFormatUnit; readonly unitMs: number }[] = [
  { belowMs: hourMs, unit: 'minute', unitMs: minuteMs },
  { belowMs: dayMs, unit: 'hour', unitMs: hourMs },
  { belowMs: 30 * dayMs, unit: 'day', unitMs: dayMs },
  { belowMs: 365 * dayMs, unit: 'month', unitMs: 30 * dayMs },
  { belowMs: Number.POSITIVE_INFINITY, unit: 'year', unitMs: 365 * dayMs },
];

const inWords = (distanceMs: number, sign: 1 | -1, languageTag: string): string => {
  const format = new Intl.RelativeTimeFormat(languageTag, { numeric: 'auto' });
  if (distanceMs < minuteMs) return format.format(0, 'second');
  for (const { belowMs, unit, unitMs } of steps) {
    if (distanceMs < belowMs) return format.format(sign * Math.floor(distanceMs / unitMs), unit);
  }
  return '';
};

/**
 * "3 minutes ago" in the given language. Rounds down, so that nothing looks older than it is.
 * A time in the future is "now": the clocks of the CRM, the server and this machine differ by seconds.
 */
export const relativeTime = (timeMs: number, nowMs: number, languageTag: string): string =>
  inWords(Math.max(0, nowMs - timeMs), -1, languageTag);

/** "in 3 minutes", of something that is planned. Rounds down; what should have begun already is "now". */
export const timeAhead = (timeMs: number, nowMs: number, languageTag: string): string =>
  inWords(Math.max(0, timeMs - nowMs), 1, languageTag);

/** Date and time to the second, in the given language and this browser's time zone. */
export const exactTime = (date: Date, languageTag: string): string =>
  new Intl.DateTimeFormat(languageTag, { dateStyle: 'long', timeStyle: 'medium' }).format(date);
