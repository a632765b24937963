import type { TableName, TableReader } from '../crm/types.ts';
import type { Dataverse, TableDescription } from '../dataverse/types.ts';
import { AppError } from '../errors/app-error.ts';
import type { RecordStore } from '../store/types.ts';
import { ownColumns, ownerColumn, parentLookups } from './columns.ts';
import { createKnownRows } from './known-rows.ts';
import { compileMapping } from './map.ts';
import { compileMirror } from './microsoft/mirror.ts';
import type { RecordLocks } from './record-locks.ts';
import type { Clock, Mirror, RowWriting, Source, SourceWriting, TableSync } from './types.ts';

export interface SyncDependencies {
  readonly dataverse: Dataverse;
  readonly records: RecordStore;
  readonly locks: RecordLocks;
  readonly clock: Clock;
}

/** The tables that the mapping's lookups point to; most mappings have none. */
const describeTargets = async (
  { columns }: TableReader,
  dataverse: Dataverse,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, TableDescription>> => {
  const names = new Set(columns.flatMap(({ lookup }) => (lookup === undefined ? [] : [lookup.table])));
  return new Map(await Promise.all([...names].map(async (name) => [name, await dataverse.describeTargetTable(name, signal)] as const)));
};

const resolveWriting = async (
  { owner, removed = 'deactivate', ...switches }: SourceWriting,
  dataverse: Dataverse,
  signal: AbortSignal,
): Promise<RowWriting> => ({
  removed,
  switches,
  owner: owner === undefined ? null : { teamId: await dataverse.findTeam(owner.team, signal), assign: owner.assign },
});

const reservedColumns = ({ table, parentTable }: TableReader, { owner }: RowWriting, mirror: Mirror): ReadonlyMap<string, string> =>
  new Map([
    ...mirror.columns.map((column) => [column, '“microsoftSourceCrm” of the source, unless it is false'] as const),
    ...ownColumns.map((column) => [column, 'every sync'] as const),
    ...(parentTable === null ? [] : [[parentLookups[table].column, '“parent” of the manifest'] as const]),
    ...(owner === null ? [] : [[ownerColumn, '“owner” of the source'] as const]),
  ]);

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
  const { dataverse } = dependencies;
  const description = await dataverse.describeTable(table, signal);
  const [targetTables, writing] = await Promise.all([
    describeTargets(reader, dataverse, signal),
    resolveWriting(source.writing ?? {}, dataverse, signal),
  ]);
  const mirror = compileMirror(source, description);
  const reserved = reservedColumns(reader, writing, mirror);
  return {
    ...dependencies,
    sourceId: source.id,
    sourceName: source.name,
    table,
    reader,
    description,
    writing,
    sourceClock: source.connector,
    knownParents: createKnownRows(),
    mirror,
    map: compileMapping({
      sourceId: source.id,
      table,
      columns: reader.columns,
      description,
      targetTables,
      reserved,
      contentMark: mirror.mark,
    }),
  };
};
