import type { Run, RunStore } from '../store/types.ts';

/** What every step of a run needs. */
export interface RunTableContext {
  readonly run: Run;
  readonly runs: RunStore;
  readonly signal: AbortSignal;
  /** Throws `RunCancelled` when somebody asked for that; between two pages. */
  readonly throwIfCancelled: () => void;
}
