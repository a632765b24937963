import type { SourcePage, TableName, Urgency } from '../crm/types.ts';
import type { WriteOptions } from '../dataverse/types.ts';
import type { FailedRecord } from '../store/records/types.ts';
import type { RunStore } from '../store/runs/types.ts';
import { applyRemovals } from './apply-removals.ts';
import type { DriftCheck } from './compare.ts';
import { type SyncDependencies, openTableSync } from './open-table-sync.ts';
import { relinkArrivedChildren } from './relink-children.ts';
import type { Selection } from './pull.ts';
import { syncRecords } from './sync-records.ts';
import type { PageResult, Source, TableSync } from './types.ts';

export interface NamedRecordsOptions {
  readonly signal: AbortSignal;
  readonly isDryRun: boolean;
  readonly hasDrifted?: DriftCheck;
  /** interactive when left out: somebody waits for it. */
  readonly lane?: WriteOptions['lane'];
}

export interface NamedRecordsDependencies extends SyncDependencies {
  readonly runs: Pick<RunStore, 'settleRemovals' | 'stillPendingRemovals' | 'forgetRemovals' | 'arrivedChildren'>;
}

export interface NamedRecordsResult {
  readonly page: PageResult;
  readonly failures: readonly FailedRecord[];
}

const onlyPage = async (pages: AsyncIterable<PageResult>): Promise<PageResult> => {
  for await (const page of pages) return page;
  throw new Error('a pull by id gave no page');
};

/** Links the children that waited for records of this table, whichever door brought them. */
export const relinkChildrenOf = async (
  parentTable: TableName,
  source: Source,
  dependencies: SyncDependencies & { readonly runs: Pick<RunStore, 'arrivedChildren'> },
  options: WriteOptions & { readonly urgency?: Urgency },
): Promise<void> => {
  for (const table of source.connector.tables) {
    if (source.connector.table(table).parentTable !== parentTable) continue;
    const children = await openTableSync(source, table, dependencies, options.signal, options.urgency);
    const pages = relinkArrivedChildren(children, parentTable, dependencies.runs, { ...options, runId: null });
    while ((await pages.next()).done !== true);
  }
};

const syncSelected = async (
  sync: TableSync,
  source: Source,
  selection: Selection,
  dependencies: NamedRecordsDependencies,
  { lane = 'interactive', ...options }: NamedRecordsOptions,
): Promise<NamedRecordsResult> => {
  const write = { signal: options.signal, lane } as const;
  const page = await onlyPage(syncRecords(sync, selection, { ...options, ...write, runId: null }));
  if (options.isDryRun) return { page, failures: page.failures };

  const gone = page.compared.removals;
  const removals = gone.length > 0 ? await applyRemovals(sync, dependencies.runs, gone, { ...write, mustConfirm: false }) : null;
  const isAnyNew = page.compared.toWrite.some(({ link }) => link === null || link.state === 'removed');
  if (isAnyNew) await relinkChildrenOf(sync.table, source, dependencies, { ...write, urgency: sync.urgency });
  return { page, failures: [...page.failures, ...(removals?.failures ?? [])] };
};

/**
 * The way of a click and of a webhook: the five steps for records that are named, and at once what follows from them. The CRM
 * was asked for these very ids, so one that is absent is gone and its row is removed; children that waited are linked.
 */
export const syncNamedRecords = (
  sync: TableSync,
  source: Source,
  recordIds: readonly string[],
  dependencies: NamedRecordsDependencies,
  options: NamedRecordsOptions,
): Promise<NamedRecordsResult> => syncSelected(sync, source, { kind: 'ids', ids: recordIds }, dependencies, options);

/** The same for records that came along with a delivery, as nobody can ask for them: what is marked as deleted is gone. */
export const syncCarriedRecords = (
  sync: TableSync,
  source: Source,
  page: SourcePage,
  dependencies: NamedRecordsDependencies,
  options: NamedRecordsOptions,
): Promise<NamedRecordsResult> => syncSelected(sync, source, { kind: 'carried', page }, dependencies, options);
