import { type Run, type RunPart, isFinal } from '@crm-sync/client';
import { StateDot, type Tone } from '@crm-sync/ui';
import * as React from 'react';
import { NumberTable } from '../../components/NumberTable.tsx';
import { formatCount } from '../../format/numbers.ts';
import { words } from '../../words/index.ts';

const countNames = ['read', 'written', 'unchanged', 'stale', 'filtered', 'failed', 'withheld'] as const;
type ShownState = keyof typeof words.partState;
const tones: Readonly<Record<ShownState, Tone>> = {
  waiting: 'neutral',
  running: 'busy',
  complete: 'good',
  stopped: 'neutral',
  notReached: 'neutral',
};

/** A part that still waits when the run is over was never begun. */
const shownState = ({ state }: RunPart, isOver: boolean): ShownState => (isOver && state === 'waiting' ? 'notReached' : state);

const columnsFor = (isDryRun: boolean) => [
  { key: 'table', name: words.run.part },
  { key: 'state', name: words.run.partState },
  ...countNames.map((name) => ({
    key: name,
    name: name === 'withheld' && isDryRun ? words.counts.wouldBeWritten : words.counts[name],
    isNumber: true,
  })),
];

const cellsOf = (part: RunPart, isOver: boolean): Readonly<Record<string, React.ReactNode>> => {
  const state = shownState(part, isOver);
  return {
    table: words.table[part.table],
    state: <StateDot tone={tones[state]}>{words.partState[state]}</StateDot>,
    ...Object.fromEntries(countNames.map((name) => [name, formatCount(part.counts[name])])),
  };
};

/** The run, table by table. */
export const RunParts: React.FunctionComponent<{ readonly run: Run }> = ({ run }) =>
  run.parts.length === 0 ? null : (
    <section>
      <h2>{words.run.parts}</h2>
      <NumberTable
        label={words.run.parts}
        columns={columnsFor(run.isDryRun)}
        rows={run.parts.map((part) => ({ key: part.table, cells: cellsOf(part, isFinal(run)) }))}
      />
    </section>
  );
