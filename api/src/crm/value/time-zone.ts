const quarterHourMs = 15 * 60_000;
/** Bounds the memory of the cache: some five months of quarters. */
const maxCachedQuarters = 15_000;

export const isTimeZone = (name: string): boolean => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
};

/** How far local time is ahead of UTC at an instant. Cached per quarter of an hour, as Intl takes some 3 µs and no zone moves more often. */
export const createOffsetReader = (timeZone: string): ((utcMs: number) => number) => {
  const format = new Intl.DateTimeFormat('en', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const offsets = new Map<number, number>();
  return (utcMs) => {
    const quarterMs = Math.floor(utcMs / quarterHourMs) * quarterHourMs;
    const known = offsets.get(quarterMs);
    if (known !== undefined) return known;
    const parts: Record<string, number> = {};
    for (const { type, value } of format.formatToParts(quarterMs)) parts[type] = Number(value);
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
    const offsetMs = Date.UTC(year, month - 1, day, hour, minute, second) - quarterMs;
    if (offsets.size >= maxCachedQuarters) offsets.clear();
    offsets.set(quarterMs, offsetMs);
    return offsetMs;
  };
};

/**
 * From a wall clock reading (as if it were UTC, in ms) to the instant it means in a zone.
 * The hour that a clock shows twice in autumn is read as its first pass: too early means that a record is read again, too late that it is missed.
 */
export const createZoneReader = (timeZone: string): ((wallClockMs: number) => number) => {
  if (timeZone === 'UTC') return (wallClockMs) => wallClockMs;
  const offsetAt = createOffsetReader(timeZone);
  const dayMs = 86_400_000;
  return (wallClockMs) => {
    const before = wallClockMs - offsetAt(wallClockMs - dayMs);
    const after = wallClockMs - offsetAt(wallClockMs + dayMs);
    const fits = [before, after].filter((utcMs) => utcMs + offsetAt(utcMs) === wallClockMs);
    return fits.length > 0 ? Math.min(...fits) : before;
  };
};
