import { type Run, isFinal } from '@crm-sync/client';

const readsTheSame = (one: Run, other: Run): boolean =>
  one.sourceId === other.sourceId && [...one.tables].sort().join() === [...other.tables].sort().join();

/** What the CRM itself says; only when it has said it of every table, or the first table would look like the whole. */
const saidByTheCrm = (run: Run): number | undefined => {
  if (run.parts.length === 0) return undefined;
  let sum = 0;
  for (const { expected } of run.parts) {
    if (expected === undefined) return undefined;
    sum += expected;
  }
  return sum;
};

/**
 * How many records a run will read: as the CRM says, else judged by the last full run that read to the end.
 * undefined when nothing is known, or when the run has read more than that already.
 */
export const expectedReads = (run: Run, earlierRuns: readonly Run[]): number | undefined => {
  const said = saidByTheCrm(run);
  if (said !== undefined) return said > run.counts.read ? said : undefined;
  if (run.mode !== 'full') return undefined;
  const last = earlierRuns.find(
    (earlier) =>
      earlier.id !== run.id &&
      earlier.mode === 'full' &&
      isFinal(earlier) &&
      (earlier.state === 'succeeded' || earlier.state === 'partial') &&
      readsTheSame(earlier, run),
  );
  const reads = last?.counts.read ?? 0;
  return reads > run.counts.read ? reads : undefined;
};
