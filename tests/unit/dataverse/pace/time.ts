interface Sleeper {
  readonly untilMs: number;
  readonly wake: () => void;
}

/** A clock that a test moves, and sleepers that wake when it has moved far enough. */
export const createTime = () => {
  let nowMs = 1_000_000;
  let sleepers: Sleeper[] = [];
  return {
    clock: { nowMs: () => nowMs },
    sleep: (waitMs: number, signal: AbortSignal) =>
      new Promise<void>((resolve, reject) => {
        const wake = (): void => {
          signal.removeEventListener('abort', onAbort);
          resolve();
        };
        const sleeper = { untilMs: nowMs + waitMs, wake };
        const onAbort = (): void => {
          sleepers = sleepers.filter((other) => other !== sleeper);
          reject(signal.reason as Error);
        };
        signal.addEventListener('abort', onAbort, { once: true });
        sleepers.push(sleeper);
      }),
    /** Time has passed, and the event loop was busy with something else: nobody has been woken yet. */
    passUnnoticed: (ms: number): void => {
      nowMs += ms;
    },
    /** Lets time pass, waking each sleeper at its own moment and letting it act before the next wakes. */
    pass: async (ms: number): Promise<void> => {
      const endMs = nowMs + ms;
      for (;;) {
        await new Promise((resolve) => setImmediate(resolve));
        const next = sleepers.reduce<Sleeper | undefined>(
          (first, one) => (first !== undefined && first.untilMs <= one.untilMs ? first : one),
          undefined,
        );
        if (next === undefined || next.untilMs > endMs) break;
        nowMs = Math.max(nowMs, next.untilMs);
        sleepers = sleepers.filter((sleeper) => sleeper !== next);
        next.wake();
      }
      nowMs = endMs;
    },
  };
};
