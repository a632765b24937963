/** What one process would like of a limit. */
export interface Claim {
  readonly id: string;
  /** As many as it could use; 0: none, and it gets none. */
  readonly wants: number;
  readonly isPersonWaiting: boolean;
}

/** Where there is less than one for each: first those for whom a person waits, then one after another, by turns. */
const inTurn = (claims: readonly Claim[], turn: number): readonly Claim[] => {
  const sorted = claims.toSorted((left, right) => (left.id < right.id ? -1 : 1));
  const first = sorted.length === 0 ? 0 : turn % sorted.length;
  const rotated = [...sorted.slice(first), ...sorted.slice(0, first)];
  return [...rotated.filter(({ isPersonWaiting }) => isPersonWaiting), ...rotated.filter(({ isPersonWaiting }) => !isPersonWaiting)];
};

/**
 * Divides a limit among the processes that want some of it: nobody gets less than an equal part while another gets more than that, what one does
 * not want goes to the others, and what nobody wants is theirs as well, for the next moment. All parts together are `size`, or nothing
 * when nobody wants any. Everyone who divides the same claims in the same turn gets the same.
 */
export const divide = (size: number, claims: readonly Claim[], turn: number): ReadonlyMap<string, number> => {
  const parts = new Map(claims.map(({ id }) => [id, 0]));
  const give = (id: string, count: number): number => {
    parts.set(id, (parts.get(id) ?? 0) + count);
    return count;
  };
  const asking = claims.filter(({ wants }) => wants > 0);
  let open = asking;
  let left = size;
  for (;;) {
    const equal = Math.floor(left / Math.max(1, open.length));
    const content = open.filter(({ wants }) => wants <= equal);
    if (content.length === 0) break;
    for (const { id, wants } of content) left -= give(id, wants);
    open = open.filter((claim) => !content.includes(claim));
  }
  const takers = inTurn(open.length > 0 ? open : asking, turn);
  const equal = Math.floor(left / Math.max(1, takers.length));
  const remainder = left - equal * takers.length;
  takers.forEach(({ id }, position) => give(id, equal + (position < remainder ? 1 : 0)));
  return parts;
};
