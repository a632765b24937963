import type { OperationName } from '../manifest/schema/parts.ts';

export interface RateLimit {
  readonly requests: number;
  readonly perMs: number;
  /** Only these count; all when left out. */
  readonly on?: readonly OperationName[];
}

/** Daily budgets go into the millions; a ring of so many times would be all of our memory. */
const maxTimes = 10_000;

/** When the last requests went that one limit counts. */
export interface RateWindow {
  readonly limit: RateLimit;
  counts(operation: OperationName | undefined): boolean;
  /** From when on one more may go, so that no stretch of `perMs` holds more than `requests`; never while these are 0. */
  freeAtMs(requests: number): number;
  /** How many the last `perMs` hold; never fewer than there are. */
  used(nowMs: number): number;
  take(atMs: number): void;
}

/** A ring of the last times of going. Of large budgets only every so many-th is kept: up to one such step fewer goes out, never more. */
export const createRateWindow = (limit: RateLimit): RateWindow => {
  const { requests, perMs, on } = limit;
  const step = Math.ceil(requests / maxTimes);
  const times: number[] = new Array<number>(Math.floor(requests / step)).fill(Number.NEGATIVE_INFINITY);
  let next = 0;
  let inStep = 0;
  const at = (position: number): number => times[position % times.length] ?? Number.NEGATIVE_INFINITY;
  return {
    limit,
    counts: (operation) => on === undefined || (operation !== undefined && on.includes(operation)),
    freeAtMs: (allowed) => {
      const steps = Math.min(times.length, Math.floor(allowed / step));
      if (steps <= 0) return Number.POSITIVE_INFINITY;
      // The step that has begun counts as gone already.
      if (inStep > 0) return Number.NEGATIVE_INFINITY;
      return at(next + times.length - steps) + perMs;
    },
    used: (nowMs) => {
      const oldest = inStep === 0 ? next : next + 1;
      let low = 0;
      let high = times.length;
      while (low < high) {
        const middle = (low + high) >>> 1;
        if (at(oldest + middle) + perMs > nowMs) high = middle;
        else low = middle + 1;
      }
      return (times.length - low) * step;
    },
    take: (atMs) => {
      // The step counts as gone when its last request goes: too late is the safe side.
      times[next] = atMs;
      inStep += 1;
      if (inStep < step) return;
      inStep = 0;
      next = (next + 1) % times.length;
    },
  };
};
