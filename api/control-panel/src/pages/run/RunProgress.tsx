import { type Run, isFinal } from '@crm-sync/client';
import { RunEquation } from '@crm-sync/ui';
import { ProgressIndicator } from '@fluentui/react';
import * as React from 'react';
import { formatCount, formatDuration, formatPercent } from '../../format/numbers.ts';
import { runDurationMs } from '../../format/times.ts';
import { locale, words } from '../../words/index.ts';
import { expectedReads } from './expectedReads.ts';
import { RunAnnouncer } from './RunAnnouncer.tsx';

const speedWords = (run: Run): readonly string[] =>
  run.recordsPerSecond === undefined ? [] : [words.run.perSecond(formatCount(run.recordsPerSecond))];

/** What is known of how far it is, a short phrase each. */
const progressWords = (run: Run, expected: number | undefined): readonly string[] => {
  if (run.state === 'queued') return [words.run.notStarted];
  const isOver = isFinal(run);
  const isPaused = run.state === 'paused';
  const durationMs = isOver ? runDurationMs(run, Date.now()) : undefined;
  const remaining = expected === undefined || isOver ? undefined : expected - run.counts.read;
  return [
    words.run.read(formatCount(run.counts.read)),
    ...(isPaused ? [words.run.paused] : speedWords(run)),
    ...(durationMs === undefined ? [] : [words.run.tookDuration(formatDuration(durationMs))]),
    ...(expected === undefined || isOver ? [] : [words.run.aboutPercent(formatPercent(run.counts.read / expected), formatCount(expected))]),
    ...(remaining === undefined || isPaused || !run.recordsPerSecond
      ? []
      : [words.run.aboutLeft(formatDuration(Math.max(1000, (remaining / run.recordsPerSecond) * 1000)))]),
  ];
};

export interface RunProgressProps {
  readonly run: Run;
  /** Of the same source, newest first: the last full one says about how much there is to read. */
  readonly earlierRuns: readonly Run[];
}

/** How far the run is, how fast, and where every record that it read went. */
export const RunProgress: React.FunctionComponent<RunProgressProps> = ({ run, earlierRuns }) => {
  const expected = expectedReads(run, earlierRuns);
  const { wouldBeWritten, ...equationWords } = words.equation;
  return (
    <section className="card" aria-label={words.run.progress}>
      {run.state === 'running' && (
        <ProgressIndicator
          className="progress"
          ariaLabel={words.run.progressLabel}
          percentComplete={expected === undefined ? undefined : run.counts.read / expected}
        />
      )}
      <p className="progress-words">{progressWords(run, expected).join(' · ')}</p>
      {run.state !== 'queued' && (
        <RunEquation
          counts={run.counts}
          languageTag={locale}
          {...(run.isDryRun
            ? { strings: { ...equationWords, withheld: wouldBeWritten }, tones: { withheld: 'busy' as const } }
            : { strings: equationWords })}
        />
      )}
      <RunAnnouncer run={run} />
    </section>
  );
};
