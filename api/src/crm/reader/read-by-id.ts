import { AppError, isAppError } from '../../errors/app-error.ts';
import { compilePath, parsePath } from '../expression/compile.ts';
import { TemplateRefusal } from '../expression/filters.ts';
import { isList } from '../expression/json.ts';
import { type Selector, selectOne } from '../expression/path.ts';
import type { CrmAnswer } from '../http/crm-http.ts';
import type { TemplateScope } from '../expression/template-variables.ts';
import type { GetBody, GetManyBody } from '../manifest/schema/table.ts';
import type { JsonValue, SourceRecord, TableName } from '../types.ts';
import type { Asking } from './asking.ts';
import type { ConnectionParts } from './connection-parts.ts';
import type { ListDefaults } from './list-reader.ts';
import { chunk } from './chunk.ts';
import { mapConcurrently } from './map-concurrently.ts';
import type { MergedIds } from './merged-records.ts';
import type { ParentLookup } from './parent-lookup.ts';
import type { RecordReader } from './record-reader.ts';
import { type BuiltRequest, compileRequest, type RequestBuilder, showRequest } from './request-builder.ts';
import { compileRecords, showRecords } from './select-records.ts';

interface Shared {
  readonly name: TableName;
  /** What the CRM calls it. */
  readonly entity: string | undefined;
  readonly connection: ConnectionParts;
  readonly readRecords: RecordReader;
  readonly defaults: ListDefaults;
  /** What requests may name beside the ids. */
  readonly scopeOf: (signal: AbortSignal) => Promise<TemplateScope>;
  readonly lookUpParents: ParentLookup;
  readonly mergedIds: MergedIds;
}

/** null: the CRM says that there is no such record. */
export type GetOne = (id: string, asking: Asking) => Promise<SourceRecord | null>;
export type GetMany = (ids: readonly string[], asking: Asking) => Promise<readonly SourceRecord[]>;

const usuallyMissing = [404, 410];
const noStatuses: ReadonlySet<number> = new Set();

/** null when an id cannot stand in the request, for instance because it is “..”. */
const buildSafely = (build: RequestBuilder, scope: TemplateScope): BuiltRequest | null => {
  try {
    return build(scope);
  } catch (error) {
    if (error instanceof TemplateRefusal) return null;
    throw error;
  }
};

/**
 * Where a search answers with a list, `record: results[0]` finds nothing in an empty list: there is no such record.
 * Anything else that is not there is an answer that the manifest does not describe, and must not be taken for a removed record.
 */
const createMissingTest = (recordPath: string): ((body: JsonValue) => boolean) => {
  const path = parsePath(recordPath);
  const last = path.at(-1);
  const select = selectOne(path);
  if (last?.kind !== 'index' && last?.kind !== 'where') return (body) => select(body) === null;
  const container: Selector = selectOne(path.slice(0, -1));
  return (body) => select(body) === null || isList(container(body));
};

/** What an answer for one record holds: nothing when there is no such record, else one or several to look through. */
type Candidates = (answer: CrmAnswer) => readonly JsonValue[];

const compileCandidates = (get: GetBody, bad: (problem: string) => AppError): Candidates => {
  if (get.records !== undefined) {
    const { records } = get;
    const select = compileRecords(records);
    return ({ body, format }) => {
      const found = select(body, format === 'xml');
      if (found === null) throw bad(`it has no list at “${showRecords(records)}”`);
      return found;
    };
  }
  const recordPath = get.record ?? '$';
  const selectRecord = compilePath(recordPath);
  const isMissing = createMissingTest(recordPath);
  return ({ body }) => {
    const fields = selectRecord(body);
    if (fields !== undefined && fields !== null) return [fields];
    if (isMissing(body)) return [];
    throw bad(`it has no record at “${recordPath}”`);
  };
};

