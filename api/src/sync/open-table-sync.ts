import type { TableName, Urgency } from '../crm/types.ts';
import type { Dataverse } from '../dataverse/types.ts';
import { AppError } from '../errors/app-error.ts';
import type { RecordStore } from '../store/records/types.ts';
import { createKnownRows } from './known-rows.ts';
import { compileMapping } from './map.ts';
import { readMappingContext } from './mapping-context.ts';
import type { RecordLocks } from './record-locks.ts';
import type { Clock, RowWriting, Source, SourceWriting, TableSync } from './types.ts';

export interface SyncDependencies {
  readonly dataverse: Dataverse;
  readonly records: RecordStore;
  readonly locks: RecordLocks;
  readonly clock: Clock;
}

const resolveWriting = async (
  { owner, removed = 'deactivate', erased = 'delete', ...switches }: SourceWriting,
  dataverse: Dataverse,
  signal: AbortSignal,
): Promise<RowWriting> => ({
  removed,
  erased,
  switches,
  owner: owner === undefined ? null : { teamId: await dataverse.findTeam(owner.team, signal), assign: owner.assign },
});

/** Asks Dataverse what the table is like and compiles the mapping against it. Throws before any record is read when they do not fit. `urgency` is for records that are asked for by id: who waits for them. */
export const openTableSync = async (
  source: Source,
  table: TableName,
  dependencies: SyncDependencies,
  signal: AbortSignal,
  urgency: Urgency = 'bulk',
): Promise<TableSync> => {
  if (!source.connector.tables.includes(table)) {
    throw new AppError('source.table_unknown', { source: source.id, table, known: source.connector.tables.join(', ') });
  }
  const reader = source.connector.table(table, urgency);
  const { dataverse } = dependencies;
  const description = await dataverse.describeTable(table, signal);
  const [{ context, mirror }, writing] = await Promise.all([
    readMappingContext(source, reader, { description, dataverse, signal }),
    resolveWriting(source.writing ?? {}, dataverse, signal),
  ]);
  return {
    ...dependencies,
    sourceId: source.id,
    sourceName: source.name,
    table,
    reader,
    urgency,
    description,
    writing,
    sourceClock: source.connector,
    knownParents: createKnownRows(),
    mirror,
    map: compileMapping(context),
  };
};
