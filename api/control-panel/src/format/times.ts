/** How long a run took, or has taken until now, in milliseconds; undefined before it started. */
export const runDurationMs = (run: { readonly startedOn?: string; readonly finishedOn?: string }, nowMs: number): number | undefined =>
  run.startedOn === undefined
    ? undefined
    : Math.max(0, (run.finishedOn === undefined ? nowMs : Date.parse(run.finishedOn)) - Date.parse(run.startedOn));
