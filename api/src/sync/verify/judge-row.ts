import { hash } from 'node:crypto';
import type { DataverseRow } from '../../dataverse/types.ts';
import type { Link } from '../../store/records/types.ts';
import type { Verdict } from '../../store/verify/types.ts';
import { sourceModifiedOnColumn, sourceRecordIdColumn } from '../columns.ts';
import { differencesOf } from '../row-changes.ts';
import type { RowDecision, TableSync } from '../types.ts';
import { parentProperty, stateColumn } from './read-rows.ts';

/** What a column of the row holds, where that is not what its record says. Customer data: it goes into a hash, and nowhere else. */
type Difference = readonly [column: string, before: unknown];

export interface JudgedRow {
  readonly verdict: Extract<Verdict, 'same' | 'stale' | 'edited' | 'waitingForParent' | 'olderInCrm'>;
  readonly rowHash: string;
}

export interface RowToJudge {
  readonly decision: RowDecision;
  readonly row: DataverseRow;
  /** What we remember of the last write; null when nothing. */
  readonly link: Link | null;
  /** Of the parents' rows, by record id. */
  readonly parents: ReadonlyMap<string, string>;
}

/** First 128 bits, as a record's own hash. */
export const hashOf = (text: string): string => hash('sha256', text).slice(0, 32);

export const isInactive = (row: DataverseRow): boolean => row[stateColumn] === 1;

/** A live record's row is active, unless the mapping itself fills the state. */
const stateDifferences = ({ reader }: TableSync, row: DataverseRow): readonly Difference[] =>
  isInactive(row) && !reader.columns.some(({ to }) => to.includes(stateColumn)) ? [[stateColumn, row[stateColumn]]] : [];

const idDifferences = ({ row: { record } }: RowDecision, row: DataverseRow): readonly Difference[] => {
  const named = row[sourceRecordIdColumn];
  return named === record.id || named === undefined ? [] : [[sourceRecordIdColumn, named]];
};

const isParentAbsent = ({ parentId }: RowDecision, parents: RowToJudge['parents']): boolean =>
  parentId !== null && parents.get(parentId) === undefined;

/** A parent of which the CRM says nothing, or that has no row yet, is no difference: the row is as it can be. */
const parentDifferences = (sync: TableSync, { decision, row, parents }: RowToJudge): readonly Difference[] => {
  const { parentId } = decision.row.record;
  if (sync.reader.parentTable === null || parentId === undefined || isParentAbsent(decision, parents)) return [];
  const before = row[parentProperty(sync)] ?? null;
  const after = parentId === null ? null : parents.get(parentId);
  return before === after ? [] : [['parent', before]];
};

/** Which side moved: the link says what we wrote last, or, where it was lost, the row says which version of the record it holds. */
const moved = ({ decision, row, link }: RowToJudge): 'stale' | 'edited' => {
  if (link !== null) return link.state === 'linked' && link.contentHash === decision.contentHash ? 'edited' : 'stale';
  const { modifiedOnMs } = decision.row.record;
  const written = row[sourceModifiedOnColumn];
  return typeof written === 'string' && modifiedOnMs !== null && modifiedOnMs <= Date.parse(written) ? 'edited' : 'stale';
};

const isOlderInCrm = ({ decision, link }: RowToJudge): boolean => {
  const { modifiedOnMs } = decision.row.record;
  return modifiedOnMs !== null && link !== null && link.sourceModifiedOnMs !== null && modifiedOnMs < link.sourceModifiedOnMs;
};

/** Compares a row with its record: column by column as a click does, and the parent, the state and the record's id beside them. */
export const judgeRow = (sync: TableSync, toJudge: RowToJudge): JudgedRow => {
  const { decision, row, parents } = toJudge;
  const differences: readonly Difference[] = [
    ...differencesOf(sync.description, decision, row).map(({ column, before }) => [column, before] as const),
    ...stateDifferences(sync, row),
    ...idDifferences(decision, row),
    ...parentDifferences(sync, toJudge),
  ];
  const { contentHash } = decision.row;
  const rowHash = (): string => hashOf(`${contentHash}\n${JSON.stringify(differences)}`);
  if (differences.length > 0) return { verdict: isOlderInCrm(toJudge) ? 'olderInCrm' : moved(toJudge), rowHash: rowHash() };
  const isWaiting = sync.reader.parentTable !== null && isParentAbsent(decision, parents);
  return isWaiting ? { verdict: 'waitingForParent', rowHash: rowHash() } : { verdict: 'same', rowHash: contentHash };
};
