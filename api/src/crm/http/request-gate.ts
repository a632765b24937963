export interface RateLimit {
  readonly requests: number;
  readonly perMs: number;
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

/** When a request may go so that no window of `perMs` ever holds more than `requests`: a ring of the last times of going. */
const createWindow = ({ requests, perMs }: RateLimit) => {
  const times: number[] = new Array<number>(requests).fill(Number.NEGATIVE_INFINITY);
  let next = 0;
  return {
    freeAtMs: () => (times[next] ?? 0) + perMs,
    take: (atMs: number) => {
      times[next] = atMs;
      next = (next + 1) % requests;
    },
  };
};

/** Lets requests out to one CRM: so many at a time, so many in a time, none while the CRM wants rest. */
export interface RequestGate {
  /** Resolves to the function that leaves again. Urgent requests (a person waits) go before all that wait. */
  enter(options: { readonly isUrgent: boolean; readonly signal: AbortSignal }): Promise<() => void>;
  /** Nobody goes before then: the CRM has said so, or is failing. */
  rest(untilMs: number): void;
}

export const createRequestGate = ({ concurrency, rates, nowMs, sleep }: GateOptions): RequestGate => {
  const windows = rates.map(createWindow);
  const waiters: Waiter[] = [];
  let running = 0;
  let restUntilMs = Number.NEGATIVE_INFINITY;

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

  const waitForTime = async (signal: AbortSignal): Promise<void> => {
    for (;;) {
      const now = nowMs();
      const freeAtMs = Math.max(restUntilMs, ...windows.map((window) => window.freeAtMs()));
      if (freeAtMs <= now) {
        for (const window of windows) window.take(now);
        return;
      }
      await sleep(freeAtMs - now, signal);
    }
  };

  return {
    enter: async ({ isUrgent, signal }) => {
      signal.throwIfAborted();
      await takePlace(isUrgent, signal);
      let hasLeft = false;
      const leaveOnce = (): void => {
        if (!hasLeft) leave();
        hasLeft = true;
      };
      try {
        await waitForTime(signal);
        return leaveOnce;
      } catch (error) {
        leaveOnce();
        throw error;
      }
    },
    rest: (untilMs) => {
      restUntilMs = Math.max(restUntilMs, untilMs);
    },
  };
};
