import type { TableName } from '../crm/types.ts';
import type { RemovedParents, RunStore } from '../store/types.ts';
import { type SyncOptions, syncRecords } from './sync-records.ts';
import type { PageResult, TableSync } from './types.ts';

const childrenPerPull = 500;

/** They go through the five steps again, by id; `idsAfter` gives some of them, in the order of their ids. */
async function* readAgain(
  sync: TableSync,
  idsAfter: (afterId: string) => Promise<readonly string[]>,
  options: Omit<SyncOptions, 'isDryRun'>,
): AsyncGenerator<PageResult> {
  let afterId = '';
  for (;;) {
    const ids = await idsAfter(afterId);
    const last = ids.at(-1);
    if (last === undefined) return;
    yield* syncRecords(sync, { kind: 'ids', ids }, { ...options, isDryRun: false });
    afterId = last;
  }
}

/** Children that were written without their parent and whose parent has come since. */
export const relinkArrivedChildren = (
  sync: TableSync,
  parentTable: TableName,
  store: Pick<RunStore, 'arrivedChildren'>,
  options: Omit<SyncOptions, 'isDryRun'>,
): AsyncGenerator<PageResult> =>
  readAgain(sync, (afterId) => store.arrivedChildren(sync.sourceId, sync.table, parentTable, afterId, childrenPerPull), options);

/** Children whose parent was removed: after a merge the CRM names another one, and not every CRM counts that as a change of the child. */
export const rereadChildrenOfRemoved = (
  sync: TableSync,
  of: RemovedParents,
  store: Pick<RunStore, 'childrenOfRemoved'>,
  options: Omit<SyncOptions, 'isDryRun'>,
): AsyncGenerator<PageResult> =>
  readAgain(sync, (afterId) => store.childrenOfRemoved(sync.sourceId, sync.table, of, afterId, childrenPerPull), options);
