import type { SourcePage, SourceRecord, TableName, UnreadableRecord } from '../crm/types.ts';
import { AppError } from '../errors/app-error.ts';
import type { ErasureStore } from '../store/inbox/types.ts';
import type { FailedRecord } from '../store/records/types.ts';
import type { RunStore } from '../store/runs/types.ts';
import type { AdoptionGuard } from '../sync/adopt/unadopted.ts';
import { eraseRecords } from '../sync/erase-records.ts';
import { openTableSync } from '../sync/open-table-sync.ts';
import { isAboutARecord, tombstone } from '../sync/pull.ts';
import { rereadChildrenOfRemoved } from '../sync/relink-children.ts';
import { type NamedRecordsDependencies, syncCarriedRecords, syncNamedRecords } from '../sync/sync-named-records.ts';
import type { Source, TableSync } from '../sync/types.ts';
import { outcomesOf, type TableOutcomes } from './outcomes.ts';
import type { CarriedRecord, TablePlan } from './plan-batch.ts';

const erasuresPerLook = 200;
/** They are one page, held in memory and locked as a whole; a single delivery may name tens of thousands. */
const recordsPerRead = 1_000;

export interface SyncDeliveriesDependencies extends NamedRecordsDependencies {
  readonly erasures: ErasureStore;
  readonly adoption: AdoptionGuard;
  readonly runs: NamedRecordsDependencies['runs'] & Pick<RunStore, 'childrenOfRemoved'>;
}

/** One that the delivery names and that is in it under another id is no record that we know anything of. */
const isNamed = ({ id }: SourceRecord, { recordIds }: CarriedRecord): boolean => recordIds.includes(id);

/** What came along as a page, oldest first; `lostIds` are those whose content cannot be read any more. */
const pageOf = (sync: TableSync, carried: readonly CarriedRecord[]): { readonly page: SourcePage; readonly lostIds: readonly string[] } => {
  const records: SourceRecord[] = [];
  const unreadable: UnreadableRecord[] = [];
  const lostIds: string[] = [];
  for (const one of carried) {
    const { recordIds, occurredOnMs, what } = one;
    if (what === 'lost') lostIds.push(...recordIds);
    else if (what === 'deleted') records.push(...recordIds.map((recordId) => tombstone(recordId, occurredOnMs)));
    else {
      const read = sync.reader.readCarried?.(what.record, occurredOnMs);
      if (read !== undefined && 'id' in read && isNamed(read, one)) records.push(read);
      else {
        const reason = read !== undefined && 'reason' in read ? read.reason : 'it has another id than its event names';
        unreadable.push({ where: recordIds[0] ?? '', reason });
      }
    }
  }
  return { page: { records, unreadable, next: null }, lostIds };
};

/** What the CRM refuses to say of all of them alike must not keep the deliveries behind them waiting: they are failed records, as in a run. */
const failAll = async (
  sync: TableSync,
  recordIds: readonly string[],
  { code, message }: Pick<AppError, 'code' | 'message'>,
): Promise<TableOutcomes> => {
  const { sourceId, table } = sync;
  const failures = recordIds.map((recordId): FailedRecord => ({ table, recordId, code, failureClass: 'crm', reason: message }));
  await sync.records.commitPage({ sourceId, table, links: [], unchangedIds: [], failures, removals: [] });
  return new Map(recordIds.map((recordId) => [recordId, 'failed']));
};

const readAgain = async (
  sync: TableSync,
  source: Source,
  recordIds: readonly string[],
  dependencies: SyncDeliveriesDependencies,
  signal: AbortSignal,
): Promise<TableOutcomes> => {
  try {
    return outcomesOf(recordIds, await syncNamedRecords(sync, source, recordIds, dependencies, { signal, isDryRun: false }));
  } catch (error) {
    if (!isAboutARecord(error)) throw error;
    return failAll(sync, recordIds, error);
  }
};

