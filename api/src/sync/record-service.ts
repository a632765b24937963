import type { RecordStatusBody, SyncResultBody } from '../contract/records.ts';
import type { Asking, RecordAddress, RecordService } from '../contract/services.ts';
import type { TableName } from '../crm/types.ts';
import type { DataverseRow } from '../dataverse/types.ts';
import { AppError } from '../errors/app-error.ts';
import { helpFor } from '../errors/help-for.ts';
import type { OpenFailure, RecordStatusStore } from '../store/failures/types.ts';
import type { Link, RecordStore } from '../store/records/types.ts';
import type { RunStore, Watermark } from '../store/runs/types.ts';
import { checkRecord } from './check-record.ts';
import { sourceModifiedOnColumn } from './columns.ts';
import type { AdoptionGuard } from './adopt/unadopted.ts';
import { canBeSearched, findCandidates } from './find-candidates.ts';
import { type FoundRow, createFindRow } from './find-row.ts';
import { createKnownRows } from './known-rows.ts';
import { linkRow } from './link-row.ts';
import { otherRecordsOf } from './microsoft/other-records.ts';
import { openTableSync } from './open-table-sync.ts';
import { toRecordStatus } from './record-status.ts';
import { type ColumnDifference, differencesOf, hiddenColumns } from './row-changes.ts';
import { searchedColumns, termOf, termsOf } from './search-terms.ts';
import { type SourceKeyParts, parseSourceKey, toSourceKey } from './source-key.ts';
import type { Sources } from './sources.ts';
import { type NamedRecordsDependencies, syncNamedRecords } from './sync-named-records.ts';
import type { ComparedPage, PageResult, RowDecision } from './types.ts';
import { type OneRecord, type WorkAhead, workAhead } from './work-ahead.ts';

export interface RecordServiceDependencies extends NamedRecordsDependencies {
  readonly sources: Sources;
  readonly adoption: AdoptionGuard;
  readonly records: NamedRecordsDependencies['records'] & RecordStatusStore;
  readonly runs: NamedRecordsDependencies['runs'] & Pick<RunStore, 'watermark'>;
  /** Ids only, never what stands in a row. */
  readonly log: { info(fields: object, message: string): void };
}

/** What our own store knows of a record. */
interface KnownOfRecord {
  readonly of: SourceKeyParts;
  readonly link: Link | null;
  readonly failure: OpenFailure | null;
  readonly watermark: Watermark | null;
}

