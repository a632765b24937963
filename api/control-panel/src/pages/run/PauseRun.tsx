import type { Run } from '@crm-sync/client';
import { DefaultButton, PrimaryButton } from '@fluentui/react';
import * as React from 'react';
import { ProblemBar } from '../../components/ProblemBar.tsx';
import { useAction } from '../../loading/useAction.ts';
import { useApi } from '../../session/ApiContext.ts';
import { words } from '../../words/index.ts';

/** Lets a run wait, or go on. What comes of it is seen in the run itself, which is watched. */
export const PauseRun: React.FunctionComponent<{ readonly run: Run }> = ({ run }) => {
  const api = useApi();
  const pausing = useAction<void, Run>(() => api.pauseRun(run.id));
  const resuming = useAction<void, Run>(() => api.resumeRun(run.id));
  const problem = pausing.problem ?? resuming.problem;
  return (
    <>
      {run.state === 'paused' ? (
        <PrimaryButton
          text={resuming.isUnderWay ? words.run.resuming : words.run.resume}
          disabled={resuming.isUnderWay}
          onClick={() => resuming.start()}
        />
      ) : (
        <DefaultButton
          text={pausing.isUnderWay ? words.run.pausing : words.run.pause}
          disabled={pausing.isUnderWay}
          onClick={() => pausing.start()}
        />
      )}
      {problem && <ProblemBar problem={problem} />}
    </>
  );
};
