import type { Counts, PageCommit } from '../store/types.ts';
import type { ComparedPage, PageResult, TableSync, WrittenPage } from './types.ts';

export interface Progress {
  readonly runId: string;
  readonly cursor: NonNullable<PageCommit['checkpoint']>['cursor'];
  readonly isComplete: boolean;
  readonly turn?: number;
  readonly part?: number;
  readonly expectedRecords?: number;
}

const countPage = (compared: ComparedPage, written: WrittenPage): Counts => ({
  read: compared.read,
  written: written.links.length,
  unchanged: compared.unchangedIds.length,
  stale: compared.staleCount,
  filtered: compared.filteredIds.length,
  failed: compared.failures.length + written.failures.length,
  // A removal waits until its door knows how many there are.
  withheld: compared.removals.length,
});

/** Step 5. Commits in one transaction what was written, what failed and why, and how far we got. Until then nothing counts as done. */
export const record = async (
  sync: TableSync,
  compared: ComparedPage,
  written: WrittenPage,
  progress: Progress | null,
): Promise<PageResult> => {
  const counts = countPage(compared, written);
  const failures = [...compared.failures, ...written.failures];
  await sync.records.commitPage({
    sourceId: sync.sourceId,
    table: sync.table,
    links: written.links,
    // What needs no row has been seen as it should be, too: an earlier failure of it is over.
    unchangedIds: compared.filteredIds.length === 0 ? compared.unchangedIds : [...compared.unchangedIds, ...compared.filteredIds],
    failures,
    removals: compared.removals,
    ...(progress === null ? { checkedOnMs: sync.clock.nowMs() } : { checkpoint: { ...progress, counts } }),
  });
  return { counts, compared, failures };
};
