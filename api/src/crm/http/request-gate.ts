import type { OperationName } from '../manifest/schema/parts.ts';

export interface RateLimit {
  readonly requests: number;
  readonly perMs: number;
  /** Only these count; all when left out. */
  readonly on?: readonly OperationName[];
}

export interface GateOptions {
  readonly concurrency: number;
  readonly rates: readonly RateLimit[];
  readonly nowMs: () => number;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

interface Waiter {
  readonly enter: () => void;
  readonly isUrgent: boolean;
}

/** Daily budgets go into the millions; a ring of so many times would be all of our memory. */
const maxTimes = 10_000;

/**
 * When a request may go so that no window of `perMs` ever holds more than `requests`: a ring of the last times of going. Of large
 * budgets only every so many-th time is kept, so they let up to one such step fewer out, never more.
 */
const createWindow = ({ requests, perMs, on }: RateLimit) => {
  const step = Math.ceil(requests / maxTimes);
  const times: number[] = new Array<number>(Math.floor(requests / step)).fill(Number.NEGATIVE_INFINITY);
  let next = 0;
  let inStep = 0;
  return {
    counts: (operation: OperationName | undefined) => on === undefined || (operation !== undefined && on.includes(operation)),
    freeAtMs: () => (inStep === 0 ? (times[next] ?? 0) + perMs : Number.NEGATIVE_INFINITY),
    take: (atMs: number) => {
      // The step counts as gone when its last request goes: too late is the safe side.
      times[next] = atMs;
      inStep += 1;
      if (inStep < step) return;
      inStep = 0;
      next = (next + 1) % times.length;
    },
  };
};

/** Lets requests out to one CRM: so many at a time, so many in a time, none while the CRM wants rest. */
export interface RequestGate {
  /** Resolves to the function that leaves again. Urgent requests (a person waits) go before all that wait. */
  enter(options: { readonly isUrgent: boolean; readonly operation?: OperationName; readonly signal: AbortSignal }): Promise<() => void>;
  /** Nobody goes before then: the CRM has said so, or is failing. */
  rest(untilMs: number): void;
  /** Only what a person waits for goes before then: the rest of the budget is kept. */
  spare(untilMs: number): void;
  /** How long such a request does not go for those reasons. */
  restsForMs(isUrgent: boolean): number;
}

export const createRequestGate = ({ concurrency, rates, nowMs, sleep }: GateOptions): RequestGate => {
  const windows = rates.map(createWindow);
  const waiters: Waiter[] = [];
  let running = 0;
  let restUntilMs = Number.NEGATIVE_INFINITY;
  let spareUntilMs = Number.NEGATIVE_INFINITY;

  const leave = (): void => {
    running -= 1;
    const urgent = waiters.findIndex(({ isUrgent }) => isUrgent);
    const [next] = waiters.splice(Math.max(urgent, 0), 1);
    next?.enter();
  };

  const takePlace = (isUrgent: boolean, signal: AbortSignal): Promise<void> => {
    if (running < concurrency) {
      running += 1;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        waiters.splice(waiters.indexOf(waiter), 1);
        reject(signal.reason as Error);
      };
      const waiter: Waiter = {
        isUrgent,
        enter: () => {
          signal.removeEventListener('abort', onAbort);
          running += 1;
          resolve();
        },
      };
      signal.addEventListener('abort', onAbort, { once: true });
      waiters.push(waiter);
    });
  };

  const waitForTime = async (operation: OperationName | undefined, signal: AbortSignal): Promise<void> => {
    const counting = windows.filter((window) => window.counts(operation));
    for (;;) {
      const now = nowMs();
      const freeAtMs = Math.max(restUntilMs, ...counting.map((window) => window.freeAtMs()));
      if (freeAtMs <= now) {
        for (const window of counting) window.take(now);
        return;
      }
      await sleep(freeAtMs - now, signal);
    }
  };

  return {
    enter: async ({ isUrgent, operation, signal }) => {
      signal.throwIfAborted();
      // Before it has a place: whoever waits here must not keep the places from those who may go.
      while (!isUrgent && spareUntilMs > nowMs()) await sleep(spareUntilMs - nowMs(), signal);
      await takePlace(isUrgent, signal);
      let hasLeft = false;
      const leaveOnce = (): void => {
        if (!hasLeft) leave();
        hasLeft = true;
      };
      try {
        await waitForTime(operation, signal);
        return leaveOnce;
      } catch (error) {
        leaveOnce();
        throw error;
      }
    },
    rest: (untilMs) => {
      restUntilMs = Math.max(restUntilMs, untilMs);
    },
    spare: (untilMs) => {
      spareUntilMs = Math.max(spareUntilMs, untilMs);
    },
    restsForMs: (isUrgent) => Math.max(0, restUntilMs - nowMs(), isUrgent ? 0 : spareUntilMs - nowMs()),
  };
};
