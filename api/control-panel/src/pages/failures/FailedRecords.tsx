import type { FailureGroup, OpenFailure } from '@crm-sync/client';
import { DefaultButton } from '@fluentui/react';
import * as React from 'react';
import { CopyableText } from '../../components/CopyableText.tsx';
import { LoadedView } from '../../components/LoadedView.tsx';
import { NumberTable } from '../../components/NumberTable.tsx';
import { Time } from '../../components/Time.tsx';
import { formatCount } from '../../format/numbers.ts';
import { useLoad } from '../../loading/useLoad.ts';
import { useApi } from '../../session/ApiContext.ts';
import { words } from '../../words/index.ts';

const pageLength = 50;
/** The API lists no more at once. */
const longest = 1000;

const columns = [
  { key: 'record', name: words.failures.record },
  { key: 'reason', name: words.failures.reason },
  { key: 'tries', name: words.failures.tries, isNumber: true },
  { key: 'lastSeen', name: words.failures.lastSeen },
  { key: 'next', name: words.failures.next },
  { key: 'note', name: words.failures.note },
];

const nextTry = ({ isIgnored, isRetryAsked, nextRetryOn }: OpenFailure): React.ReactNode => {
  if (isIgnored) return words.failures.ignored;
  if (isRetryAsked) return words.failures.nextNow;
  return nextRetryOn === undefined ? words.failures.nextWithChange : <Time instant={nextRetryOn} isPlanned />;
};

const rowOf = (failure: OpenFailure) => ({
  key: failure.recordId,
  cells: {
    record: <CopyableText text={failure.recordId} what={words.failures.record} />,
    reason: failure.reason,
    tries: formatCount(failure.tries),
    lastSeen: <Time instant={failure.lastSeenOn} />,
    next: nextTry(failure),
    note: failure.note ?? '',
  },
});

/** The records of one reason. */
export const FailedRecords: React.FunctionComponent<{ readonly sourceId: string; readonly group: FailureGroup }> = ({
  sourceId,
  group,
}) => {
  const { table, code, isIgnored } = group;
  const api = useApi();
  const [limit, setLimit] = React.useState(pageLength);
  const load = React.useCallback(
    (signal: AbortSignal) => api.failures(sourceId, { table, code, isIgnored, limit }, signal),
    [api, sourceId, table, code, isIgnored, limit],
  );
  const loaded = useLoad(load);
  return (
    <LoadedView loaded={loaded}>
      {({ records, nextAfter }) => (
        <>
          <NumberTable label={`${words.navigation.failures} ${code}`} columns={columns} rows={records.map(rowOf)} />
          {nextAfter !== undefined && limit < longest && (
            <DefaultButton className="fit" text={words.failures.more} onClick={() => setLimit(longest)} />
          )}
        </>
      )}
    </LoadedView>
  );
};
