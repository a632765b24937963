import type { FailedRecord } from '@crm-sync/client';

export interface FailureGroup {
  readonly code: string;
  /** What to do about all of them. */
  readonly help?: string;
  readonly failures: readonly FailedRecord[];
}

/** Failures with the same code together, the largest group first. */
export const groupFailures = (failures: readonly FailedRecord[]): readonly FailureGroup[] => {
  const byCode = new Map<string, FailedRecord[]>();
  for (const failure of failures) {
    const group = byCode.get(failure.code);
    if (group) group.push(failure);
    else byCode.set(failure.code, [failure]);
  }
  return [...byCode]
    .map(([code, group]) => ({ code, failures: group, help: group.find(({ help }) => help !== undefined)?.help }))
    .sort((one, other) => other.failures.length - one.failures.length);
};
