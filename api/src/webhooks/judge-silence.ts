const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const weekHours = 7 * 24;

/** Shorter pauses are never worth a word. */
const shortestSilenceMs = 15 * minuteMs;
/** Of fewer deliveries nobody knows what is usual. */
const leastDeliveries = 20;
/** So many would have come at the same time of earlier weeks; that none came by chance is then out of the question. */
const leastMissed = 10;
const weeksCompared = 4;
/** And where the time of the week tells nothing: half as long again as the longest pause so far. */
const longerThanLongest = 1.5;

export interface HookHistory {
  /** Deliveries by the hour since 1970; hours without any are left out. */
  readonly hours: ReadonlyMap<number, number>;
  readonly lastOnMs: number;
  readonly nowMs: number;
}

export interface Silence {
  readonly isUnusual: boolean;
  /** The longest pause that is remembered; null while nobody knows what is usual. */
  readonly usualPauseMs: number | null;
}

const deliveriesBetween = (hours: HookHistory['hours'], fromMs: number, toMs: number): number => {
  let sum = 0;
  for (let hour = Math.floor(fromMs / hourMs); hour * hourMs < toMs; hour += 1) {
    const share = (Math.min(toMs, (hour + 1) * hourMs) - Math.max(fromMs, hour * hourMs)) / hourMs;
    sum += (hours.get(hour) ?? 0) * share;
  }
  return sum;
};

const longestPauseMs = (sortedHours: readonly number[]): number =>
  Math.max(1, ...sortedHours.slice(1).map((hour, index) => hour - (sortedHours[index] ?? hour))) * hourMs;

/**
 * Whether a webhook has been silent for longer than is usual for it, by what it did before: at the same time of each of the last weeks
 * there would have been enough deliveries to notice, or no pause was nearly as long. So nights and weekends that are always quiet are
 * no alarm, and an hour without a word on a busy morning is one.
 */
export const judgeSilence = ({ hours, lastOnMs, nowMs }: HookHistory): Silence => {
  const sorted = [...hours.keys()].sort((one, other) => one - other);
  const [first] = sorted;
  const total = [...hours.values()].reduce((sum, count) => sum + count, 0);
  const dayAgo = Math.floor(nowMs / hourMs) - 24;
  if (first === undefined || total < leastDeliveries || first > dayAgo) return { isUnusual: false, usualPauseMs: null };
  const usualPauseMs = longestPauseMs(sorted);
  const silentMs = nowMs - lastOnMs;
  if (silentMs < shortestSilenceMs) return { isUnusual: false, usualPauseMs };

  const weeks = Array.from({ length: weeksCompared }, (_, index) => (index + 1) * weekHours * hourMs).filter(
    (backMs) => lastOnMs - backMs >= first * hourMs,
  );
  const missed = weeks.map((backMs) => deliveriesBetween(hours, lastOnMs - backMs, nowMs - backMs));
  const isMissed = missed.length > 0 && Math.min(...missed) >= leastMissed;
  return { isUnusual: isMissed || silentMs > usualPauseMs * longerThanLongest, usualPauseMs };
};
