import type { SourceCheck } from '@crm-sync/client';
import { StateDot } from '@crm-sync/ui';
import * as React from 'react';
import { ProblemBar } from '../../components/ProblemBar.tsx';
import { formatDuration } from '../../format/numbers.ts';
import type { Action } from '../../loading/useAction.ts';
import { words } from '../../words/index.ts';

/** Below this, two clocks are as good as equal: records are read with an overlap. */
const notableSkewMs = 5_000;

const sentence = ({ tookMilliseconds, clockSkewMilliseconds = 0 }: SourceCheck): string => {
  const answer = words.overview.reachable(formatDuration(tookMilliseconds));
  const skewMs = Math.abs(clockSkewMilliseconds);
  return skewMs < notableSkewMs ? answer : `${answer}. ${words.overview.clockSkew(formatDuration(skewMs))}`;
};

/** What "Check connection" found; announced when it comes. */
export const CheckResult: React.FunctionComponent<{ readonly connection: Action<void, SourceCheck> }> = ({ connection }) => (
  <div role="status">
    {connection.isUnderWay && <StateDot tone="busy">{words.overview.checking}</StateDot>}
    {connection.result && <StateDot tone="good">{sentence(connection.result)}</StateDot>}
    {connection.problem && <ProblemBar problem={connection.problem} />}
  </div>
);
