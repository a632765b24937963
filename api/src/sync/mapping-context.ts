import type { TableReader } from '../crm/types.ts';
import type { Dataverse, TableDescription } from '../dataverse/types.ts';
import { ownColumns, ownerColumn, parentLookups } from './columns.ts';
import type { MappingContext } from './compile-rule.ts';
import { compileMirror } from './microsoft/mirror.ts';
import type { Mirror, Source } from './types.ts';

type TargetDescriber = Pick<Dataverse, 'describeTargetTable'>;

/** The tables that the mapping's lookups point to; most mappings have none. */
const describeTargets = async (
  { columns }: TableReader,
  dataverse: TargetDescriber,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, TableDescription>> => {
  const names = new Set(columns.flatMap(({ lookup }) => (lookup === undefined ? [] : [lookup.table])));
  return new Map(await Promise.all([...names].map(async (name) => [name, await dataverse.describeTargetTable(name, signal)] as const)));
};

const reservedColumns = ({ table, parentTable }: TableReader, { writing }: Source, mirror: Mirror): ReadonlyMap<string, string> =>
  new Map([
    ...mirror.columns.map((column) => [column, '“microsoftSourceCrm” of the source, unless it is false'] as const),
    ...ownColumns.map((column) => [column, 'every sync'] as const),
    ...(parentTable === null ? [] : [[parentLookups[table].column, '“parent” of the manifest'] as const]),
    ...(writing?.owner === undefined ? [] : [[ownerColumn, '“owner” of the source'] as const]),
  ]);

/** What a table's mapping is compiled against: the columns as they are, and which of them are filled otherwise. */
export const readMappingContext = async (
  source: Source,
  reader: TableReader,
  against: { readonly description: TableDescription; readonly dataverse: TargetDescriber; readonly signal: AbortSignal },
): Promise<{ readonly context: MappingContext; readonly mirror: Mirror }> => {
  const { description, dataverse, signal } = against;
  const mirror = compileMirror(source, description);
  const context: MappingContext = {
    sourceId: source.id,
    table: reader.table,
    columns: reader.columns,
    description,
    targetTables: await describeTargets(reader, dataverse, signal),
    reserved: reservedColumns(reader, source, mirror),
    contentMark: mirror.mark,
  };
  return { context, mirror };
};
