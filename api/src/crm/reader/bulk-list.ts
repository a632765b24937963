import { AppError } from '../../errors/app-error.ts';
import type { BulkDriver, BulkJob, BulkPage } from '../bulk/types.ts';
import { compilePath } from '../expression/compile.ts';
import { isObject } from '../expression/json.ts';
import type { TemplateScope } from '../expression/template-variables.ts';
import type { BulkBody, ReadyTable } from '../manifest/schema/table.ts';
import { readCount } from '../paging/answer-value.ts';
import { createRepeatGuard } from '../paging/repeat-guard.ts';
import type { JsonValue, TableName } from '../types.ts';
import type { ConnectionParts } from './connection-parts.ts';
import type { RecordReader } from './record-reader.ts';
import { type BuiltRequest, compileRequest } from './request-builder.ts';
import type { ReadingPart } from './walk-parts.ts';

const noStatuses: ReadonlySet<number> = new Set();
const goneStatuses: ReadonlySet<number> = new Set([404]);

/** What a checkpoint of an export holds, so that it is taken up as one whatever the count is by then. */
type ExportState = { readonly driver: string; readonly at: JsonValue };

const readState = (state: JsonValue): ExportState | null => {
  if (!isObject(state)) return null;
  const { driver, at } = state;
  return typeof driver === 'string' && at !== undefined ? { driver, at } : null;
};

interface BulkListOptions {
  readonly name: TableName;
  readonly table: ReadyTable;
  readonly connection: ConnectionParts;
  readonly readRecords: RecordReader;
}

const createCounter = (name: TableName, { count }: BulkBody, connection: ConnectionParts) => {
  const what = `the number of ${name} records (${count.method ?? 'GET'} ${count.path})`;
  const build = compileRequest({ request: count, ...connection });
  const select = compilePath(count.rows);
  /** null: more than the CRM can count in time. */
  return async (scope: TemplateScope, signal: AbortSignal): Promise<number | null> => {
    const request = { ...build(scope), operation: 'count', what, missingStatuses: noStatuses, urgency: 'bulk' } as const;
    const answer = await connection.http.send(request, signal);
    if (answer.meaning !== 'ok') return null;
    const rows = readCount(select(answer.body));
    if (rows !== null) return rows;
    throw new AppError('crm.bad_answer', { source: connection.sourceId, what, problem: `there is no number at “${count.rows}”` });
  };
};

/** The content type is that of what begins the export; all other requests send nothing. */
const plainHeaders = ({ headers }: BuiltRequest): BuiltRequest['headers'] =>
  Object.fromEntries(Object.entries(headers).filter(([header]) => header !== 'content-type'));

/** Reads a long list through a driver, and a short one as declared; null when the manifest names no driver. */
export const createBulkList = ({
  name,
  table,
  connection,
  readRecords,
}: BulkListOptions): ((declared: ReadingPart, scope: TemplateScope) => ReadingPart) | null => {
  const { bulk } = table;
  const { drivers, sourceId: source } = connection;
  if (bulk === undefined || drivers === null) return null;
  const { driver: driverName, minRows } = bulk;
  const what = `the export of ${name}`;
  const compileBegin = compileRequest({ request: bulk, ...connection });
  const count = createCounter(name, bulk, connection);
  const stuck = (problem: string): AppError => new AppError('crm.paging_stuck', { source, problem });

  const jobOf = (scope: TemplateScope): BulkJob => {
    const begin = compileBegin(scope);
    const common = {
      headers: plainHeaders(begin),
      body: null,
      operation: 'bulk',
      what,
      missingStatuses: goneStatuses,
      urgency: 'bulk',
    } as const;
    return {
      sourceId: source,
      what,
      begin,
      entity: scope.entity ?? '',
      fields: scope.fields ?? [],
      send: (request, signal) =>
        connection.http.send({ ...common, ...request, headers: { ...common.headers, ...request.headers } }, signal),
      nowMs: connection.nowMs,
      sleep: connection.sleep,
    };
  };

  async function* readExport(driver: BulkDriver, job: BulkJob, at: JsonValue | null, signal: AbortSignal): ReturnType<ReadingPart['read']> {
    const guard = createRepeatGuard({ at: at === null ? null : JSON.stringify(at), pagesRead: 0, recordsRead: 0 });
    const pages: AsyncIterable<BulkPage> = driver.read(job, at, signal);
    for await (const { values, next, expectedRecords } of pages) {
      const { records, unreadable } = readRecords(values);
      const place = next === null ? null : { at: JSON.stringify(next), pagesRead: 0, recordsRead: 0 };
      const repeated = guard.page(records) ?? (place === null ? null : guard.nextPlace(place));
      if (repeated !== null) throw stuck(repeated);
      const state: ExportState | null = next === null ? null : { driver: driverName, at: next };
      yield {
        page: { records, unreadable, token: null, ...(expectedRecords === undefined ? {} : { expectedRecords }) },
        next: state === null ? null : { state, place: null },
      };
    }
  }

  return (declared, scope) => ({
    read: async function* readBulkPart(state, place, signal) {
      const begun = readState(state);
      if (begun !== null && begun.driver !== driverName)
        throw stuck('the saved place is one of another driver than the manifest names now; start the run anew');
      const isExport = begun !== null || (place === null && ((await count(scope, signal)) ?? Number.POSITIVE_INFINITY) >= minRows);
      if (!isExport) {
        yield* declared.read(state, place, signal);
        return;
      }
      yield* readExport(await drivers[driverName](), jobOf(scope), begun?.at ?? null, signal);
    },
  });
};
