const partNames = ['written', 'unchanged', 'stale', 'filtered', 'failed', 'withheld'] as const;
export type RunPartName = (typeof partNames)[number];

/** Numbers of records; read = written + unchanged + stale + filtered + failed + withheld. */
export type RunCounts = Readonly<Record<'read' | RunPartName, number>>;

export interface EquationPart {
  /** `missing`: read, but in no part. Never happens in a correct run, so it must be seen when it does. */
  readonly name: RunPartName | 'missing';
  readonly count: number;
}

/** The parts that are not zero, in the order in which they are told; `written` stands for an empty run. */
export const equationParts = (counts: RunCounts): readonly EquationPart[] => {
  const parts: EquationPart[] = partNames.map((name) => ({ name, count: counts[name] })).filter(({ count }) => count !== 0);
  const missing = counts.read - partNames.reduce((sum, name) => sum + counts[name], 0);
  if (missing !== 0) parts.push({ name: 'missing', count: missing });
  return parts.length > 0 ? parts : [{ name: 'written', count: 0 }];
};
