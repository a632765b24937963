import type { RunBody } from '../../../../api/src/contract/runs.ts';

const noCounts = { read: 0, written: 0, unchanged: 0, stale: 0, filtered: 0, failed: 0, withheld: 0 };

export const aRun = (changes: Partial<RunBody> = {}): RunBody => ({
  id: 'run-1',
  sourceId: 'northwind',
  mode: 'full',
  isDryRun: false,
  tables: ['account', 'contact'],
  state: 'running',
  requestedBy: 'user:someone',
  requestedOn: '2026-11-01T10:00:00.000Z',
  counts: noCounts,
  parts: [{ table: 'account', state: 'running', counts: noCounts, workers: 1, slices: 1 }],
  plannedChanges: [],
  notes: [],
  ...changes,
});

/** One state after the other, given out when the test says so. */
export class RunFeed {
  readonly #waiting: ((value: RunBody | Error | null) => void)[] = [];
  readonly #states: (RunBody | Error | null)[] = [];
  readonly #ended = Promise.withResolvers<void>();
  /** Resolves once the watcher was told to stop or has stopped by itself. */
  readonly ended = this.#ended.promise;
  wasAborted = false;

  /** States that nobody has asked for yet. */
  get waitingCount(): number {
    return this.#states.length;
  }

  push(state: RunBody | Error | null): void {
    const next = this.#waiting.shift();
    if (next) next(state);
    else this.#states.push(state);
  }

  async *watch(signal: AbortSignal): AsyncGenerator<RunBody> {
    signal.addEventListener('abort', () => {
      this.wasAborted = true;
      this.push(null);
    });
    try {
      while (!signal.aborted) {
        const state =
          this.#states.length > 0
            ? (this.#states.shift() ?? null)
            : await new Promise<RunBody | Error | null>((resolve) => this.#waiting.push(resolve));
        if (state === null) return;
        if (state instanceof Error) throw state;
        yield state;
      }
    } finally {
      this.#ended.resolve();
    }
  }
}
