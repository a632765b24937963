/** What came of sending some rows in one all-or-nothing request. */
export type Verdict<Refused> =
  | { readonly kind: 'landed' }
  /** Refused because of one or more rows. */
  | { readonly kind: 'bad_row'; readonly refused: Refused }
  /** Too many at once: says nothing about the rows. */
  | { readonly kind: 'too_many'; readonly refused: Refused };

export interface SplitOptions<Row, Refused> {
  readonly rows: readonly Row[];
  readonly send: (rows: readonly Row[]) => Promise<Verdict<Refused>>;
  /** Called for each row of `rows` (by its index) that was refused when it was sent alone. */
  readonly onBadRow: (index: number, refused: Refused) => void;
  /** Settles rows `from` up to `to` in another way; called when halving has cost more than it is worth, or may not begin at all. */
  readonly settleOtherwise: (from: number, to: number) => Promise<void>;
  /** False: halving would find nothing, as all rows are refused alike. */
  readonly isWorthHalving: (refused: Refused) => boolean;
}

/**
 * Every failed half is carried out and rolled back in vain: about as many rows again for each bad one. From this many bad rows on, one
 * `$batch` that answers for each row is cheaper.
 */
export const badRowsWorthHalving = 4;

/** How many requests halving may cost for `rowCount` rows before the rest is settled otherwise. */
export const halvingBudget = (rowCount: number): number => 1 + 2 * badRowsWorthHalving * Math.ceil(Math.log2(Math.max(2, rowCount)));

/**
 * Finds the k bad rows among n by halving: at most 1 + 2·k·⌈log2 n⌉ requests, and never more than `halvingBudget` before the rest goes
 * the other way. All other rows land.
 */
export const splitToBadRows = async <Row, Refused>(options: SplitOptions<Row, Refused>): Promise<void> => {
  const { rows, send, onBadRow, settleOtherwise, isWorthHalving } = options;
  let requestsLeft = halvingBudget(rows.length);

  /** `isKnownBad`: the rows hold a bad one for certain, so sending them whole would be in vain. Returns whether all landed. */
  const settle = async (from: number, to: number, isKnownBad: boolean): Promise<boolean> => {
    if (requestsLeft <= 0) {
      await settleOtherwise(from, to);
      return false;
    }
    let mayHoldOneBadRow = isKnownBad;
    if (!isKnownBad || to - from === 1) {
      requestsLeft -= 1;
      const verdict = await send(rows.slice(from, to));
      if (verdict.kind === 'landed') return true;
      if (to - from === 1) {
        onBadRow(from, verdict.refused);
        return false;
      }
      if (!isWorthHalving(verdict.refused)) {
        await settleOtherwise(from, to);
        return false;
      }
      mayHoldOneBadRow = verdict.kind === 'bad_row';
    }
    const middle = from + Math.ceil((to - from) / 2);
    const isLeftLanded = await settle(from, middle, false);
    // When the left half landed, the fault must be in the right one.
    await settle(middle, to, mayHoldOneBadRow && isLeftLanded);
    return false;
  };

  if (rows.length > 0) await settle(0, rows.length, false);
};