export const createRecordService = (dependencies: RecordServiceDependencies): RecordService => {
  const { dataverse, records, runs, sources, clock } = dependencies;
  const findInDataverse = createFindRow(dataverse);
  /** Whose rows we have seen last: only a guess, for what may be begun before the row is read. */
  const seenRows = createKnownRows();
  const nameOf = (table: TableName, rowId: string): string => `${table} ${rowId}`;
  const find: typeof findInDataverse = async (address, options) => {
    const found = await findInDataverse(address, options);
    const { row, key, description } = found;
    if (row !== null && key !== null) {
      const sourceKey = toSourceKey(key.sourceId, key.recordId);
      if (sourceKey !== null) seenRows.learn(nameOf(address.table, String(row[description.primaryIdColumn])), sourceKey);
    }
    return found;
  };
  const guessRecord = (address: RecordAddress): OneRecord | null => {
    const sourceKey = 'sourceKey' in address ? address.sourceKey : seenRows.addressOf(nameOf(address.table, address.rowId));
    const key = sourceKey === undefined ? null : parseSourceKey(sourceKey);
    return key !== null && sources.all().some(({ id }) => id === key.sourceId) ? { ...key, table: address.table } : null;
  };
  const parentTableOf = ({ sourceId, table }: Pick<OneRecord, 'sourceId' | 'table'>): TableName | null => {
    const { connector } = sources.get(sourceId);
    return connector.tables.includes(table) ? connector.table(table).parentTable : null;
  };

  const knownOf = async (table: TableName, of: SourceKeyParts): Promise<KnownOfRecord> => {
    const [links, failure, watermark] = await Promise.all([
      records.findLinks(of.sourceId, table, [of.recordId]),
      records.findFailure(of.sourceId, table, of.recordId),
      runs.watermark(of.sourceId, table),
    ]);
    return { of, link: links.get(of.recordId) ?? null, failure, watermark };
  };

  /** `ahead`: what was read while the row was, and may be of another record than the row turns out to be of. */
  const statusOf = async (
    address: RecordAddress,
    { description, row, key }: FoundRow,
    ahead: KnownOfRecord | null = null,
  ): Promise<RecordStatusBody> => {
    const { table } = address;
    if (row === null) return { table, state: 'notLinked', ...('sourceKey' in address ? { sourceKey: address.sourceKey } : {}) };
    const others = otherRecordsOf(row, { description, table, key }, sources.all());
    const common = { table, rowId: String(row[description.primaryIdColumn]), row, otherRecords: others };
    if (key === null) {
      const mayLink = sources.all().some((source) => canBeSearched(source, table));
      return toRecordStatus({ ...common, key, mayLink, connector: null, link: null, failure: null, watermark: null });
    }
    const connector = sources.all().find(({ id }) => id === key.sourceId)?.connector ?? null;
    const isOfThis = ahead?.of.sourceId === key.sourceId && ahead.of.recordId === key.recordId;
    const { link, failure, watermark } = isOfThis ? ahead : await knownOf(table, key);
    return toRecordStatus({ ...common, key, mayLink: false, connector, link, failure, watermark });
  };

  /** Row and store at once. Whoever may not read the row gets neither. */
  const statusNow = async (address: RecordAddress, key: SourceKeyParts | null, asking: Asking): Promise<RecordStatusBody> => {
    const [found, ahead] = await Promise.all([find(address, asking), key === null ? null : knownOf(address.table, key)]);
    return statusOf(address, found, ahead);
  };

  const outcomeOf = (page: PageResult, before: DataverseRow | null, after: RecordStatusBody): SyncResultBody['outcome'] => {
    if (page.compared.removals.length > 0) return 'removed';
    // Removed before already: nothing was to do, and the answer is the same.
    if (page.compared.filteredIds.length > 0 && after.state === 'removed') return 'removed';
    if (page.compared.toWrite.length > 0) return before === null ? 'created' : 'changed';
    if (page.counts.stale > 0) return 'stale';
    return page.counts.unchanged > 0 ? 'unchanged' : 'filtered';
  };

  const mappedColumns = (table: TableName): readonly string[] =>
    sources
      .all()
      .flatMap(({ connector }) => (connector.tables.includes(table) ? connector.table(table).columns : []))
      .flatMap((rule) => rule.to);

  /** What of a decision the person who asks may know. */
  const differencesFor =
    ({ description, row }: FoundRow, { asUser }: Asking) =>
    (decision: RowDecision): readonly ColumnDifference[] => {
      const hidden = row === null || asUser === undefined ? new Set<string>() : hiddenColumns(description, row);
      return differencesOf(description, decision, row).filter(({ column }) => !hidden.has(column));
    };

  /** What a look at the CRM adds to what was known of the row. */
  const afterCheck = (
    known: RecordStatusBody,
    { toWrite: [decision], removals, failures: [failure] }: ComparedPage,
    { row }: FoundRow,
    differences: (decision: RowDecision) => readonly ColumnDifference[],
  ): RecordStatusBody => {
    const checkedOn = new Date(clock.nowMs()).toISOString();
    if (removals.length > 0) return { ...known, state: 'removed', checkedOn };
    if (failure !== undefined) {
      const { code, reason } = failure;
      return {
        ...known,
        state: 'failed',
        checkedOn,
        failure: { code, reason, help: helpFor(code), since: known.failure?.since ?? checkedOn },
      };
    }
    if (decision === undefined) return { ...known, checkedOn };
    const { modifiedOnMs } = decision.row.record;
    const writtenMs = Date.parse(String(row?.[sourceModifiedOnColumn]));
    // Without our bookkeeping only the row itself tells.
    const isSame = decision.link === null && differences(decision).length === 0 && !(modifiedOnMs !== null && modifiedOnMs > writtenMs);
    if (isSame) return { ...known, checkedOn };
    const sourceModifiedOn = modifiedOnMs === null ? known.sourceModifiedOn : new Date(modifiedOnMs).toISOString();
    return { ...known, state: 'outOfDate', checkedOn, sourceModifiedOn };
  };

  /** `ahead`: null for a dry run. */
  const syncRecord = async (address: RecordAddress, asking: Asking, ahead: WorkAhead<FoundRow> | null): Promise<SyncResultBody> => {
    const { signal } = asking;
    const isDryRun = ahead === null;
    const found = await find(address, { ...asking, columns: mappedColumns(address.table) });
    const { key, row: before } = found;
    if (key === null) throw new AppError('record.not_linked');
    const { table } = address;
    const source = sources.get(key.sourceId);
    if (before === null && !isDryRun) await dependencies.adoption.requireAdopted(source, table, { isNews: false, signal });
    const differences = differencesFor(found, asking);
    const syncIn = async (store: RecordStore): Promise<PageResult> => {
      const sync = await openTableSync(source, table, { ...dependencies, records: store }, signal, 'person');
      const { page, failures } = await syncNamedRecords(sync, source, [key.recordId], dependencies, {
        signal,
        isDryRun,
        // What the agent cannot see would differ at every click.
        hasDrifted: (decision) => differences(decision).length > 0,
      });
      const [failure] = failures;
      if (failure !== undefined) throw new AppError('record.write_failed', { code: failure.code, problem: failure.reason });
      return page;
    };
    const syncAndLook = async ({
      records: store,
      outcome: outcomeAhead,
    }: WorkAhead<FoundRow>): Promise<readonly [PageResult, RecordStatusBody]> => {
      const watermark = runs.watermark(key.sourceId, table);
      watermark.catch(() => undefined);
      const page = await syncIn(store);
      const outcome = await outcomeAhead();
      if (outcome === null) return [page, await statusNow(address, key, asking)];
      // Committed with its link, so it has no failure any more.
      const known: KnownOfRecord = { of: key, link: outcome.link, failure: null, watermark: await watermark };
      return [page, await statusOf(address, outcome.row, known)];
    };
    const [page, record] = ahead === null ? ([await syncIn(records), await statusOf(address, found)] as const) : await syncAndLook(ahead);
    const changes = page.compared.toWrite.flatMap(differences);
    return {
      outcome: outcomeOf(page, before, record),
      isDryRun,
      changes: changes.map(({ column, label, before: old, after }) => ({
        column,
        label,
        ...(old === null ? {} : { before: old }),
        ...(after === null ? {} : { after }),
      })),
      record,
    };
  };

  const service: RecordService = {
    async status(address, asking) {
      return statusNow(address, 'sourceKey' in address ? parseSourceKey(address.sourceKey) : null, asking);
    },

    async check(address, asking) {
      const found = await find(address, { ...asking, columns: mappedColumns(address.table) });
      if (found.key === null || found.row === null) throw new AppError('record.not_linked');
      const source = sources.get(found.key.sourceId);
      const sync = await openTableSync(source, address.table, dependencies, asking.signal, 'person');
      const compared = await checkRecord(sync, found.key.recordId, asking.signal);
      return afterCheck(await statusOf(address, found), compared, found, differencesFor(found, asking));
    },

    async sync(address, { isDryRun, ...asking }) {
      if (isDryRun) return syncRecord(address, asking, null);
      const ahead = workAhead({ records, readRow: () => find(address, asking), parentTableOf, guess: guessRecord(address) });
      try {
        return await syncRecord(address, asking, ahead);
      } finally {
        await ahead.end();
      }
    },

    async candidates({ table, rowId }, { words, ...asking }) {
      const { row, key } = await find({ table, rowId }, { ...asking, columns: searchedColumns(table) });
      if (key !== null) throw new AppError('record.already_linked');
      const typed = words === undefined ? null : termOf(words);
      const terms = words === undefined ? termsOf(table, row ?? {}) : typed === null ? [] : [typed];
      if (terms.length === 0) throw new AppError('record.nothing_to_search_by');
      return findCandidates(sources.all(), { table, terms, ...asking }, dependencies);
    },

    async link({ table, rowId }, { sourceId, recordId: written, ...asking }) {
      const { signal, asUser } = asking;
      const { description, row, key } = await find({ table, rowId }, asking);
      const source = sources.get(sourceId);
      const { reader } = await openTableSync(source, table, dependencies, signal, 'person');
      const recordId = reader.readId(written);
      const sourceKey = recordId === null ? null : toSourceKey(source.id, recordId);
      if (recordId === null || sourceKey === null) throw new AppError('record.candidate_gone', { source: source.id });
      const isThis = (found: FoundRow['key']): boolean => found?.sourceId === source.id && found.recordId === recordId;
      if (key !== null && !isThis(key)) throw new AppError('record.already_linked');
      if (key === null && row !== null) {
        const record = await reader.getOne(recordId, signal);
        if (record === null || record.isDeleted || record.isSkipped) throw new AppError('record.candidate_gone', { source: source.id });
        const to = { sourceKey, sourceName: source.name, recordId, url: record.url };
        if ((await linkRow(dataverse, { description, rowId, row }, to, asking)) === 'changed') {
          const { key: now } = await find({ table, rowId }, asking);
          if (now === null) throw new AppError('record.changed_meanwhile');
          if (!isThis(now)) throw new AppError('record.already_linked');
        }
        // A link of a row that is no more would call this one unchanged.
        await records.forgetLinks(source.id, table, [recordId]);
        dependencies.log.info({ by: asUser ?? 'the application', table, rowId, source: source.id, record: recordId }, 'row linked');
      }
      return service.sync({ table, rowId }, { ...asking, isDryRun: false });
    },
  };
  return service;
};
