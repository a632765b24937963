const firstDelayMs = 1000;
const maxDelayMs = 60_000;

/** Seconds, or an HTTP date (RFC 9110, 10.2.3), to a wait in milliseconds; null when it is neither. */
export const readRetryAfterMs = (value: string | undefined, nowMs: number): number | null => {
  if (value === undefined) return null;
  if (/^\d{1,9}(\.\d+)?$/.test(value)) return Math.ceil(Number(value) * 1000);
  const dateMs = Date.parse(value);
  return Number.isNaN(dateMs) ? null : Math.max(0, dateMs - nowMs);
};

/** Exponential with full jitter: many clients that failed together must not come back together. `tries` counts those already made. */
export const backOffMs = (tries: number, random: () => number): number => {
  const ceilingMs = Math.min(maxDelayMs, firstDelayMs * 2 ** (tries - 1));
  // Never nothing at all: a lucky zero would hammer a server that just said that it is overloaded.
  return Math.ceil(ceilingMs * (0.1 + 0.9 * random()));
};
