import { hash } from 'node:crypto';
import type { SourceRecord } from '../crm/types.ts';
import { AppError, isAppError } from '../errors/app-error.ts';
import { type MappingContext, type Row, compileLookupRule, compileRule } from './compile-rule.ts';
import { toFailedRecord } from './failed-record.ts';
import type { LookupValue } from './lookups.ts';
import { toSourceKey } from './source-key.ts';
import type { MappedRecord, RecordIdentity } from './types.ts';

/** One call for the whole row, braces taken off: 0.85 µs for 13 columns, against 1.05 for joining texts that are made one by one. */
const insideOfJson = (row: Row): string => JSON.stringify(row).slice(1, -1);

const textOfLookup = ({ lookup, value }: LookupValue): string => `\n${lookup.bind}${JSON.stringify(value)}`;

/** That the CRM says nothing of a parent is not that there is none. */
const textOfParent = (parentId: RecordIdentity['parentId']): string => (parentId === undefined ? '\0' : (parentId ?? ''));

/** First 128 bits of SHA-256: 2 µs per KB, no collision to fear at any number of records. */
const contentHashOf = (columnsJson: string, lookups: readonly LookupValue[], { parentId, url }: RecordIdentity, mark: string): string => {
  const lookedUp = lookups.length === 0 ? '' : lookups.map(textOfLookup).join('');
  return hash('sha256', `${columnsJson}\n${textOfParent(parentId)}\n${url ?? ''}${lookedUp}${mark}`).slice(0, 32);
};

/** For a row whose lookups found nothing: another hash, so that it is looked at again, and the same while they still find nothing. */
export const hashWithMissing = (contentHash: string, missing: readonly string[]): string =>
  missing.length === 0 ? contentHash : hash('sha256', `${contentHash}\n${missing.join()}`).slice(0, 32);

const noLookups: readonly LookupValue[] = [];

/**
 * Step 2. Compiles a table's mapping once; the result turns a record into the JSON text of its row and that text's hash.
 * Pure: no clock, no I/O, nothing kept between records. Throws `mapping.unknown_column` for a mapping that names a missing
 * column and `mapping.column_unfit` for one that a mapping cannot fill like that.
 */
export const compileMapping = (context: MappingContext): ((record: SourceRecord) => MappedRecord) => {
  const rules = context.columns.flatMap((rule) => (rule.lookup === undefined ? [compileRule(rule, context)] : []));
  const readers = context.columns.map((rule) => compileLookupRule(rule, context)).filter((reader) => reader !== null);
  const readLookups = (fields: SourceRecord['fields']): readonly LookupValue[] =>
    readers.length === 0 ? noLookups : readers.map((read) => read(fields)).filter((value) => value !== undefined);
  const { contentMark = '' } = context;
  // All rows have one shape from the start: columns that are added one by one would cost half as much again.
  const emptyRow: Row = Object.fromEntries(
    context.columns.flatMap(({ to, lookup }) => (lookup === undefined ? to.map((name) => [name, undefined]) : [])),
  );
  const failed = (record: RecordIdentity, error: AppError): MappedRecord => ({
    kind: 'failed',
    record,
    failure: toFailedRecord(context.table, record.id, error),
  });

  return ({ id, modifiedOnMs, parentId, url, isDeleted, isSkipped, fields }) => {
    const record: RecordIdentity = { id, modifiedOnMs, parentId, url };
    if (isDeleted) return { kind: 'removed', record };
    if (isSkipped) return { kind: 'filtered', record };
    const sourceKey = toSourceKey(context.sourceId, id);
    if (sourceKey === null) return failed(record, new AppError('record.unreadable', { problem: 'its id is empty or too long for a key' }));
    const row: Row = { ...emptyRow };
    try {
      for (const apply of rules) apply(fields, row);
      const lookups = readLookups(fields);
      const columnsJson = insideOfJson(row);
      return {
        kind: 'row',
        record,
        sourceKey,
        columnsJson,
        lookups,
        contentHash: contentHashOf(columnsJson, lookups, record, contentMark),
      };
    } catch (error) {
      if (isAppError(error)) return failed(record, error);
      // Whatever else it is, of one record: a text of many megabytes can be too much for V8. Its message may hold values, its name holds none.
      return failed(record, new AppError('mapping.broke_off', { problem: error instanceof Error ? error.name : 'unknown' }));
    }
  };
};
