import type { Counts } from '../../store/records/types.ts';
import type { Verdict, VerifyTally } from '../../store/verify/types.ts';
import { addCounts, noCounts } from '../../sync/counts.ts';

/** The two sides do not agree while there is one of these. */
export const differences: ReadonlySet<Verdict> = new Set<Verdict>([
  'missing',
  'stale',
  'edited',
  'orphaned',
  'doubled',
  'unkeyed',
  'waitingForParent',
  'olderInCrm',
  'failed',
]);

/** What a record of the CRM counts as among the run's numbers, which know less than the statement. */
const countNames: Readonly<Record<Verdict, Exclude<keyof Counts, 'read'>>> = {
  same: 'unchanged',
  changed: 'unchanged',
  parentAbsent: 'unchanged',
  missing: 'withheld',
  stale: 'withheld',
  edited: 'withheld',
  waitingForParent: 'withheld',
  olderInCrm: 'stale',
  failed: 'failed',
  leftOut: 'filtered',
  deleted: 'filtered',
  orphaned: 'filtered',
  retired: 'filtered',
  doubled: 'filtered',
  unkeyed: 'filtered',
  gone: 'filtered',
};

export const countsOfVerdict = (verdict: Verdict, count = 1): Counts => ({ ...noCounts, read: count, [countNames[verdict]]: count });

/** It differed, and does so no more. */
export const isRepaired = ({ found, verdict }: Pick<VerifyTally, 'found' | 'verdict'>): boolean =>
  differences.has(found) && !differences.has(verdict) && verdict !== 'changed';

/** The run's numbers at the end. A row that no record stands behind was not read from the CRM: repaired, it counts as read and written. */
export const countsOfTally = (tally: readonly VerifyTally[], unreadable: number): Counts =>
  tally
    .map((line) => {
      if (isRepaired(line)) return { ...noCounts, read: line.count, written: line.count };
      return line.isInCrm ? countsOfVerdict(line.verdict, line.count) : noCounts;
    })
    .reduce(addCounts, { ...noCounts, read: unreadable, failed: unreadable });
