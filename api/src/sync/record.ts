import type { Counts, OpenWrite, PageCommit } from '../store/records/types.ts';
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

/** Without what another process has written meanwhile: these records are another look's business. */
const without = (commit: PageCommit, others: ReadonlySet<string>): PageCommit => ({
  ...commit,
  links: commit.links.filter(({ recordId }) => !others.has(recordId)),
  unchangedIds: commit.unchangedIds.filter((recordId) => !others.has(recordId)),
  removals: commit.removals.filter((recordId) => !others.has(recordId)),
});

/** Reads records again whose commit was overtaken by another process; gives those of them that turn out to be removed. */
export type SyncAgain = (recordIds: readonly string[]) => Promise<readonly string[]>;

/**
 * Step 5. Commits in one transaction what was written, what failed and why, and how far we got. Until then nothing counts as done.
 *
 * Records that another process has written since they were looked at are kept out, and first brought to what the CRM says now: what
 * we have written may have come after something newer.
 */
export const record = async (
  sync: TableSync,
  compared: ComparedPage,
  written: WrittenPage,
  progress: Progress | null,
  { syncAgain, openWrite }: { readonly syncAgain: SyncAgain; readonly openWrite: OpenWrite | null },
): Promise<PageResult> => {
  const counts = countPage(compared, written);
  const failures = [...compared.failures, ...written.failures];
  let removals = compared.removals;
  let commit: PageCommit = {
    sourceId: sync.sourceId,
    table: sync.table,
    links: compared.touchedLinks.length === 0 ? written.links : [...written.links, ...compared.touchedLinks],
    // What needs no row has been seen as it should be, too: an earlier failure of it is over.
    unchangedIds: compared.filteredIds.length === 0 ? compared.unchangedIds : [...compared.unchangedIds, ...compared.filteredIds],
    ...(compared.goneIds.length === 0 ? {} : { goneIds: compared.goneIds }),
    failures,
    removals,
    guard: compared.guard,
    ...(openWrite === null ? {} : { openWriteId: openWrite.id }),
    ...(progress === null ? { checkedOnMs: sync.clock.nowMs() } : { checkpoint: { ...progress, counts } }),
  };
  for (let overtaken = await sync.records.commitPage(commit); overtaken.length > 0; overtaken = await sync.records.commitPage(commit)) {
    const others = new Set(overtaken);
    const gone = await syncAgain(overtaken);
    commit = without(commit, others);
    removals = [...removals.filter((recordId) => !others.has(recordId)), ...gone];
  }
  return { counts, compared: removals === compared.removals ? compared : { ...compared, removals }, failures };
};
