import { fieldsSeenIn } from '../../crm/kit/fields-seen.ts';
import { firstRecordsOf } from '../../crm/kit/take-sample.ts';
import type { FieldDescription, TableName, TableReader } from '../../crm/types.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import type { ConnectorContext } from './context.ts';
import { openSource } from './open-source.ts';
import type { SourceOptions } from './source-options.ts';

const sampleSize = 100;

const listFields = async (
  reader: TableReader,
  signal: AbortSignal,
): Promise<{ readonly from: 'schema' | 'records'; readonly fields: readonly FieldDescription[] }> => {
  if (reader.listFields !== undefined) return { from: 'schema', fields: (await reader.listFields(signal)).fields };
  const records = await firstRecordsOf(reader.listAll(null, signal), sampleSize);
  return { from: 'records', fields: fieldsSeenIn(records.map(({ fields }) => fields)) };
};

/** Which fields a mapping can name: those that the CRM lists, or else those that its first records have. No values. */
export const fieldsCommand = async (
  options: SourceOptions & { readonly table?: TableName },
  context: ConnectorContext,
): Promise<ExitCode> => {
  const { source, close } = await openSource(options, context);
  try {
    for (const table of options.table === undefined ? source.connector.tables : [options.table]) {
      const { from, fields } = await listFields(source.connector.table(table), context.signal);
      const width = Math.max(0, ...fields.map(({ name }) => name.length));
      const lines = fields.map(({ name, label, type }) => `  ${name.padEnd(width)}  ${(type ?? '').padEnd(12)}  ${label ?? ''}`.trimEnd());
      const title =
        from === 'schema' ? 'as the CRM lists them' : `as seen in its first ${sampleSize} records; what is empty there has no type`;
      context.output.say(
        'fields',
        { table, from, fields: [...fields] },
        [`${table}: ${fields.length} fields, ${title}`, ...lines].join('\n'),
      );
    }
    return exitCodes.done;
  } finally {
    await close();
  }
};
