import { ApiProblem } from '@crm-sync/client';
import * as React from 'react';
import { words } from '../words/index.ts';

export interface Loaded<Value> {
  /** The newest that came; stays while a later attempt runs or after it failed. */
  readonly value?: Value;
  /** Of the last attempt. */
  readonly problem?: ApiProblem;
  readonly isLoading: boolean;
  readonly reload: () => void;
}

export const asProblem = (error: unknown): ApiProblem =>
  error instanceof ApiProblem
    ? error
    : new ApiProblem(
        {
          code: 'client.unexpected',
          title: words.problem.unexpectedTitle,
          help: words.problem.unexpectedHelp,
          reference: '',
          status: 0,
          isRetryable: true,
        },
        error,
      );

/**
 * Loads when first shown, when `load` changes (keep it stable with `useCallback`), on `reload`, and when the network comes back.
 * `refreshAfterMs` says how long a value is good; undefined: until something else happens.
 */
export const useLoad = <Value>(
  load: (signal: AbortSignal) => Promise<Value>,
  refreshAfterMs?: (value: Value) => number | undefined,
): Loaded<Value> => {
  const [state, setState] = React.useState<Omit<Loaded<Value>, 'reload'>>({ isLoading: true });
  const [attempt, setAttempt] = React.useState(0);
  const reload = React.useCallback(() => setAttempt((count) => count + 1), []);

  React.useEffect(() => {
    const left = new AbortController();
    setState((before) => ({ ...before, isLoading: true }));
    load(left.signal).then(
      (value) => {
        if (!left.signal.aborted) setState({ value, isLoading: false });
      },
      (error: unknown) => {
        if (!left.signal.aborted) setState((before) => ({ ...before, problem: asProblem(error), isLoading: false }));
      },
    );
    return () => left.abort();
  }, [load, attempt]);

  const delayMs = state.value !== undefined && !state.isLoading ? refreshAfterMs?.(state.value) : undefined;
  React.useEffect(() => {
    if (delayMs === undefined) return undefined;
    const timer = setTimeout(reload, delayMs);
    return () => clearTimeout(timer);
  }, [delayMs, reload, state]);

  const hasProblem = state.problem !== undefined;
  React.useEffect(() => {
    if (!hasProblem) return undefined;
    window.addEventListener('online', reload);
    return () => window.removeEventListener('online', reload);
  }, [hasProblem, reload]);

  return { ...state, reload };
};
