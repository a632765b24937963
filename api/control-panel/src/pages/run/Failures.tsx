import type { FailedRecord } from '@crm-sync/client';
import { WarningIcon } from '@crm-sync/ui';
import { DefaultButton } from '@fluentui/react';
import * as React from 'react';
import { CopyableText } from '../../components/CopyableText.tsx';
import { NumberTable } from '../../components/NumberTable.tsx';
import { formatCount } from '../../format/numbers.ts';
import { words } from '../../words/index.ts';
import { type FailureGroup, groupFailures } from './groupFailures.ts';

const shownAtFirst = 5;

const columns = [
  { key: 'record', name: words.run.record },
  { key: 'table', name: words.run.part },
  { key: 'reason', name: words.run.reason },
];

const rowOf = ({ table, recordId, reason }: FailedRecord) => ({
  key: `${table} ${recordId}`,
  cells: { record: <CopyableText text={recordId} what={words.run.record} />, table: words.table[table], reason },
});

const Group: React.FunctionComponent<{ readonly group: FailureGroup }> = ({ group: { code, help, failures } }) => {
  const [isOpen, setIsOpen] = React.useState(failures.length <= shownAtFirst);
  return (
    <article className="card failure-group">
      <h3>
        <span className="bad">
          <WarningIcon />
        </span>{' '}
        {words.run.failureCount(failures.length, formatCount(failures.length))} <code>{code}</code>
      </h3>
      {help && <p>{help}</p>}
      <NumberTable
        label={`${words.run.failures} ${code}`}
        columns={columns}
        rows={(isOpen ? failures : failures.slice(0, shownAtFirst)).map(rowOf)}
      />
      {!isOpen && <DefaultButton className="fit" text={words.run.showAll(formatCount(failures.length))} onClick={() => setIsOpen(true)} />}
    </article>
  );
};

export interface FailuresProps {
  readonly failures: readonly FailedRecord[];
  /** All of the run; the API lists only the first of them. */
  readonly failedCount: number;
}

/** The records that could not be written, by reason, each reason with what to do. */
export const Failures: React.FunctionComponent<FailuresProps> = ({ failures, failedCount }) =>
  failures.length === 0 ? null : (
    <section>
      <h2>{words.run.failures}</h2>
      {failedCount > failures.length && (
        <p className="quiet">{words.run.failuresOf(formatCount(failures.length), formatCount(failedCount))}</p>
      )}
      {groupFailures(failures).map((group) => (
        <Group key={group.code} group={group} />
      ))}
    </section>
  );
