import type { Run, RunStore } from '../store/runs/types.ts';

/** What every step of a run needs. */
export interface RunTableContext {
  readonly run: Run;
  readonly runs: RunStore;
  readonly signal: AbortSignal;
  /** Throws `RunStopped` when the worker is to leave; between two pages. */
  readonly throwIfAsked: () => void;
}