const takeCarried = async (
  sync: TableSync,
  source: Source,
  carried: readonly CarriedRecord[],
  dependencies: SyncDeliveriesDependencies,
  signal: AbortSignal,
): Promise<TableOutcomes> => {
  const { page, lostIds } = pageOf(sync, carried);
  const ids = [...page.records.map(({ id }) => id), ...page.unreadable.map(({ where }) => where)];
  const outcomes = outcomesOf(ids, await syncCarriedRecords(sync, source, page, dependencies, { signal, isDryRun: false }));
  const lost = lostIds.length === 0 ? [] : await failAll(sync, lostIds, new AppError('record.payload_lost'));
  return new Map([...outcomes, ...lost]);
};

/** A merge gives the children of the one that went another parent, and a deletion none; not every CRM counts that as a change of theirs. */
const rereadChildren = async (
  sync: TableSync,
  source: Source,
  outcomes: TableOutcomes,
  dependencies: SyncDeliveriesDependencies,
  signal: AbortSignal,
): Promise<void> => {
  const tables = source.connector.tables.filter((table) => source.connector.table(table).parentTable === sync.table);
  // Filtered: a batch that is repeated finds its removals done.
  const goneIds = [...outcomes].flatMap(([recordId, outcome]) => (outcome === 'removed' || outcome === 'filtered' ? [recordId] : []));
  if (tables.length === 0 || goneIds.length === 0) return;
  const links = await sync.records.findLinks(sync.sourceId, sync.table, goneIds);
  const parentIds = [...links.values()].flatMap(({ recordId, state }) => (state === 'removed' ? [recordId] : []));
  if (parentIds.length === 0) return;
  for (const table of tables) {
    const children = await openTableSync(source, table, dependencies, signal, 'webhook');
    const of = { parentTable: sync.table, sinceMs: 0, parentIds };
    const pages = rereadChildrenOfRemoved(children, of, dependencies.runs, { signal, lane: 'bulk', runId: null });
    while ((await pages.next()).done !== true);
  }
};

/** Those that are due, whoever asked for them and when. */
export const eraseDue = async (
  source: Source,
  table: TableName,
  dependencies: SyncDeliveriesDependencies,
  signal: AbortSignal,
): Promise<TableOutcomes> => {
  const { erasures, clock } = dependencies;
  const outcomes: TableOutcomes = new Map();
  for (;;) {
    const ids = await erasures.due(source.id, table, clock.nowMs(), erasuresPerLook);
    if (ids.length === 0) return outcomes;
    const sync = await openTableSync(source, table, dependencies, signal, 'webhook');
    const { erasedIds, waitingIds, failures } = await eraseRecords(sync, erasures, ids, { signal, lane: 'bulk' });
    for (const recordId of erasedIds) outcomes.set(recordId, 'erased');
    for (const recordId of waitingIds) outcomes.set(recordId, 'waitsForErasure');
    for (const { recordId } of failures) outcomes.set(recordId, 'failed');
  }
};

/** Brings one table to what a batch of deliveries tells of it, and says what became of each record. Safe to repeat. */
export const syncDeliveries = async (
  source: Source,
  table: TableName,
  { readIds, eraseIds, carried }: TablePlan,
  dependencies: SyncDeliveriesDependencies,
  signal: AbortSignal,
): Promise<TableOutcomes> => {
  // The deliveries stay in the inbox until then, as they do while Dataverse is down.
  await dependencies.adoption.requireAdopted(source, table, { isNews: false, signal });
  // Durable before anything else: what was promised to a person must not hang on the rest of the batch.
  await dependencies.erasures.add(source.id, table, [...eraseIds], dependencies.clock.nowMs());
  const sync = await openTableSync(source, table, dependencies, signal, 'webhook');
  const outcomes: TableOutcomes = new Map();
  const add = (more: TableOutcomes): void => {
    for (const [recordId, outcome] of more) outcomes.set(recordId, outcome);
  };
  const ids = [...readIds];
  for (let start = 0; start < ids.length; start += recordsPerRead)
    add(await readAgain(sync, source, ids.slice(start, start + recordsPerRead), dependencies, signal));
  if (carried.length > 0) add(await takeCarried(sync, source, carried, dependencies, signal));
  if (eraseIds.size > 0) add(await eraseDue(source, table, dependencies, signal));
  await rereadChildren(sync, source, outcomes, dependencies, signal);
  return outcomes;
};
