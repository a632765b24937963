import type { RecordStatusBody, SyncResultBody } from '../contract/schemas.ts';
import type { RecordAddress, RecordService } from '../contract/services.ts';
import type { DataverseRow, TableDescription } from '../dataverse/types.ts';
import { AppError } from '../errors/app-error.ts';
import type { RecordStatusStore, RunStore } from '../store/types.ts';
import { sourceKeyColumn } from './columns.ts';
import type { AdoptionGuard } from './adopt/unadopted.ts';
import { openTableSync } from './open-table-sync.ts';
import { statusColumns, toRecordStatus } from './record-status.ts';
import { columnsToRead, differencesOf } from './row-changes.ts';
import { type SourceKeyParts, parseSourceKey } from './source-key.ts';
import type { Sources } from './sources.ts';
import { type NamedRecordsDependencies, syncNamedRecords } from './sync-named-records.ts';
import type { PageResult } from './types.ts';

export interface RecordServiceDependencies extends NamedRecordsDependencies {
  readonly sources: Sources;
  readonly adoption: AdoptionGuard;
  readonly records: NamedRecordsDependencies['records'] & RecordStatusStore;
  readonly runs: NamedRecordsDependencies['runs'] & Pick<RunStore, 'watermark'>;
}

interface FoundRow {
  readonly description: TableDescription;
  /** null: we hold the key, and no row has it yet. */
  readonly row: DataverseRow | null;
  readonly key: SourceKeyParts | null;
}

interface Asking {
  readonly asUser?: string;
  readonly signal: AbortSignal;
}

export const createRecordService = (dependencies: RecordServiceDependencies): RecordService => {
  const { dataverse, records, runs, sources } = dependencies;

  /** Reads the row as the person who asks: who may not read it learns nothing, not even that it exists. */
  const find = async (address: RecordAddress, mapped: readonly string[], asking: Asking): Promise<FoundRow> => {
    const addressedKey = 'sourceKey' in address ? parseSourceKey(address.sourceKey) : null;
    if ('sourceKey' in address && addressedKey === null) throw new AppError('record.key_invalid');
    const description = await dataverse.describeTable(address.table, asking.signal);
    const row = await dataverse.readRow(description, address, {
      select: [...new Set([...statusColumns, ...columnsToRead(description, mapped)])],
      signal: asking.signal,
      withFormattedValues: mapped.length > 0,
      ...(asking.asUser === undefined ? {} : { asUser: asking.asUser }),
    });
    // Only the application itself (the CLI, a webhook) may bring in a record that has no row yet.
    if (row === null && (addressedKey === null || asking.asUser !== undefined)) throw new AppError('record.not_found');
    const value = row?.[sourceKeyColumn];
    return { description, row, key: typeof value === 'string' ? parseSourceKey(value) : addressedKey };
  };

  const statusOf = async (address: RecordAddress, { description, row, key }: FoundRow): Promise<RecordStatusBody> => {
    const { table } = address;
    if (row === null) return { table, state: 'notLinked', ...('sourceKey' in address ? { sourceKey: address.sourceKey } : {}) };
    const rowId = String(row[description.primaryIdColumn]);
    if (key === null) return toRecordStatus({ table, rowId, row, key, link: null, failure: null, watermark: null });
    const [links, failure, watermark] = await Promise.all([
      records.findLinks(key.sourceId, table, [key.recordId]),
      records.findFailure(key.sourceId, table, key.recordId),
      runs.watermark(key.sourceId, table),
    ]);
    return toRecordStatus({ table, rowId, row, key, link: links.get(key.recordId) ?? null, failure, watermark });
  };

  const outcomeOf = (page: PageResult, before: DataverseRow | null, after: RecordStatusBody): SyncResultBody['outcome'] => {
    if (page.compared.removals.length > 0) return 'removed';
    // Removed before already: nothing was to do, and the answer is the same.
    if (page.compared.filteredIds.length > 0 && after.state === 'removed') return 'removed';
    if (page.compared.toWrite.length > 0) return before === null ? 'created' : 'changed';
    if (page.counts.stale > 0) return 'stale';
    return page.counts.unchanged > 0 ? 'unchanged' : 'filtered';
  };

  return {
    async status(address, asking) {
      return statusOf(address, await find(address, [], asking));
    },

    async sync(address, { isDryRun, ...asking }) {
      const { signal } = asking;
      const mapped = sources
        .all()
        .flatMap(({ connector }) => (connector.tables.includes(address.table) ? connector.table(address.table).columns : []))
        .flatMap((rule) => rule.to);
      const found = await find(address, mapped, asking);
      if (found.key === null) throw new AppError('record.not_linked');
      const before = found.row;
      const source = sources.get(found.key.sourceId);
      if (before === null && !isDryRun) await dependencies.adoption.requireAdopted(source, address.table, { isNews: false, signal });
      const sync = await openTableSync(source, address.table, dependencies, signal, 'person');

      const { page, failures } = await syncNamedRecords(sync, source, [found.key.recordId], dependencies, {
        signal,
        isDryRun,
        hasDrifted: (decision) => differencesOf(sync.description, decision, before).length > 0,
      });
      const [failure] = failures;
      if (failure !== undefined) throw new AppError('record.write_failed', { code: failure.code, problem: failure.reason });

      const changes = page.compared.toWrite.flatMap((decision) => differencesOf(sync.description, decision, before));
      const record = await statusOf(address, isDryRun ? found : await find(address, [], asking));
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
    },
  };
};
