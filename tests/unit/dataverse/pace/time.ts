/** A clock that a test moves, and sleepers that wake when it has moved far enough. */
export const createTime = () => {
  let nowMs = 1_000_000;
  let sleepers: { readonly untilMs: number; readonly wake: () => void }[] = [];
  return {
    clock: { nowMs: () => nowMs },
    sleep: (waitMs: number, signal: AbortSignal) =>
      new Promise<void>((resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
        sleepers.push({ untilMs: nowMs + waitMs, wake: resolve });
      }),
    /** Lets time pass, waking each sleeper at its own moment and letting it act before the next wakes. */
    pass: async (ms: number): Promise<void> => {
      const endMs = nowMs + ms;
      for (;;) {
        await new Promise((resolve) => setImmediate(resolve));
        const next = sleepers.toSorted((left, right) => left.untilMs - right.untilMs)[0];
        if (next === undefined || next.untilMs > endMs) break;
        nowMs = Math.max(nowMs, next.untilMs);
        sleepers = sleepers.filter((sleeper) => sleeper !== next);
        next.wake();
      }
      nowMs = endMs;
    },
  };
};
