/** A row that Microsoft's flows made, as it was listed. */
export interface ListedRow {
  readonly rowId: string;
  /** `msdyn_source_crm_id` as it stands there; null when it is empty. */
  readonly writtenId: string | null;
  /** Our key for that id, normalised as the connector reads ids; null when it can be none. */
  readonly sourceKey: string | null;
  /** `ccsync_sourcekey` of the row; null when it has none. */
  readonly ownKey: string | null;
  readonly isActive: boolean;
}

/**
 * adopt: gets its key · ours: has it already · withoutId: says no usable id · doubled: another row of the same record goes first ·
 * taken: a row that comes after it by the rule has the key, so a person must decide · otherRecord: bears the key of another record.
 */
export type RowVerdict = 'adopt' | 'ours' | 'withoutId' | 'doubled' | 'taken' | 'otherRecord';

export interface Judgement {
  readonly row: ListedRow;
  readonly verdict: RowVerdict;
}

/** What is remembered from one page to the next: the rows of one id may stand on both. */
export interface Carry {
  readonly fold: string | null;
  /** Keys whose first row has been seen. */
  readonly settled: ReadonlySet<string>;
  /** Rows of this id that were seen; one that we deactivate moves back in the order, and may come again. */
  readonly seen: ReadonlySet<string>;
}

export const noCarry: Carry = { fold: null, settled: new Set(), seen: new Set() };

/** Ids that Dataverse's sort order takes for equal: it looks at neither case nor accents, nor at spaces at the end. */
const foldOf = (id: string): string => id.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().trimEnd();

/** Keys whose holders must be known before a page is judged. */
export const keysToLookUp = (rows: readonly ListedRow[]): readonly string[] => [
  ...new Set(rows.flatMap(({ sourceKey, ownKey }) => (sourceKey !== null && ownKey === null ? [sourceKey] : []))),
];

/**
 * Says of each row of a page what is to become of it. Pages come in the order: id, active before inactive, oldest first; so the first
 * row of a record is the one to keep, and memory is a page's. `holders`: the keys of `keysToLookUp` that a row in Dataverse has.
 */
export const judgePage = (
  rows: readonly ListedRow[],
  holders: ReadonlySet<string>,
  carry: Carry,
): { readonly judgements: readonly Judgement[]; readonly carry: Carry } => {
  let { fold } = carry;
  let seen = new Set(carry.seen);
  let keysOfFold = new Set(carry.settled);
  // Of the whole page, so that two spellings of one id (upper and lower case, short and long) cannot both be adopted.
  const settled = new Set(carry.settled);
  const judgements: Judgement[] = [];

  const judge = ({ sourceKey, ownKey }: ListedRow): RowVerdict => {
    if (sourceKey === null) return 'withoutId';
    if (ownKey !== null && ownKey !== sourceKey) return 'otherRecord';
    if (ownKey === null && settled.has(sourceKey)) return 'doubled';
    if (ownKey === null && holders.has(sourceKey)) return 'taken';
    settled.add(sourceKey);
    keysOfFold.add(sourceKey);
    return ownKey === null ? 'adopt' : 'ours';
  };

  for (const row of rows) {
    const rowFold = row.writtenId === null ? null : foldOf(row.writtenId);
    if (rowFold !== fold) {
      fold = rowFold;
      seen = new Set();
      keysOfFold = new Set();
    }
    if (fold !== null && seen.has(row.rowId)) continue;
    if (fold !== null) seen.add(row.rowId);
    judgements.push({ row, verdict: judge(row) });
  }
  return { judgements, carry: { fold, settled: keysOfFold, seen } };
};
