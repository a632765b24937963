import { type PlannedChanges, type Run, isFinal } from '@crm-sync/client';
import * as React from 'react';
import { CopyableText } from '../../components/CopyableText.tsx';
import { NumberTable } from '../../components/NumberTable.tsx';
import { formatCount } from '../../format/numbers.ts';
import { words } from '../../words/index.ts';

const columns = [
  { key: 'column', name: words.run.column },
  { key: 'rows', name: words.run.rows, isNumber: true },
];

const TableChanges: React.FunctionComponent<{ readonly planned: PlannedChanges }> = ({ planned }) => {
  const perColumn = Object.entries(planned.columns).sort(([, one], [, other]) => other - one);
  return (
    <article className="card">
      <h3>{words.table[planned.table]}</h3>
      <p>
        {words.run.created(formatCount(planned.created))} · {words.run.updated(formatCount(planned.updated))}
      </p>
      {perColumn.length > 0 && (
        <NumberTable
          label={`${words.run.changes} ${words.table[planned.table]}`}
          columns={columns}
          rows={perColumn.map(([column, rows]) => ({ key: column, cells: { column: <code>{column}</code>, rows: formatCount(rows) } }))}
        />
      )}
      {planned.sampleRecordIds.length > 0 && (
        <p className="samples">
          {words.run.samples}{' '}
          {planned.sampleRecordIds.map((id) => (
            <CopyableText key={id} text={id} what={words.run.record} />
          ))}
        </p>
      )}
    </article>
  );
};

/** What a dry run found: rows that would be created and updated, and in which columns. */
export const PlannedChangesList: React.FunctionComponent<{ readonly run: Run }> = ({ run }) => {
  const planned = run.plannedChanges.filter(({ created, updated }) => created + updated > 0);
  if (planned.length === 0 && !isFinal(run)) return null;
  return (
    <section>
      <h2>{words.run.changes}</h2>
      {planned.length === 0 && <p>{run.state === 'succeeded' ? words.run.noChanges : words.run.noChangesFound}</p>}
      <div className="cards">
        {planned.map((changes) => (
          <TableChanges key={changes.table} planned={changes} />
        ))}
      </div>
    </section>
  );
};
