export interface Loop {
  start(): void;
  /** Resolves once nothing of it is under way. */
  stop(): Promise<void>;
}

/** Does something again and again, from now on until it is stopped. `work` meets its own failures. */
export const createLoop = (options: {
  readonly work: (signal: AbortSignal) => Promise<void>;
  readonly everyMs: number;
  /** Rejects when the signal aborts. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}): Loop => {
  const stopping = new AbortController();
  let running: Promise<void> | undefined;
  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await options.work(stopping.signal);
      await options.sleep(options.everyMs, stopping.signal).catch(() => undefined);
    }
  };
  return {
    start() {
      running ??= run();
    },
    async stop() {
      stopping.abort();
      await running;
    },
  };
};
