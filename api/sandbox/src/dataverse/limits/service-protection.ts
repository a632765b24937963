/**
 * Service protection of one user on one web server (api-limits.md, "How service protection API limits are enforced"): which request is
 * let in, and how long a refused one is told to wait.
 */
import type { Facet } from './facets.ts';
import type { LimitSettings } from './settings.ts';
import { createSlidingBudget, type SlidingBudget } from './sliding-budget.ts';

export interface Refusal {
  readonly facet: Facet;
  readonly retryAfterSeconds: number;
}

/** A request that was let in. */
export interface Admission {
  /** When it will be over, as soon as that is known. */
  endsAtMs: number | null;
}

export interface ServiceProtection {
  /** Counts the request, then lets it in or refuses it. */
  enter(nowMs: number): Admission | Refusal;
  /** What it took counts from the moment that it ends: only then does a server know (api-limits.md: a limit is exceeded before it acts). */
  leave(admission: Admission, atMs: number, executionMs: number): void;
  /** Requests under way. */
  readonly running: number;
  remaining(nowMs: number): { readonly requests: number; readonly executionMs: number };
}

type Limits = Omit<LimitSettings, 'executionTimes'>;

export const isRefusal = (outcome: Admission | Refusal): outcome is Refusal => 'facet' in outcome;

export function createServiceProtection(limits: Limits): ServiceProtection {
  const requests = createSlidingBudget({ limit: limits.requests, windowMs: limits.windowMs });
  const executionMs = createSlidingBudget({ limit: limits.executionMs, windowMs: limits.windowMs });
  const windows = [createGuard('requests', requests, limits), createGuard('executionTime', executionMs, limits)];
  const underWay = new Set<Admission>();

  function concurrencyRefusal(nowMs: number): Refusal {
    let nextEndMs = nowMs;
    for (const { endsAtMs } of underWay) {
      if (endsAtMs !== null && (nextEndMs === nowMs || endsAtMs < nextEndMs)) nextEndMs = endsAtMs;
    }
    return { facet: 'concurrentRequests', retryAfterSeconds: wholeSeconds(nextEndMs - nowMs) };
  }

  return {
    enter(nowMs) {
      const closed = limits.isEnforced ? windows.find((window) => window.isClosedAt(nowMs)) : undefined;
      // A refused request is a request.
      requests.add(nowMs, 1);
      if (closed !== undefined) return closed.refuse(nowMs);
      if (limits.isEnforced && underWay.size >= limits.concurrentRequests) return concurrencyRefusal(nowMs);
      const admission: Admission = { endsAtMs: null };
      underWay.add(admission);
      return admission;
    },
    leave(admission, atMs, tookMs) {
      underWay.delete(admission);
      if (tookMs > 0) executionMs.add(atMs, tookMs);
    },
    get running() {
      return underWay.size;
    },
    remaining: (nowMs) => ({ requests: requests.leftAt(nowMs), executionMs: executionMs.leftAt(nowMs) }),
  };
}

interface Guard {
  isClosedAt(nowMs: number): boolean;
  refuse(nowMs: number): Refusal;
}

/**
 * Stays closed until there is room and the wait that was asked for is over; asking earlier makes the wait longer. It is told in whole
 * seconds, rounded up, but ends when it ends: were the rounding part of it, lanes that each wait as told would shut each other out for ever.
 */
function createGuard(facet: Facet, budget: SlidingBudget, { ignoredRetryAfterMs, longestRetryAfterMs }: Limits): Guard {
  let waitEndsMs = Number.NEGATIVE_INFINITY;
  return {
    isClosedAt: (nowMs) => budget.roomAtMs() > nowMs || waitEndsMs > nowMs,
    refuse(nowMs) {
      const isIgnored = waitEndsMs > nowMs;
      const longerMs = isIgnored ? Math.min(waitEndsMs + ignoredRetryAfterMs, nowMs + longestRetryAfterMs) : nowMs;
      waitEndsMs = Math.max(budget.roomAtMs(), longerMs, waitEndsMs);
      return { facet, retryAfterSeconds: wholeSeconds(waitEndsMs - nowMs) };
    },
  };
}

const wholeSeconds = (durationMs: number): number => Math.max(1, Math.ceil(durationMs / 1000));
