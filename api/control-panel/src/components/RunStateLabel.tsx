import type { RunState } from '@crm-sync/client';
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

export const RunStateLabel: React.FunctionComponent<{ readonly state: RunState | 'never' }> = ({ state }) => (
  <StateDot tone={tones[state]}>{words.state[state]}</StateDot>
);
