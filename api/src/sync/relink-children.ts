import type { TableName } from '../crm/types.ts';
import type { WriteOptions } from '../dataverse/types.ts';
import type { FailedRecord, Link } from '../store/records/types.ts';
import type { RemovedParents, RunStore } from '../store/runs/types.ts';
import { lastSyncedOnColumn, parentLookups, sourceKeyColumn, syncStatus, syncStatusColumn } from './columns.ts';
import { toSourceKey } from './source-key.ts';
import { type SyncOptions, syncRecords } from './sync-records.ts';
import type { PageResult, TableSync } from './types.ts';
import { writeInstant } from './write-instant.ts';

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

/**
 * Children that nobody can ask for: their rows get the parent that their links remember, and nothing else of them is touched. A row that
 * is gone has nothing to be linked.
 */
const bindArrivedChildren = async (
  sync: TableSync,
  idsAfter: (afterId: string) => Promise<readonly string[]>,
  { signal, lane }: WriteOptions,
): Promise<void> => {
  const { bind, entitySetName } = parentLookups[sync.table];
  let afterId = '';
  for (;;) {
    const ids = await idsAfter(afterId);
    const last = ids.at(-1);
    if (last === undefined) return;
    const release = await sync.locks.hold(sync, ids);
    try {
      const nowMs = sync.clock.nowMs();
      const known = await sync.records.findLinks(sync.sourceId, sync.table, ids);
      const waiting = [...known.values()].flatMap((link) => {
        const sourceKey = toSourceKey(sync.sourceId, link.recordId);
        const parentKey = link.parentId === null ? null : toSourceKey(sync.sourceId, link.parentId);
        if (link.state !== 'waitingForParent' || sourceKey === null || parentKey === null) return [];
        const parent = `"${bind}":"/${entitySetName}(${sourceKeyColumn}='${parentKey}')"`;
        const columnsJson = `${parent},"${syncStatusColumn}":${syncStatus.inSync},"${lastSyncedOnColumn}":"${writeInstant(nowMs)}"`;
        return [{ link, row: { sourceKey, columnsJson } }];
      });
      const rows = waiting.map(({ row }) => row);
      const outcomes = await sync.dataverse.update(sync.description, rows, { signal, lane, ...sync.writing.switches });
      const links = waiting.flatMap(({ link }, index): readonly Link[] =>
        outcomes[index]?.status === 'written' ? [{ ...link, state: 'linked', syncedOnMs: nowMs, checkedOnMs: nowMs }] : [],
      );
      const failures = waiting.flatMap(({ link: { recordId } }, index): readonly FailedRecord[] => {
        const outcome = outcomes[index];
        if (outcome?.status !== 'failed') return [];
        return [{ table: sync.table, recordId, code: outcome.code, failureClass: outcome.failureClass, reason: outcome.reason }];
      });
      await sync.records.commitPage({ sourceId: sync.sourceId, table: sync.table, links, unchangedIds: [], failures, removals: [] });
    } finally {
      release();
    }
    afterId = last;
  }
};

/** Children that were written without their parent and whose parent has come since. */
export async function* relinkArrivedChildren(
  sync: TableSync,
  parentTable: TableName,
  store: Pick<RunStore, 'arrivedChildren'>,
  options: Omit<SyncOptions, 'isDryRun'>,
): AsyncGenerator<PageResult> {
  const idsAfter = (afterId: string) => store.arrivedChildren(sync.sourceId, sync.table, parentTable, afterId, childrenPerPull);
  if (sync.reader.readCarried === undefined) yield* readAgain(sync, idsAfter, options);
  else await bindArrivedChildren(sync, idsAfter, options);
}

/** Children whose parent was removed: after a merge the CRM names another one, and not every CRM counts that as a change of the child. */
export const rereadChildrenOfRemoved = (
  sync: TableSync,
  of: RemovedParents,
  store: Pick<RunStore, 'childrenOfRemoved'>,
  options: Omit<SyncOptions, 'isDryRun'>,
): AsyncGenerator<PageResult> =>
  readAgain(
    sync,
    // Of those that nobody can ask for, the CRM posts a change of their own.
    async (afterId) =>
      sync.reader.readCarried === undefined ? store.childrenOfRemoved(sync.sourceId, sync.table, of, afterId, childrenPerPull) : [],
    options,
  );
