import { type Run, type VerifyClass, type VerifyStatement, type VerifyTable, isFinal } from '@crm-sync/client';
import { StateDot } from '@crm-sync/ui';
import * as React from 'react';
import { CopyableText } from '../../components/CopyableText.tsx';
import { type Fact, Facts } from '../../components/Facts.tsx';
import { LoadedView } from '../../components/LoadedView.tsx';
import { NumberTable } from '../../components/NumberTable.tsx';
import { Time } from '../../components/Time.tsx';
import { formatCount } from '../../format/numbers.ts';
import { useLoad } from '../../loading/useLoad.ts';
import { useApi } from '../../session/ApiContext.ts';
import { words } from '../../words/index.ts';
import { DownloadStatement } from './DownloadStatement.tsx';

const columns = [
  { key: 'verdict', name: words.verify.verdict },
  { key: 'found', name: words.verify.found, isNumber: true },
  { key: 'records', name: words.verify.records, isNumber: true },
  { key: 'rows', name: words.verify.rows, isNumber: true },
];

const toneOf = ({ isDifference, records, rows }: VerifyClass) => {
  if (!isDifference) return 'neutral';
  return records + rows > 0 ? 'bad' : 'good';
};

/** Such a record has another row that is as it should be: what is to be found is the row. */
const isAboutRows = (verdict: VerifyClass['verdict']): boolean => verdict === 'doubled' || verdict === 'unkeyed';

const idOf = (verdict: VerifyClass['verdict'], recordId = '', rowId = ''): string =>
  isAboutRows(verdict) ? rowId || recordId : recordId || rowId;

const Samples: React.FunctionComponent<{ readonly found: VerifyClass }> = ({ found: { verdict, samples } }) => (
  <p className="samples">
    {words.verdict[verdict]}:{' '}
    {samples.map(({ recordId, rowId }) => (
      <CopyableText
        key={`${recordId} ${rowId}`}
        text={idOf(verdict, recordId, rowId)}
        what={isAboutRows(verdict) ? words.verify.row : words.run.record}
      />
    ))}
  </p>
);

const TableReport: React.FunctionComponent<{ readonly table: VerifyTable }> = ({ table }) => (
  <article className="card">
    <h3>{words.table[table.table]}</h3>
    <NumberTable
      label={`${words.verify.title} ${words.table[table.table]}`}
      columns={columns}
      rows={table.classes
        .filter(({ found, records, rows }) => found + records + rows > 0)
        .map((found) => ({
          key: found.verdict,
          cells: {
            verdict: <StateDot tone={toneOf(found)}>{words.verdict[found.verdict]}</StateDot>,
            found: formatCount(found.found),
            records: formatCount(found.records),
            rows: formatCount(found.rows),
          },
        }))}
    />
    {table.repaired > 0 && <p>{words.verify.repaired(formatCount(table.repaired))}</p>}
    {table.withheldRemovals > 0 && <p role="note">{words.verify.withheld(formatCount(table.withheldRemovals))}</p>}
    {table.classes
      .filter(({ samples }) => samples.length > 0)
      .map((found) => (
        <Samples key={found.verdict} found={found} />
      ))}
    <Facts facts={[{ name: words.verify.asOf, value: <Time instant={table.asOf} /> }]} />
  </article>
);

const factsOf = ({ crm, dataverse, environment }: VerifyStatement): readonly Fact[] => [
  { name: words.verify.environment, value: environment.address },
  { name: words.verify.crmTotal, value: formatCount(crm.total) },
  { name: words.verify.dataverseTotal, value: formatCount(dataverse.total) },
  { name: words.verify.crmDigest, value: <CopyableText text={crm.digest} what={words.verify.crmDigest} /> },
  { name: words.verify.dataverseDigest, value: <CopyableText text={dataverse.digest} what={words.verify.dataverseDigest} /> },
];

const Report: React.FunctionComponent<{ readonly statement: VerifyStatement }> = ({ statement }) => (
  <>
    <p>
      <StateDot tone={statement.agrees ? 'good' : 'bad'}>{statement.agrees ? words.verify.agrees : words.verify.differs}</StateDot>
    </p>
    <Facts facts={factsOf(statement)} />
    <DownloadStatement statement={statement} />
    <div className="cards">
      {statement.tables.map((table) => (
        <TableReport key={table.table} table={table} />
      ))}
    </div>
  </>
);

const LoadedReport: React.FunctionComponent<{ readonly runId: string }> = ({ runId }) => {
  const api = useApi();
  const loaded = useLoad(React.useCallback((signal: AbortSignal) => api.runStatement(runId, signal), [api, runId]));
  return <LoadedView loaded={loaded}>{(statement) => <Report statement={statement} />}</LoadedView>;
};

/** What a verification ended with: whether both sides agree, what differs, and the statement to keep. */
export const VerifyReport: React.FunctionComponent<{ readonly run: Run }> = ({ run }) => {
  const hasStatement = run.state === 'succeeded' || run.state === 'partial';
  if (!hasStatement && isFinal(run)) return null;
  return (
    <section>
      <h2>{words.verify.title}</h2>
      {hasStatement ? <LoadedReport runId={run.id} /> : <p>{words.verify.underWay}</p>}
    </section>
  );
};
