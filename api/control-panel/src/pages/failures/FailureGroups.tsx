import type { DecideFailures, DecidedFailures, FailureGroup } from '@crm-sync/client';
import { WarningIcon } from '@crm-sync/ui';
import { DefaultButton, MessageBar, MessageBarType, PrimaryButton } from '@fluentui/react';
import * as React from 'react';
import { EmptyFace } from '../../components/EmptyFace.tsx';
import { LoadedView } from '../../components/LoadedView.tsx';
import { ProblemBar } from '../../components/ProblemBar.tsx';
import { formatCount } from '../../format/numbers.ts';
import { useAction } from '../../loading/useAction.ts';
import { useLoad } from '../../loading/useLoad.ts';
import { useApi } from '../../session/ApiContext.ts';
import { words } from '../../words/index.ts';
import { FailedRecords } from './FailedRecords.tsx';

const refreshMs = 10_000;

interface GroupProps {
  readonly sourceId: string;
  readonly group: FailureGroup;
  readonly onDone: () => void;
}

const Group: React.FunctionComponent<GroupProps> = ({ sourceId, group, onDone }) => {
  const { table, code, count, isIgnored, help } = group;
  const api = useApi();
  const [isOpen, setIsOpen] = React.useState(false);
  const deciding = useAction<DecideFailures['action'], DecidedFailures & Pick<DecideFailures, 'action'>>(
    async (action) => ({ ...(await api.decideFailures(sourceId, { action, table, code })), action }),
    onDone,
  );
  const { result } = deciding;
  const name = words.failures.count(count, formatCount(count), words.table[table]);
  return (
    <article className="card failure-group" aria-label={`${name} ${code}`}>
      <h2>
        <span className={isIgnored ? 'quiet' : 'bad'}>
          <WarningIcon />
        </span>{' '}
        {name} <code>{code}</code> {isIgnored && <span className="quiet">{words.failures.ignored}</span>}
      </h2>
      <p>{help}</p>
      <div role="status">
        {result && (
          <MessageBar messageBarType={MessageBarType.success}>
            {result.action === 'retry'
              ? words.failures.asked(result.decided, formatCount(result.decided))
              : words.failures.left(result.decided, formatCount(result.decided))}
          </MessageBar>
        )}
      </div>
      {deciding.problem && <ProblemBar problem={deciding.problem} />}
      <div className="actions">
        <PrimaryButton
          text={deciding.isUnderWay ? words.failures.retrying : words.failures.retryAll}
          disabled={deciding.isUnderWay}
          onClick={() => deciding.start('retry')}
        />
        {!isIgnored && (
          <DefaultButton text={words.failures.ignore} disabled={deciding.isUnderWay} onClick={() => deciding.start('ignore')} />
        )}
        {!isOpen && <DefaultButton text={words.failures.show} onClick={() => setIsOpen(true)} />}
      </div>
      {/* The count as key: what has succeeded meanwhile leaves the list. */}
      {isOpen && <FailedRecords key={count} sourceId={sourceId} group={group} />}
    </article>
  );
};

/** One card for each reason, the most frequent first. */
export const FailureGroups: React.FunctionComponent<{ readonly sourceId: string }> = ({ sourceId }) => {
  const api = useApi();
  const loaded = useLoad(
    React.useCallback((signal: AbortSignal) => api.failures(sourceId, { limit: 1 }, signal), [api, sourceId]),
    () => refreshMs,
  );
  return (
    <LoadedView loaded={loaded}>
      {({ groups }) =>
        groups.length === 0 ? (
          <EmptyFace title={words.failures.emptyTitle} text={words.failures.emptyText} />
        ) : (
          <>
            {groups.map((group) => (
              <Group
                key={`${group.table} ${group.code} ${String(group.isIgnored)}`}
                sourceId={sourceId}
                group={group}
                onDone={loaded.reload}
              />
            ))}
          </>
        )
      }
    </LoadedView>
  );
};