export const createGetOne = (options: Shared & { readonly get: GetBody }): GetOne => {
  const { name, connection, readRecords, get } = options;
  const { sourceId: source, http } = connection;
  const what = `one ${name} (${showRequest(get, options.entity)})`;
  const build = compileRequest({ request: get, ...connection });
  const missingStatuses = new Set(get.missing ?? usuallyMissing);
  const bad = (problem: string): AppError => new AppError('crm.bad_answer', { source, what, problem });
  const candidatesIn = compileCandidates(get, bad);

  return async (id, asking) => {
    const { urgency, signal } = asking;
    const scope = await options.scopeOf(signal);
    const request = buildSafely(build, { ...scope, id });
    if (request === null) throw new AppError('record.unreadable', { problem: 'its id cannot stand in a request' });
    const answer = await http.send({ ...request, operation: 'get', what, missingStatuses, urgency }, signal);
    if (answer.meaning === 'missing' || answer.meaning === 'empty') return null;
    if (answer.meaning !== 'ok') throw bad('it asks for another way of reading, which one record does not have');
    const candidates = candidatesIn(answer);
    if (candidates.length === 0) return null;
    const { records, unreadable } = readRecords(candidates);
    const record = get.records === undefined ? records[0] : records.find((one) => one.id === id);
    if (record === undefined) {
      if (get.records !== undefined && unreadable.length === 0) return null;
      throw new AppError('record.unreadable', { problem: unreadable[0]?.reason ?? 'it is not a record' });
    }
    if (record.id !== id) {
      if (options.mergedIds(record.fields).includes(id)) return null;
      throw bad('it is another record than the one that was asked for');
    }
    return (await options.lookUpParents([record], scope, asking))[0] ?? null;
  };
};

/** One at a time, so many at once; for CRMs without `getMany`, and to be sure about records that `getMany` did not give. */
const getEach = async (ids: readonly string[], getOne: GetOne, concurrency: number, asking: Asking): Promise<readonly SourceRecord[]> => {
  const found = await mapConcurrently(ids, { concurrency, work: (id) => getOne(id, asking) });
  return found.filter((record) => record !== null);
};

const createChunkReader = (options: Shared & { readonly getMany: GetManyBody }): GetMany => {
  const { name, connection, readRecords, defaults, getMany } = options;
  const { sourceId: source, http } = connection;
  const what = `several of ${name} (${showRequest(getMany, options.entity)})`;
  const build = compileRequest({ request: getMany, ...connection });
  const recordsPath = getMany.records ?? defaults.records ?? '$';
  const selectRecords = compileRecords(recordsPath);
  const bad = (problem: string): AppError => new AppError('crm.bad_answer', { source, what, problem });

  return async (ids, asking) => {
    const { urgency, signal } = asking;
    const scope = await options.scopeOf(signal);
    const request = buildSafely(build, { ...scope, ids });
    if (request === null) throw new AppError('record.unreadable', { problem: 'its id cannot stand in a request' });
    const answer = await http.send({ ...request, operation: 'getMany', what, missingStatuses: noStatuses, urgency }, signal);
    if (answer.meaning !== 'ok') return [];
    const values = selectRecords(answer.body, answer.format === 'xml');
    if (values === null) throw bad(`it has no list at “${showRecords(recordsPath)}”`);
    const { records } = readRecords(values);
    const asked = new Set(ids);
    const found = records.filter(({ id }) => asked.has(id));
    const others = records.filter(({ id }) => !asked.has(id));
    if (others.some(({ fields }) => !options.mergedIds(fields).some((id) => asked.has(id))))
      throw bad('it holds records that were not asked for, so the CRM has ignored the ids');
    return options.lookUpParents(found, scope, asking);
  };
};

export const createGetMany = (options: Shared & { readonly getMany: GetManyBody | null; readonly getOne: GetOne | null }): GetMany => {
  const { getMany, getOne, connection } = options;
  const { concurrency } = connection;
  if (getMany === null) return async (ids, asking) => (getOne === null ? [] : getEach([...new Set(ids)], getOne, concurrency, asking));
  const readChunk = createChunkReader({ ...options, getMany });

  const readSure = async (ids: readonly string[], asking: Asking): Promise<readonly SourceRecord[]> => {
    const found = await readChunk(ids, asking).catch((error: unknown) => {
      if (getOne !== null && isAppError(error, 'record.unreadable')) return [];
      throw error;
    });
    if (getOne === null) return found;
    // Absent here means removed to the caller, and a CRM may simply have cut its answer to its own page size: so each is asked for again.
    const foundIds = new Set(found.map(({ id }) => id));
    return [
      ...found,
      ...(await getEach(
        ids.filter((id) => !foundIds.has(id)),
        getOne,
        concurrency,
        asking,
      )),
    ];
  };

  return async (ids, asking) => {
    const chunks = chunk([...new Set(ids)], getMany.max);
    return (await mapConcurrently(chunks, { concurrency, work: (some) => readSure(some, asking) })).flat();
  };
};
