import type { ComparedPage, PageResult } from './types.ts';

/** The last two steps of a dry run: nothing is written, so all that would have been counts as withheld. */
export const preview = (compared: ComparedPage): PageResult => ({
  compared,
  failures: compared.failures,
  counts: {
    read: compared.read,
    written: 0,
    unchanged: compared.unchangedIds.length,
    stale: compared.staleCount,
    filtered: compared.filteredIds.length,
    failed: compared.failures.length,
    withheld: compared.toWrite.length + compared.removals.length,
  },
});
