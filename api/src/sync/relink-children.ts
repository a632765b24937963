import type { TableName } from '../crm/types.ts';
import type { RunStore } from '../store/types.ts';
import { type SyncOptions, syncRecords } from './sync-records.ts';
import type { PageResult, TableSync } from './types.ts';

const childrenPerPull = 500;

/** Children that were written without their parent and whose parent has come since: they go through the five steps again, by id. */
export async function* relinkArrivedChildren(
  sync: TableSync,
  parentTable: TableName,
  store: Pick<RunStore, 'arrivedChildren'>,
  options: Omit<SyncOptions, 'isDryRun'>,
): AsyncGenerator<PageResult> {
  let afterId = '';
  for (;;) {
    const ids = await store.arrivedChildren(sync.sourceId, sync.table, parentTable, afterId, childrenPerPull);
    const last = ids.at(-1);
    if (last === undefined) return;
    yield* syncRecords(sync, { kind: 'ids', ids }, { ...options, isDryRun: false });
    afterId = last;
  }
}
