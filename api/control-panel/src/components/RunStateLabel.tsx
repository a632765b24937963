import type { Run, RunState } from '@crm-sync/client';
import { StateDot, type Tone } from '@crm-sync/ui';
import * as React from 'react';
import { words } from '../words/index.ts';

const tones: Readonly<Record<RunState | 'never', Tone>> = {
  queued: 'neutral',
  running: 'busy',
  paused: 'attention',
  succeeded: 'good',
  partial: 'attention',
  suspicious: 'bad',
  failed: 'bad',
  cancelled: 'neutral',
  never: 'neutral',
};

export type RunOutcome = Pick<Run, 'state' | 'mode' | 'counts'>;

/** One state of the API has three causes, and each asks the admin for something else. */
export const runStateText = ({ state, mode, counts }: RunOutcome): string => {
  if (state !== 'partial') return words.state[state];
  if (mode === 'verify') return words.partial.sidesDiffer;
  return counts.failed === 0 ? words.partial.removalsWait : words.state.partial;
};

/** How a run went; without one, that there has been none. */
export const RunStateLabel: React.FunctionComponent<{ readonly run: RunOutcome | undefined }> = ({ run }) => (
  <StateDot tone={tones[run?.state ?? 'never']}>{run ? runStateText(run) : words.state.never}</StateDot>
);
