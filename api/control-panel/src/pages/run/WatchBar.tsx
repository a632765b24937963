import { MessageBar, MessageBarButton, MessageBarType } from '@fluentui/react';
import * as React from 'react';
import type { WatchedRun } from '../../loading/useRun.ts';
import { words } from '../../words/index.ts';

/** Says that the numbers have stopped moving because the connection has, not the run. */
export const WatchBar: React.FunctionComponent<{ readonly watched: WatchedRun }> = ({
  watched: { watchProblem, isInterrupted, watchAgain },
}) => {
  if (watchProblem) {
    return (
      <MessageBar messageBarType={MessageBarType.error} actions={<MessageBarButton text={words.tryAgain} onClick={watchAgain} />}>
        {words.problem.stale} {watchProblem.title}. {watchProblem.help}
      </MessageBar>
    );
  }
  return isInterrupted ? <MessageBar messageBarType={MessageBarType.warning}>{words.run.interrupted}</MessageBar> : null;
};
