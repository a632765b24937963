import type { DataverseRow } from '../../dataverse/types.ts';
import type { Link, RecordStore } from '../../store/records/types.ts';
import type { Verdict, VerifyItem } from '../../store/verify/types.ts';
import { type MappedPage, compare } from '../compare.ts';
import { toSourceKey } from '../source-key.ts';
import type { MappedRecord, RowDecision, TableSync } from '../types.ts';
import { hashOf, isInactive, judgeRow } from './judge-row.ts';
import { readParents, readRows } from './read-rows.ts';

/** Verdicts that one look is enough for: nothing differs, or there is nothing to compare. */
const settledAtOnce: ReadonlySet<Verdict> = new Set<Verdict>(['same', 'failed', 'leftOut', 'deleted', 'retired']);

export const itemKeyOf = (sourceId: string, recordId: string): string => toSourceKey(sourceId, recordId) ?? `?${recordId}`;

export const rowIdOf = ({ description }: TableSync, row: DataverseRow): string => String(row[description.primaryIdColumn]);

/** A row's line where no record is compared with it. */
export const loneRowHash = (key: string, rowId: string): string => hashOf(`${key}\n${rowId}`);

/**
 * The links as compare may see them: it must drop no record as older than what we wrote, or nothing could be said of it. What they
 * really say goes to `real`.
 */
const withoutVersions = (records: RecordStore, real: Map<string, Link>): RecordStore => ({
  ...records,
  async findLinks(...asked) {
    const links = await records.findLinks(...asked);
    for (const [id, link] of links) real.set(id, link);
    return new Map([...links].map(([id, link]) => [id, { ...link, sourceModifiedOnMs: null, checkedOnMs: 0 }]));
  },
});

/** All rows of the page as compare decides them, whatever our hashes remember; what it refuses is not among them. */
const decide = async (sync: TableSync, page: MappedPage, signal: AbortSignal) => {
  const links = new Map<string, Link>();
  const compared = await compare({ ...sync, records: withoutVersions(sync.records, links) }, page, signal, { hasDrifted: () => true });
  const decisions = new Map(compared.toWrite.map((decision) => [decision.row.record.id, decision]));
  return { links, decisions };
};

const withoutRecord = (kind: MappedRecord['kind'], row: DataverseRow | undefined): Verdict => {
  if (kind === 'filtered') return 'leftOut';
  if (kind !== 'removed') return 'failed';
  if (row === undefined) return 'deleted';
  return isInactive(row) ? 'retired' : 'orphaned';
};

/** What a look tells beside what is kept. */
export type LookedAt = VerifyItem & { readonly parentId: string | null };

/** Of several readings of one record the last. */
const lastOfEach = (records: readonly MappedRecord[]): readonly MappedRecord[] => [
  ...new Map(records.map((mapped) => [mapped.record.id, mapped])).values(),
];

/**
 * Puts a page of records beside their rows, by the pipeline's own map and compare: one item for each record. Two requests to Dataverse
 * for a page, three where there are parents.
 */
export const lookAtRecords = async (sync: TableSync, page: MappedPage, signal: AbortSignal): Promise<readonly LookedAt[]> => {
  const records = lastOfEach(page.records);
  const keys = records.map(({ record }) => toSourceKey(sync.sourceId, record.id)).filter((key) => key !== null);
  const parentIds = new Set(records.map(({ record }) => record.parentId).filter((id) => typeof id === 'string'));
  const [rows, parents, { links, decisions }] = await Promise.all([
    readRows(sync, keys, signal),
    readParents(sync, parentIds, signal),
    decide(sync, { ...page, records }, signal),
  ]);

  const judge = (mapped: MappedRecord, decision: RowDecision | undefined, row: DataverseRow | undefined) => {
    if (decision === undefined) return { verdict: withoutRecord(mapped.kind, row), rowHash: null };
    if (row === undefined) return { verdict: 'missing', rowHash: null } as const;
    return judgeRow(sync, { decision, row, parents, link: links.get(mapped.record.id) ?? null });
  };
  return records.map((mapped) => {
    const { id: recordId, modifiedOnMs } = mapped.record;
    const key = itemKeyOf(sync.sourceId, recordId);
    const row = rows.get(key);
    const rowId = row === undefined ? null : rowIdOf(sync, row);
    const decision = decisions.get(recordId);
    const { verdict, rowHash } = judge(mapped, decision, row);
    return {
      key,
      recordId,
      rowId,
      isInCrm: true,
      crmHash: decision?.row.contentHash ?? null,
      rowHash: verdict === 'orphaned' && rowId !== null ? loneRowHash(key, rowId) : rowHash,
      modifiedOnMs,
      verdict,
      isSettled: settledAtOnce.has(verdict),
      parentId: decision?.parentId ?? null,
    };
  });
};
