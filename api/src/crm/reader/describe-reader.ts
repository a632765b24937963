import { AppError } from '../../errors/app-error.ts';
import { compilePath, namesOnPath } from '../expression/compile.ts';
import type { TemplateScope } from '../expression/template-variables.ts';
import type { DescribeBody } from '../manifest/schema/table.ts';
import type { FieldList, JsonValue, TableName } from '../types.ts';
import type { ConnectionParts } from './connection-parts.ts';
import type { ListDefaults } from './list-reader.ts';
import { compileRequest } from './request-builder.ts';
import { compileRecords, showRecords } from './select-records.ts';

const noStatuses: ReadonlySet<number> = new Set();

const asText = (value: JsonValue | undefined): string | null => {
  if (typeof value === 'string') return value === '' ? null : value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
};

export type DescribeReader = (scope: TemplateScope, signal: AbortSignal) => Promise<FieldList>;

/** Asks the CRM which fields a table's records have. */
export const createDescribeReader = (options: {
  readonly name: TableName;
  readonly connection: ConnectionParts;
  readonly defaults: ListDefaults;
  readonly describe: DescribeBody;
}): DescribeReader => {
  const { name, connection, defaults, describe } = options;
  const { http, sourceId: source } = connection;
  const what = `the fields of ${name} (${describe.method ?? 'GET'} ${describe.path})`;
  const build = compileRequest({ request: describe, ...connection });
  const recordsBody = describe.records ?? defaults.records ?? '$';
  const select = compileRecords(recordsBody);
  const selectNames = [describe.name].flat().map(compilePath);
  const selectLabel = describe.label === undefined ? () => undefined : compilePath(describe.label);
  const selectType = describe.type === undefined ? () => undefined : compilePath(describe.type);
  const below = describe.below === undefined ? [] : namesOnPath(describe.below);
  return async (scope, signal) => {
    const answer = await http.send(
      { ...build(scope), operation: 'describe', what, missingStatuses: noStatuses, urgency: 'person' },
      signal,
    );
    const elements = answer.meaning === 'ok' ? select(answer.body, answer.format === 'xml') : null;
    if (elements === null)
      throw new AppError('crm.bad_answer', { source, what, problem: `it has no list at “${showRecords(recordsBody)}”` });
    const fields = elements.flatMap((element) =>
      selectNames.flatMap((selectName) => {
        const own = asText(selectName(element));
        if (own === null) return [];
        return [{ name: [...below, own].join('.'), label: asText(selectLabel(element)), type: asText(selectType(element)) }];
      }),
    );
    return { fields, below };
  };
};
