import { type Run, type Source, type SourceCheck, isFinal } from '@crm-sync/client';
import { DefaultButton, PrimaryButton } from '@fluentui/react';
import * as React from 'react';
import { hashOf } from '../../app/routes.ts';
import { Facts } from '../../components/Facts.tsx';
import { RunStateLabel } from '../../components/RunStateLabel.tsx';
import { Time } from '../../components/Time.tsx';
import { formatCount } from '../../format/numbers.ts';
import { useAction } from '../../loading/useAction.ts';
import { useApi } from '../../session/ApiContext.ts';
import { words } from '../../words/index.ts';
import { CheckResult } from './CheckResult.tsx';
import { WaitingRemovals } from './WaitingRemovals.tsx';

const shownCounts = ['read', 'written', 'unchanged', 'failed'] as const;

const LastRun: React.FunctionComponent<{ readonly run: Run }> = ({ run }) => (
  <>
    <dl className="tiles">
      {shownCounts.map((name) => (
        <div key={name} className={name === 'failed' && run.counts.failed > 0 ? 'tile tile-bad' : 'tile'}>
          <dt>{words.counts[name]}</dt>
          <dd>{formatCount(run.counts[name])}</dd>
        </div>
      ))}
    </dl>
    {run.error && (
      <p>
        {run.error.title}. {run.error.help}
      </p>
    )}
  </>
);

export interface SourceCardProps {
  readonly source: Source;
  readonly onStart: () => void;
}

/** One connected CRM: how its last run went, whether it answers, and the button that starts a sync. */
export const SourceCard: React.FunctionComponent<SourceCardProps> = ({ source, onStart }) => {
  const { lastRun } = source;
  const api = useApi();
  const connection = useAction<void, SourceCheck>(() => api.checkSource(source.id));
  const [next] = [...source.schedules].sort((one, other) => one.nextOn.localeCompare(other.nextOn));
  const isRunning = lastRun !== undefined && !isFinal(lastRun);
  const lastRunAddress = lastRun && hashOf({ name: 'run', runId: lastRun.id });
  const facts = [
    { name: words.overview.connector, value: source.connector },
    { name: words.overview.tables, value: words.list(source.tables.map((table) => words.table[table])) },
    ...(next
      ? [
          {
            name: words.overview.nextRun,
            value: (
              <>
                {words.mode[next.mode]} · <Time instant={next.nextOn} isPlanned />
              </>
            ),
          },
        ]
      : []),
    ...(lastRun
      ? [
          {
            name: words.overview.lastRun,
            value: (
              <>
                <a href={lastRunAddress}>
                  {words.mode[lastRun.mode]}
                  {lastRun.isDryRun && `, ${words.dryRun}`}
                </a>{' '}
                · <Time instant={lastRun.finishedOn ?? lastRun.startedOn ?? lastRun.requestedOn} />
              </>
            ),
          },
        ]
      : []),
  ];
  return (
    <article className="card" aria-label={source.name}>
      <div className="card-heading">
        <h2>{source.name}</h2>
        <RunStateLabel run={lastRun} />
      </div>
      <Facts facts={facts} />
      {lastRun ? <LastRun run={lastRun} /> : <p>{words.overview.neverText}</p>}
      <WaitingRemovals source={source} />
      <CheckResult connection={connection} />
      <div className="actions">
        {isRunning ? (
          <PrimaryButton text={words.overview.watch} href={lastRunAddress} />
        ) : (
          <PrimaryButton text={words.overview.start} onClick={onStart} />
        )}
        <DefaultButton text={words.overview.check} onClick={() => connection.start()} disabled={connection.isUnderWay} />
      </div>
    </article>
  );
};
