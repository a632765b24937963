import type { RunStore } from '../store/types.ts';

/** Somebody asked for the run to end. */
export class RunCancelled extends Error {}

export interface CancelWatchDependencies {
  readonly runs: Pick<RunStore, 'get'>;
  /** Rejects when the signal aborts. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

export interface CancelWatch {
  /** Aborts with `RunCancelled`. */
  readonly signal: AbortSignal;
  /** Between two pages: throws `RunCancelled` as soon as it is known. Costs nothing. */
  throwIfAsked(): void;
  stop(): void;
}

const lookEveryMs = 1_000;

/**
 * Looks in the store, where a cancel request of any process is found. A run sees it by itself between two pages, so the page under
 * way gets one more interval to be recorded; what still goes on then is a wait for a CRM or a Dataverse that is away, which can take
 * two minutes, and is called off.
 */
export const watchForCancel = (runId: string, { runs, sleep }: CancelWatchDependencies): CancelWatch => {
  const cancelling = new AbortController();
  const stopping = new AbortController();
  // A store that is away is the run's own trouble: here it only means to look again.
  const isAsked = async (): Promise<boolean> => (await runs.get(runId).catch(() => null))?.isCancelRequested === true;

  let wasAsked = false;
  const watch = async (): Promise<void> => {
    for (;;) {
      await sleep(lookEveryMs, stopping.signal);
      if (wasAsked) return cancelling.abort(new RunCancelled());
      wasAsked = await isAsked();
    }
  };
  // It rejects when it is stopped, and has nothing to tell then.
  watch().catch(() => undefined);

  return {
    signal: cancelling.signal,
    throwIfAsked() {
      if (wasAsked) throw new RunCancelled();
    },
    stop: () => stopping.abort(),
  };
};
