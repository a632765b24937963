import type { TableName } from '../crm/types.ts';
import type { Dataverse } from '../dataverse/types.ts';
import { AppError } from '../errors/app-error.ts';
import type { RecordStore } from '../store/types.ts';
import { createKnownParents } from './known-parents.ts';
import { compileMapping } from './map.ts';
import { compileMirror } from './microsoft/mirror.ts';
import type { RecordLocks } from './record-locks.ts';
import type { Clock, Source, TableSync } from './types.ts';

export interface SyncDependencies {
  readonly dataverse: Dataverse;
  readonly records: RecordStore;
  readonly locks: RecordLocks;
  readonly clock: Clock;
}

/** Asks Dataverse what the table is like and compiles the mapping against it. Throws before any record is read when they do not fit. */
export const openTableSync = async (
  source: Source,
  table: TableName,
  dependencies: SyncDependencies,
  signal: AbortSignal,
): Promise<TableSync> => {
  if (!source.connector.tables.includes(table)) {
    throw new AppError('source.table_unknown', { source: source.id, table, known: source.connector.tables.join(', ') });
  }
  const reader = source.connector.table(table);
  const description = await dependencies.dataverse.describeTable(table, signal);
  const mirror = compileMirror(source, description);
  return {
    ...dependencies,
    sourceId: source.id,
    sourceName: source.name,
    table,
    reader,
    description,
    sourceClock: source.connector,
    knownParents: createKnownParents(),
    mirror,
    map: compileMapping({ sourceId: source.id, table, columns: reader.columns, description, contentMark: mirror.mark }),
  };
};
