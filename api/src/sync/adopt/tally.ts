import type { AdoptionTableBody } from '../../contract/adoption.ts';

type Count = 'adopted' | 'ours' | 'withoutId' | 'doubled' | 'taken' | 'otherRecord';

/** A preview shows some, never all; GUIDs of rows only. */
const mostSamples = 5;
const mostFailures = 20;

export interface AdoptionTally {
  count(what: Count, rowId: string): void;
  countInactiveDouble(): void;
  /** The row was to be adopted, and could not. */
  fail(rowId: string, code: string, reason: string): void;
  /** The row is counted as something else already. */
  noteFailure(rowId: string, code: string, reason: string): void;
  soFar(): AdoptionTableBody;
}

/** Counts what becomes of a table's rows: read = adopted + ours + without an id + doubled + taken + of another record + failed. */
export const createTally = (table: string): AdoptionTally => {
  const counts: Record<Count | 'failed' | 'doubledInactive', number> = {
    adopted: 0,
    ours: 0,
    withoutId: 0,
    doubled: 0,
    doubledInactive: 0,
    taken: 0,
    otherRecord: 0,
    failed: 0,
  };
  const samples: Record<Count, string[]> = { adopted: [], ours: [], withoutId: [], doubled: [], taken: [], otherRecord: [] };
  const failures: AdoptionTableBody['failures'] = [];
  let read = 0;

  const noteFailure: AdoptionTally['noteFailure'] = (rowId, code, reason) => {
    if (failures.length < mostFailures) failures.push({ rowId, code, reason });
  };
  return {
    count(what, rowId) {
      read += 1;
      counts[what] += 1;
      if (samples[what].length < mostSamples) samples[what].push(rowId);
    },
    countInactiveDouble() {
      counts.doubledInactive += 1;
    },
    fail(rowId, code, reason) {
      read += 1;
      counts.failed += 1;
      noteFailure(rowId, code, reason);
    },
    noteFailure,
    soFar: () => ({ table, read, ...counts, samples: structuredClone(samples), failures: [...failures] }),
  };
};
