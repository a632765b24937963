import { statementVerdicts, type StatementVerdict, type VerifyClassBody, type VerifyTableBody } from '../../contract/statement.ts';
import type { TableName } from '../../crm/types.ts';
import type { Verdict, VerifyItem, VerifyTally } from '../../store/verify/types.ts';
import type { SideDigests } from './digest-sides.ts';
import { differences, isRepaired } from './count-items.ts';

export interface TableFindings {
  readonly table: TableName;
  readonly asOfMs: number;
  readonly tally: readonly VerifyTally[];
  readonly unreadable: number;
  readonly digests: SideDigests;
  readonly samples: ReadonlyMap<Verdict, readonly VerifyItem[]>;
  /** The repair left the orphaned rows to a person. */
  readonly areRemovalsWithheld: boolean;
}

const sum = (tally: readonly VerifyTally[], isWanted: (line: VerifyTally) => boolean): number =>
  tally.reduce((total, line) => total + (isWanted(line) ? line.count : 0), 0);

/** Of a record that the CRM lists as deleted it says so, whatever its row is. */
const recordVerdict = ({ verdict }: VerifyTally): Verdict => (verdict === 'orphaned' || verdict === 'retired' ? 'deleted' : verdict);

const sampleOf = ({ recordId, rowId }: VerifyItem): VerifyClassBody['samples'][number] => ({
  ...(recordId === null ? {} : { recordId }),
  ...(rowId === null ? {} : { rowId }),
});

const classOf = (verdict: StatementVerdict, { tally, samples, unreadable }: TableFindings): VerifyClassBody => {
  const more = verdict === 'failed' ? unreadable : 0;
  return {
    verdict,
    isDifference: differences.has(verdict),
    found: sum(tally, ({ found }) => found === verdict) + more,
    records: sum(tally, (line) => line.isInCrm && recordVerdict(line) === verdict) + more,
    rows: sum(tally, (line) => line.hasRow && line.verdict === verdict),
    samples: (samples.get(verdict) ?? []).map(sampleOf),
  };
};

const equation = (name: string, total: number, parts: readonly (readonly [string, number])[]): string => {
  const shown = parts.filter(([, count]) => count > 0).map(([part, count]) => `${part} ${count}`);
  return `${name} ${total} = ${shown.length === 0 ? '0' : shown.join(' + ')}`;
};

/** What is said of one table. Both totals are counted on their own, so that an equation that does not hold would show. */
export const tableStatement = (findings: TableFindings): VerifyTableBody => {
  const { table, asOfMs, tally, unreadable, digests } = findings;
  const classes = statementVerdicts.map((verdict) => classOf(verdict, findings));
  const records = sum(tally, ({ isInCrm }) => isInCrm) + unreadable;
  const rows = sum(tally, ({ hasRow }) => hasRow);
  const orphaned = classes.find(({ verdict }) => verdict === 'orphaned')?.rows ?? 0;
  return {
    table,
    asOf: new Date(asOfMs).toISOString(),
    crm: { total: records, digest: digests.crm },
    dataverse: { total: rows, digest: digests.dataverse },
    unreadable,
    repaired: sum(tally, isRepaired),
    withheldRemovals: findings.areRemovalsWithheld ? orphaned : 0,
    equations: {
      crm: equation(
        'records',
        records,
        classes.map((each) => [each.verdict, each.records]),
      ),
      dataverse: equation(
        'rows',
        rows,
        classes.map((each) => [each.verdict, each.rows]),
      ),
    },
    classes: classes.filter(({ found, records: left, rows: leftRows, isDifference }) => isDifference || found + left + leftRows > 0),
  };
};
