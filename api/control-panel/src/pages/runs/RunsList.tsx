import type { Run } from '@crm-sync/client';
import { DetailsList, DetailsListLayoutMode, type IColumn, SelectionMode } from '@fluentui/react';
import * as React from 'react';
import { hashOf } from '../../app/routes.ts';
import { CopyableText } from '../../components/CopyableText.tsx';
import { RunStateLabel } from '../../components/RunStateLabel.tsx';
import { Time } from '../../components/Time.tsx';
import { formatCount, formatDuration } from '../../format/numbers.ts';
import { runDurationMs } from '../../format/times.ts';
import { useNow } from '../../loading/useNow.ts';
import { words } from '../../words/index.ts';

export interface RunsListProps {
  readonly runs: readonly Run[];
  readonly nameOf: (sourceId: string) => string;
}

const countColumn = (name: 'read' | 'written' | 'failed'): IColumn => ({
  key: name,
  name: words.counts[name],
  minWidth: 62,
  maxWidth: 80,
  className: 'number',
  headerClassName: 'number-header',
  onRender: ({ counts }: Run) => formatCount(counts[name]),
});

const columnsFor = (nameOf: RunsListProps['nameOf'], nowMs: number): IColumn[] => [
  {
    key: 'what',
    name: words.runs.what,
    minWidth: 280,
    isRowHeader: true,
    isMultiline: true,
    onRender: (run: Run) => (
      <>
        <a href={hashOf({ name: 'run', runId: run.id })}>{words.runTitle(run.mode, run.isDryRun, nameOf(run.sourceId))}</a>
        <br />
        <CopyableText text={run.id} what={words.runs.id} />
      </>
    ),
  },
  { key: 'state', name: words.runs.state, minWidth: 160, maxWidth: 180, onRender: (run: Run) => <RunStateLabel run={run} /> },
  { key: 'requested', name: words.runs.requested, minWidth: 96, maxWidth: 120, onRender: (run: Run) => <Time instant={run.requestedOn} /> },
  {
    key: 'took',
    name: words.runs.took,
    minWidth: 88,
    maxWidth: 96,
    className: 'number',
    headerClassName: 'number-header',
    onRender: (run: Run) => {
      const durationMs = runDurationMs(run, nowMs);
      return durationMs === undefined ? '' : formatDuration(durationMs);
    },
  },
  countColumn('read'),
  countColumn('written'),
  countColumn('failed'),
];

export const RunsList: React.FunctionComponent<RunsListProps> = ({ runs, nameOf }) => {
  const nowMs = useNow(
    1_000,
    runs.some((run) => run.startedOn !== undefined && run.finishedOn === undefined),
  );
  return (
    <div className="wide">
      <DetailsList
        ariaLabelForGrid={words.runs.listLabel}
        items={[...runs]}
        columns={columnsFor(nameOf, nowMs)}
        getKey={(run: Run) => run.id}
        selectionMode={SelectionMode.none}
        layoutMode={DetailsListLayoutMode.justified}
        onShouldVirtualize={() => false}
      />
    </div>
  );
};
