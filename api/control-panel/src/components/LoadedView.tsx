import { MessageBar, MessageBarType } from '@fluentui/react';
import * as React from 'react';
import type { Loaded } from '../loading/useLoad.ts';
import { words } from '../words/index.ts';
import { Loading } from './Loading.tsx';
import { ProblemFace } from './ProblemFace.tsx';

export interface LoadedViewProps<Value> {
  readonly loaded: Loaded<Value>;
  /** There is no other heading on the page while nothing is there. */
  readonly isWholePage?: boolean;
  readonly children: (value: Value) => React.ReactNode;
}

/** Loading, failed or there: the three faces of anything that is fetched. What was there stays when a refresh fails. */
export const LoadedView = <Value,>({ loaded, isWholePage, children }: LoadedViewProps<Value>): React.ReactElement => {
  const { value, problem, isLoading, reload } = loaded;
  if (value === undefined) {
    return problem && !isLoading ? <ProblemFace problem={problem} isWholePage={isWholePage} onRetry={reload} /> : <Loading />;
  }
  return (
    <>
      {problem && (
        <MessageBar messageBarType={MessageBarType.warning}>
          {words.problem.stale} {problem.title}. {problem.help}
        </MessageBar>
      )}
      {children(value)}
    </>
  );
};
