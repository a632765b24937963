import type { FailedRecord, Run } from '@crm-sync/client';
import * as React from 'react';
import { PageHeading } from '../../app/PageHeading.tsx';
import { hashOf } from '../../app/routes.ts';
import { LoadedView } from '../../components/LoadedView.tsx';
import { Loading } from '../../components/Loading.tsx';
import { ProblemBar } from '../../components/ProblemBar.tsx';
import { RunStateLabel } from '../../components/RunStateLabel.tsx';
import { BackIcon } from '../../components/icons.tsx';
import { useRun } from '../../loading/useRun.ts';
import { words } from '../../words/index.ts';
import { Failures } from './Failures.tsx';
import { PlannedChangesList } from './PlannedChangesList.tsx';
import { RunActions } from './RunActions.tsx';
import { RunFacts } from './RunFacts.tsx';
import { RunNotes } from './RunNotes.tsx';
import { RunParts } from './RunParts.tsx';
import { RunProgress } from './RunProgress.tsx';
import { VerifyReport } from './VerifyReport.tsx';
import { type RunContext, useRunContext } from './useRunContext.ts';
import { WatchBar } from './WatchBar.tsx';

interface RunViewProps {
  readonly run: Run;
  readonly failures: readonly FailedRecord[];
  readonly context: RunContext;
}

const RunView: React.FunctionComponent<RunViewProps> = ({ run, failures, context }) => (
  <>
    <PageHeading title={words.runTitle(run.mode, run.isDryRun, context.source?.name ?? run.sourceId)}>
      <RunStateLabel run={run} />
      <RunActions run={run} source={context.source} />
    </PageHeading>
    {run.error && <ProblemBar problem={run.error} />}
    <RunNotes run={run} />
    <RunProgress run={run} earlierRuns={context.earlierRuns} />
    {run.mode === 'verify' && <VerifyReport run={run} />}
    {run.isDryRun && <PlannedChangesList run={run} />}
    <Failures failures={failures} failedCount={run.counts.failed} />
    <RunParts run={run} />
    <RunFacts run={run} />
  </>
);

/** One run: where it is, what it did, what failed and why; live until it is over. */
export const RunPage: React.FunctionComponent<{ readonly runId: string }> = ({ runId }) => {
  const watched = useRun(runId);
  const context = useRunContext(watched.run?.sourceId);
  return (
    <>
      <a className="back" href={hashOf({ name: 'runs' })}>
        <BackIcon /> {words.run.back}
      </a>
      <WatchBar watched={watched} />
      <LoadedView isWholePage loaded={watched.loaded}>
        {(detail) => (context ? <RunView run={watched.run ?? detail.run} failures={detail.failures} context={context} /> : <Loading />)}
      </LoadedView>
    </>
  );
};
