import type { ApiProblem } from '@crm-sync/client';
import * as React from 'react';
import { asProblem } from './useLoad.ts';

export interface Action<Argument, Result> {
  readonly start: (argument: Argument) => void;
  readonly isUnderWay: boolean;
  readonly result?: Result;
  readonly problem?: ApiProblem;
}

/** Something that the reader starts, one at a time; `onDone` only while the caller is still shown. */
export const useAction = <Argument, Result>(
  work: (argument: Argument) => Promise<Result>,
  onDone?: (result: Result) => void,
): Action<Argument, Result> => {
  const [state, setState] = React.useState<Omit<Action<Argument, Result>, 'start'>>({ isUnderWay: false });
  const isShown = React.useRef(true);
  React.useEffect(() => {
    isShown.current = true;
    return () => {
      isShown.current = false;
    };
  }, []);
  const start = (argument: Argument) => {
    if (state.isUnderWay) return;
    setState({ isUnderWay: true });
    work(argument).then(
      (result) => {
        if (!isShown.current) return;
        setState({ isUnderWay: false, result });
        onDone?.(result);
      },
      (error: unknown) => {
        if (isShown.current) setState({ isUnderWay: false, problem: asProblem(error) });
      },
    );
  };
  return { ...state, start };
};
