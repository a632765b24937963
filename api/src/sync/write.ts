import type { RowOutcome, RowToWrite, WriteOptions } from '../dataverse/types.ts';
import type { FailedRecord, Link } from '../store/records/types.ts';
import {
  activeColumnsJson,
  lastSyncedOnColumn,
  ownerBind,
  parentLookups,
  sourceCrmColumn,
  sourceKeyColumn,
  sourceModifiedOnColumn,
  sourceRecordIdColumn,
  sourceUrlColumn,
  syncStatus,
  syncStatusColumn,
} from './columns.ts';
import { isUnwritten } from './compare.ts';
import { findNewRows } from './find-new-rows.ts';
import { foldLabel } from './fit/fold-label.ts';
import type { RowDecision, TableSync, WrittenPage } from './types.ts';
import { writeInstant } from './write-instant.ts';

/** RecordNotFoundByEntityKey: the parent was removed between our look and the write. */
const parentMissingCode = '0x80060891';
/** ObjectDoesNotExist: the same of a row that a lookup points to by its GUID. */
const targetMissingCode = '0x80040217';

/**
 * Compiles what all rows of a batch have in common. Mapped columns first, ours after them, put together as text: the mapped part was
 * serialised once, in map.
 */
const compileRow = (
  sync: TableSync,
  syncedOn: string,
  { newKeys, mayBeInactive }: { readonly newKeys: ReadonlySet<string>; readonly mayBeInactive: boolean },
): ((decision: RowDecision) => RowToWrite) => {
  const lookup = parentLookups[sync.table];
  const crmAndId = `"${sourceCrmColumn}":${JSON.stringify(sync.sourceName)},"${sourceRecordIdColumn}":`;
  const url = `,"${sourceUrlColumn}":`;
  const modifiedOn = `,"${sourceModifiedOnColumn}":`;
  const syncedOnAndStatus = `,"${lastSyncedOnColumn}":"${syncedOn}","${syncStatusColumn}":`;
  const bind = `,"${lookup.bind}":"/${lookup.entitySetName}(${sourceKeyColumn}='`;
  const unbind = `,"${lookup.bind}":null`;

  const { owner } = sync.writing;
  const assign = owner === null ? '' : `,"${ownerBind}":"/teams(${owner.teamId})"`;

  return ({ row, link, lookups, parentKey, isParentMissing }) => {
    const { record } = row;
    let columnsJson = row.columnsJson === '' ? crmAndId : `${row.columnsJson},${crmAndId}`;
    columnsJson += JSON.stringify(record.id) + url + JSON.stringify(record.url);
    columnsJson += record.modifiedOnMs === null ? `${modifiedOn}null` : `${modifiedOn}"${writeInstant(record.modifiedOnMs)}"`;
    columnsJson += syncedOnAndStatus + (isParentMissing ? syncStatus.waitingForParent : syncStatus.inSync);
    columnsJson += lookups.json + sync.mirror.columnsJson(record);
    if (parentKey !== null) columnsJson += `${bind}${parentKey}')"`;
    // A parent that the record has lost is unbound; one that it never had, or of which the CRM says nothing, needs nothing. Unless
    // Microsoft's flows made the row: they hang contacts without an organisation on an account called "-".
    else if (record.parentId !== undefined && (isUnwritten(link) ? sync.mirror.mayHaveOlderRows : link?.parentId !== null))
      columnsJson += unbind;
    if (owner?.assign === 'always' || newKeys.has(row.sourceKey)) columnsJson += assign;
    // A record that had been removed and is back: its row is active again.
    if (mayBeInactive || link?.state === 'removed') columnsJson += `,${activeColumnsJson}`;
    return { sourceKey: row.sourceKey, columnsJson };
  };
};

const toLink = (decision: RowDecision, syncedOnMs: number): Link => ({
  recordId: decision.row.record.id,
  contentHash: decision.contentHash,
  sourceModifiedOnMs: decision.row.record.modifiedOnMs,
  parentId: decision.row.record.parentId === undefined ? (decision.link?.parentId ?? null) : decision.row.record.parentId,
  state: decision.isParentMissing ? 'waitingForParent' : 'linked',
  syncedOnMs,
  checkedOnMs: syncedOnMs,
});

const toFailure = (sync: TableSync, decision: RowDecision, outcome: Extract<RowOutcome, { status: 'failed' }>): FailedRecord => ({
  table: sync.table,
  recordId: decision.row.record.id,
  code: outcome.code === '' ? 'record.write_failed' : outcome.code,
  failureClass: outcome.failureClass,
  reason: outcome.reason,
});

const lostItsParent = (decision: RowDecision, outcome: RowOutcome): boolean =>
  outcome.status === 'failed' && outcome.code === parentMissingCode && decision.parentKey !== null;

/**
 * Somebody has deleted these parents' rows in Dataverse. While our links said that they are there, they would never be made again,
 * and their children would be written anew by every run.
 */
const forgetParents = async (sync: TableSync, orphans: readonly RowDecision[]): Promise<void> => {
  const parentIds = new Set(orphans.flatMap(({ parentId }) => (parentId === null ? [] : [parentId])));
  const { parentTable } = sync.reader;
  if (parentTable === null || parentIds.size === 0) return;
  sync.knownParents.forget(parentIds);
  await sync.records.forgetLinks(sync.sourceId, parentTable, [...parentIds]);
};

/** The row has failed; the next try looks for the rows anew instead of naming one that is gone. */
const forgetTargets = ({ row }: RowDecision): void => {
  for (const { lookup, value } of row.lookups) if (value !== null) lookup.known.forget([foldLabel(value)]);
};

export interface RowWriteOptions extends WriteOptions {
  /** Somebody may have deactivated the rows just now: they are to be active, whatever their links say. */
  readonly mayBeInactive?: boolean;
}

/**
 * Step 4. Upserts the decided rows by alternate key. A row whose parent vanished meanwhile is written again without it, and waits.
 * Throws only when nothing can be said of any row any more; nothing is then recorded, and the page is repeated.
 */
export const write = async (
  sync: TableSync,
  decisions: readonly RowDecision[],
  { mayBeInactive = false, ...options }: RowWriteOptions,
): Promise<WrittenPage> => {
  const links: Link[] = [];
  const failures: FailedRecord[] = [];
  const orphans: RowDecision[] = [];

  const newKeys = await findNewRows(sync, decisions, options.signal);

  const upsert = async (batch: readonly RowDecision[]): Promise<void> => {
    if (batch.length === 0) return;
    const syncedOnMs = sync.clock.nowMs();
    const rows = batch.map(compileRow(sync, writeInstant(syncedOnMs), { newKeys, mayBeInactive }));
    const outcomes = await sync.dataverse.upsert(sync.description, rows, { ...options, ...sync.writing.switches });
    batch.forEach((decision, index) => {
      const outcome = outcomes[index];
      if (outcome === undefined) throw new Error(`the writer gave ${outcomes.length} outcomes for ${batch.length} rows`);
      if (outcome.status === 'written') links.push(toLink(decision, syncedOnMs));
      else if (lostItsParent(decision, outcome)) orphans.push({ ...decision, parentKey: null, isParentMissing: true });
      else {
        if (outcome.code === targetMissingCode) forgetTargets(decision);
        failures.push(toFailure(sync, decision, outcome));
      }
    });
  };

  await upsert(decisions);
  await forgetParents(sync, orphans);
  await upsert(orphans.splice(0));
  return { links, failures };
};
