import { AppError } from '../../errors/app-error.ts';
import { compileCondition, compilePath } from '../expression/compile.ts';
import type { TemplateScope } from '../expression/template-variables.ts';
import type { LookupBody, ParentBody } from '../manifest/schema/table.ts';
import type { JsonValue, SourceRecord, TableName } from '../types.ts';
import type { Asking } from './asking.ts';
import { chunk } from './chunk.ts';
import type { ConnectionParts } from './connection-parts.ts';
import { mapConcurrently } from './map-concurrently.ts';
import type { IdReader } from './record-id.ts';
import { compileRequest } from './request-builder.ts';
import { compileRecords, showRecords } from './select-records.ts';

/** The same records, with their parents' ids. */
export type ParentLookup = (records: readonly SourceRecord[], scope: TemplateScope, asking: Asking) => Promise<readonly SourceRecord[]>;

const noStatuses: ReadonlySet<number> = new Set();
const asKey = (value: JsonValue | undefined): string | null =>
  typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : null;

const folded = (key: JsonValue | undefined): string => (asKey(key) ?? '').trim().toLowerCase();

/**
 * A CRM that does not know the parameter answers with its first page. Taken at its word, every contact whose account is not on that page
 * would lose it. A search that finds too much is no harm while it finds what was asked for.
 */
const isUnfiltered = (keys: readonly JsonValue[], found: readonly (readonly [string, string])[]): boolean => {
  const asked = new Set(keys.map(folded));
  const answered = new Set(found.map(([key]) => folded(key)));
  return [...answered].some((key) => !asked.has(key)) && [...asked].some((key) => !answered.has(key));
};

const compileLookup = (name: TableName, connection: ConnectionParts, lookup: LookupBody, readParentId: IdReader) => {
  const { http, sourceId: source } = connection;
  const what = `the parents of ${name} (${lookup.method ?? 'GET'} ${lookup.path})`;
  const build = compileRequest({ request: lookup, ...connection });
  const selectRecords = compileRecords(lookup.records ?? '$');
  const selectKey = compilePath(lookup.key);
  const selectId = compilePath(lookup.id);
  return async (
    keys: readonly JsonValue[],
    scope: TemplateScope,
    { signal, urgency }: Asking,
  ): Promise<readonly (readonly [string, string])[]> => {
    const request = build({ ...scope, keys });
    const answer = await http.send({ ...request, operation: 'parents', what, missingStatuses: noStatuses, urgency }, signal);
    if (answer.meaning !== 'ok') return [];
    const elements = selectRecords(answer.body, answer.format === 'xml');
    if (elements === null)
      throw new AppError('crm.bad_answer', { source, what, problem: `it has no list at “${showRecords(lookup.records ?? '$')}”` });
    const found = elements.flatMap((element) => {
      const key = asKey(selectKey(element));
      const id = readParentId(selectId(element));
      return key === null || id === null ? [] : [[key, id] as const];
    });
    if (isUnfiltered(keys, found))
      throw new AppError('crm.bad_answer', {
        source,
        what,
        problem: 'it holds others than those that were asked for, and not all of these: the CRM has ignored the keys',
      });
    return found;
  };
};

/** Where a record holds not its parent's id but something to ask for it by: one request for as many of a page's records as it takes. */
export const createParentLookup = (options: {
  readonly name: TableName;
  readonly connection: ConnectionParts;
  readonly parent: ParentBody | undefined;
  readonly readParentId: IdReader;
}): ParentLookup => {
  const { name, connection, parent, readParentId } = options;
  const lookup = parent?.lookup;
  if (parent === undefined || lookup === undefined) return async (records) => records;
  const ask = compileLookup(name, connection, lookup, readParentId);
  const selectKey = compilePath(parent.path);
  const hasNone = parent.unless === undefined ? () => false : compileCondition(parent.unless);
  const selectOtherwise = parent.otherwise === undefined ? () => undefined : compilePath(parent.otherwise);
  return async (records, scope, asking) => {
    const keys = new Map<string, JsonValue>();
    for (const record of records) {
      const value = selectKey(record.fields);
      const key = asKey(value);
      if (key !== null && !record.isDeleted && !hasNone(record.fields)) keys.set(key, value ?? null);
    }
    const chunks = chunk([...keys.values()], lookup.max);
    const work = (some: readonly JsonValue[]) => ask(some, scope, asking);
    const found = new Map((await mapConcurrently(chunks, { concurrency: connection.concurrency, work })).flat().toReversed());
    return records.map((record) => {
      if (hasNone(record.fields)) return { ...record, parentId: null };
      const key = asKey(selectKey(record.fields));
      const parentId = (key === null ? undefined : found.get(key)) ?? readParentId(selectOtherwise(record.fields));
      return { ...record, parentId };
    });
  };
};
