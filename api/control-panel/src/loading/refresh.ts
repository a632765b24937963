import { type Run, isFinal } from '@crm-sync/client';

/** Lists follow a run that is under way by asking again; the run's own page is told by the server. */
const refreshEveryMs = 5_000;

export const refreshWhileRunning = (runs: readonly (Run | undefined)[]): number | undefined =>
  runs.some((run) => run !== undefined && !isFinal(run)) ? refreshEveryMs : undefined;
