/** How many single letters apart two words are (Damerau, without moving twice). */
const distance = (one: string, other: string): number => {
  let beforeLast: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, position) => position);
  for (let row = 1; row <= one.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= other.length; column += 1) {
      const isSame = one[row - 1] === other[column - 1];
      const swapped =
        one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1] ? (beforeLast[column - 2] ?? row) + 1 : row + column;
      current.push(Math.min((last[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1, (last[column - 1] ?? 0) + (isSame ? 0 : 1), swapped));
    }
    beforeLast = last;
    last = current;
  }
  return last[other.length] ?? 0;
};

/** ` (did you mean “name”?)` when one of the known words is close to what was written; nothing when none is. */
export const didYouMean = (written: string, known: readonly string[]): string => {
  const plain = written.toLowerCase().replaceAll(/[-_]/g, '');
  const closest = known
    .map((name) => ({ name, apart: distance(plain, name.toLowerCase()) }))
    .toSorted((one, other) => one.apart - other.apart)[0];
  const isClose = closest !== undefined && closest.name !== written && closest.apart <= Math.max(1, Math.floor(closest.name.length / 3));
  return isClose ? ` (did you mean “${closest.name}”?)` : '';
};
