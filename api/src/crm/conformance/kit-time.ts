/** Time as the connectors under test know it: the caller’s, ahead of it by what was waited for in pretence. */
export interface KitTime {
  nowMs(): number;
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** From now on sleeping only moves the clock. */
  pretend(): void;
  /** From now on sleeping is sleeping. */
  wait(): void;
  /** All that was slept in pretence, so far. */
  pretendedMs(): number;
}

export const createKitTime = (options: {
  readonly clock: { nowMs(): number };
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}): KitTime => {
  let aheadMs = 0;
  let isPretending = false;
  return {
    nowMs: () => options.clock.nowMs() + aheadMs,
    sleep: async (ms, signal) => {
      signal.throwIfAborted();
      if (isPretending) aheadMs += ms;
      else await options.sleep(ms, signal);
    },
    pretend: () => {
      isPretending = true;
    },
    wait: () => {
      isPretending = false;
    },
    pretendedMs: () => aheadMs,
  };
};
