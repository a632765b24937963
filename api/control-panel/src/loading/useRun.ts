import { type ApiProblem, type Run, type RunDetail, isFinal } from '@crm-sync/client';
import * as React from 'react';
import { useApi } from '../session/ApiContext.ts';
import { type Loaded, asProblem, useLoad } from './useLoad.ts';

export interface WatchedRun {
  readonly loaded: Loaded<RunDetail>;
  /** The newest that is known: of the live stream, else as loaded. */
  readonly run?: Run;
  readonly isInterrupted: boolean;
  /** Why the live stream was given up. */
  readonly watchProblem?: ApiProblem;
  readonly watchAgain: () => void;
}

/** A run that fails at every record must not make us ask for its failures without a pause. */
const failuresAfterMs = 1_000;

/** A run with its failures, live until it is final. The failures are fetched again when the stream says that there are more. */
export const useRun = (runId: string): WatchedRun => {
  const api = useApi();
  const [live, setLive] = React.useState<Run>();
  const [isInterrupted, setIsInterrupted] = React.useState(false);
  const [watchProblem, setWatchProblem] = React.useState<ApiProblem>();
  const loaded = useLoad(React.useCallback((signal: AbortSignal) => api.run(runId, signal), [api, runId]));
  const { value, isLoading, reload } = loaded;

  const isWatched = value !== undefined && !isFinal(value.run) && watchProblem === undefined;
  React.useEffect(() => {
    if (!isWatched) return undefined;
    const left = new AbortController();
    api
      .watchRun(runId, {
        signal: left.signal,
        onRun: (run) => {
          setLive(run);
          setIsInterrupted(false);
        },
        onInterrupted: () => setIsInterrupted(true),
      })
      .catch((error: unknown) => setWatchProblem(asProblem(error)));
    return () => left.abort();
  }, [api, runId, isWatched]);

  const isOver = live !== undefined && isFinal(live);
  const hasProblem = loaded.problem !== undefined;
  const isBehind =
    value !== undefined && live !== undefined && !isFinal(value.run) && (isOver || live.counts.failed > value.run.counts.failed);
  React.useEffect(() => {
    if (!isBehind || isLoading) return undefined;
    const timer = setTimeout(reload, isOver && !hasProblem ? 0 : failuresAfterMs);
    return () => clearTimeout(timer);
  }, [isBehind, isLoading, hasProblem, isOver, reload]);

  const loadedRun = value?.run;
  const run = loadedRun && isFinal(loadedRun) ? loadedRun : (live ?? loadedRun);
  return {
    loaded,
    run,
    isInterrupted,
    watchAgain: React.useCallback(() => setWatchProblem(undefined), []),
    watchProblem,
  };
};
