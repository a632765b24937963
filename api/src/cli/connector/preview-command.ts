import { fieldsMissing } from '../../crm/kit/fields-missing.ts';
import { firstRecordsOf } from '../../crm/kit/take-sample.ts';
import { readyTables } from '../../crm/manifest/with-defaults.ts';
import type { SourceRecord, TableName, TableReader } from '../../crm/types.ts';
import { standardTable } from '../../dataverse/standard-columns.ts';
import type { Dataverse } from '../../dataverse/types.ts';
import { AppError } from '../../errors/app-error.ts';
import { compileExplainer } from '../../sync/explain-record.ts';
import { readMappingContext } from '../../sync/mapping-context.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import type { ConnectorContext } from './context.ts';
import { openDataverseFor, openSource } from './open-source.ts';
import type { OpenedSource } from './opened-source.ts';
import { saidAt, showRecord } from './show-preview.ts';
import type { SourceOptions } from './source-options.ts';

export interface PreviewOptions extends SourceOptions {
  readonly table?: TableName;
  readonly count: number;
  readonly id?: string;
  /** Not what the environment's columns are like, but what a new one's are. */
  readonly standardColumns: boolean;
}

const recordsFor = async (reader: TableReader, { id, count }: PreviewOptions, signal: AbortSignal): Promise<readonly SourceRecord[]> => {
  if (id === undefined) return firstRecordsOf(reader.listAll(null, signal), count);
  const record = await reader.getOne(reader.readId(id) ?? id, signal);
  if (record === null) throw new AppError('connector.record_missing', { record: id, table: reader.table });
  return [record];
};

/** The pipeline's own mapping, against the environment's columns or a new environment's. */
const explainerFor = async ({ source }: OpenedSource, reader: TableReader, dataverse: Dataverse | null, signal: AbortSignal) => {
  // A table that a lookup points to need not have our columns: the preview works before the environment is set up.
  const describe = (table: string) => (dataverse === null ? null : dataverse.describeTargetTable(table, signal));
  const description = (await describe(reader.table)) ?? standardTable(reader.table);
  const targets = { describeTargetTable: async (table: string) => (await describe(table)) ?? { ...description, logicalName: table } };
  const { context } = await readMappingContext(source, reader, { description, dataverse: targets, signal });
  return compileExplainer(context, { isComplete: dataverse !== null });
};

const previewTable = async (
  name: TableName,
  opened: OpenedSource,
  options: PreviewOptions,
  context: ConnectorContext & { readonly dataverse: Dataverse | null },
): Promise<boolean> => {
  const { output, signal, dataverse, columns } = context;
  const table = readyTables(opened.manifest).get(name);
  if (table === undefined)
    throw new AppError('source.table_unknown', { source: opened.source.id, table: name, known: opened.source.connector.tables.join(', ') });
  const reader = opened.source.connector.table(name);
  const missing = reader.listFields === undefined ? [] : fieldsMissing(table, await reader.listFields(signal));
  if (missing.length > 0) {
    const lines = missing.map(({ path, use, hint }) => `  “${path}” (for ${use}) does not exist in this CRM${hint}`);
    output.say('missing', { table: name, missing: [...missing] }, [name, ...lines].join('\n'));
  }
  const explain = await explainerFor(opened, reader, dataverse, signal);
  let isAllWell = true;
  for (const record of await recordsFor(reader, options, signal)) {
    const explained = explain(record);
    isAllWell &&= explained.outcome !== 'failed';
    const { id, modifiedOnMs, parentId = null, url, fields } = record;
    const rules = explained.rules.map((rule, index) => {
      const mapping = table.map[index];
      return { ...rule, said: mapping === undefined ? null : (saidAt(mapping, record) ?? null) };
    });
    const modifiedOn = modifiedOnMs === null ? null : new Date(modifiedOnMs).toISOString();
    output.say(
      'previewed',
      { table: name, id, modifiedOn, parentId, url, outcome: explained.outcome, record: fields, rules },
      `${showRecord({ table, name, record, explained }, columns)}\n`,
    );
  }
  return isAllWell;
};

/** Shows records and the rows they would become. Writes nothing, anywhere; what it shows goes to the terminal and nowhere else. */
export const previewCommand = async (options: PreviewOptions, context: ConnectorContext): Promise<ExitCode> => {
  const { output } = context;
  const opened = await openSource(options, context);
  const dataverse = options.standardColumns ? null : openDataverseFor(options, context);
  try {
    output.say(
      'columns',
      { from: dataverse === null ? 'standard' : 'environment' },
      dataverse === null
        ? 'Lengths are those of a new environment; with a configured Dataverse (--config) they are yours.\n'
        : 'Lengths and choices are those of your environment.\n',
    );
    let isAllWell = true;
    for (const name of options.table === undefined ? opened.source.connector.tables : [options.table]) {
      isAllWell = (await previewTable(name, opened, options, { ...context, dataverse })) && isAllWell;
    }
    return isAllWell ? exitCodes.done : exitCodes.partial;
  } finally {
    await Promise.allSettled([dataverse?.close()]);
    await opened.close();
  }
};
