/**
 * How much may be used within a window that slides: so many requests, or so many milliseconds, in any 300 seconds.
 *
 * Exact, not in buckets, and yet O(1) a request: only the newest uses that together reach the limit matter, for while the oldest of them
 * is in the window there is no room, and when it has left the window there is. Both marks only move forward.
 */
export interface SlidingBudget {
  /** From when on there is room; a moment that has passed (or -Infinity) means that there is. */
  roomAtMs(): number;
  /** Notes what was used at a moment. Moments do not go back. */
  add(atMs: number, amount: number): void;
  /** Never below 0. */
  leftAt(nowMs: number): number;
}

interface Use {
  readonly atMs: number;
  readonly amount: number;
}

/** So many uses that have left the window may lie about before they are cleared away. */
const clutter = 1024;

export function createSlidingBudget({ limit, windowMs }: { readonly limit: number; readonly windowMs: number }): SlidingBudget {
  let uses: Use[] = [];
  /** What lies before has left the window, or is older than what reaches the limit. */
  let first = 0;
  let usedFromFirst = 0;
  /** The uses from here on are together below the limit; the one before reaches it. */
  let boundary = 0;
  let usedFromBoundary = 0;

  const amountAt = (index: number): number => uses[index]?.amount ?? 0;

  function dropFirst(): void {
    usedFromFirst -= amountAt(first);
    if (boundary === first) {
      usedFromBoundary -= amountAt(boundary);
      boundary += 1;
    }
    first += 1;
  }

  function clearAway(): void {
    if (first < clutter || first * 2 < uses.length) return;
    uses = uses.slice(first);
    boundary -= first;
    first = 0;
  }

  return {
    roomAtMs() {
      const reaching = boundary > first ? uses[boundary - 1] : undefined;
      return reaching === undefined ? Number.NEGATIVE_INFINITY : reaching.atMs + windowMs;
    },
    add(atMs, amount) {
      uses.push({ atMs: Math.max(atMs, uses.at(-1)?.atMs ?? atMs), amount });
      usedFromFirst += amount;
      usedFromBoundary += amount;
      while (usedFromBoundary >= limit) {
        usedFromBoundary -= amountAt(boundary);
        boundary += 1;
      }
      while (first < boundary - 1) dropFirst();
      clearAway();
    },
    leftAt(nowMs) {
      for (let use = uses[first]; use !== undefined && use.atMs + windowMs <= nowMs; use = uses[first]) dropFirst();
      return Math.max(0, limit - usedFromFirst);
    },
  };
}
