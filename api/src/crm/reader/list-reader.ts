import { AppError } from '../../errors/app-error.ts';
import { compilePath } from '../expression/compile.ts';
import { isList } from '../expression/json.ts';
import type { CrmAnswer } from '../http/crm-http.ts';
import type { ChangesBody, ListBody } from '../manifest/schema/table.ts';
import type { PageBody } from '../manifest/schema/request.ts';
import { createPager } from '../paging/pager.ts';
import type { Place } from '../paging/place.ts';
import { type FetchedPage, walkPages } from '../paging/walk-pages.ts';
import type { ChangeWindow, JsonValue, PageCursor, SourcePage, TableName } from '../types.ts';
import type { ConnectionParts } from './connection-parts.ts';
import type { RecordReader } from './record-reader.ts';
import { compileRequest } from './request-builder.ts';
import { createWindowGuard } from './window-guard.ts';

export interface ListDefaults {
  readonly records: string | undefined;
  readonly total: string | undefined;
  readonly page: PageBody | undefined;
}

export interface ListStart {
  readonly resumeFrom: PageCursor | null;
  readonly window: ChangeWindow | null;
}

const noStatuses: ReadonlySet<number> = new Set();
const emptyPage: FetchedPage = { page: { records: [], unreadable: [] }, next: null };

/** Reads a list page by page: the same for all records and for those of a change window. */
export const createListReader = (options: {
  readonly name: TableName;
  readonly connection: ConnectionParts;
  readonly readRecords: RecordReader;
  readonly defaults: ListDefaults;
  readonly operation: ListBody;
  readonly what: 'list' | 'changes';
  readonly changes?: ChangesBody;
}): ((start: ListStart, signal: AbortSignal) => AsyncIterable<SourcePage>) => {
  const { connection, operation, defaults, readRecords, changes } = options;
  const { sourceId: source, http } = connection;
  const what = `the ${options.what} of ${options.name} (${operation.method ?? 'GET'} ${operation.path})`;
  const pager = createPager(operation.page ?? defaults.page, connection.secretParameter);
  const build = compileRequest({ request: operation, ...connection });
  const recordsPath = operation.records ?? defaults.records ?? '$';
  const selectRecords = compilePath(recordsPath);
  const selectTotal = defaults.total === undefined ? null : compilePath(defaults.total);
  const bad = (problem: string): AppError => new AppError('crm.bad_answer', { source, what, problem });

  const valuesIn = ({ body, status }: CrmAnswer): readonly JsonValue[] => {
    const values = selectRecords(body);
    if (isList(values)) return values;
    if (body === null) throw bad(`it is empty (HTTP ${status})`);
    throw bad(`it has no list at “${recordsPath}”`);
  };

  const fetchPage = async (place: Place, window: ChangeWindow | null, signal: AbortSignal): Promise<FetchedPage> => {
    const request = build(window === null ? {} : { from: window.fromMs, to: window.toMs }, pager.address(place));
    const isFirst = place.pagesRead === 0;
    const answer = await http.send(
      { ...request, what, missingStatuses: isFirst ? noStatuses : pager.endStatuses, isUrgent: false },
      signal,
    );
    if (answer.meaning === 'empty') return emptyPage;
    if (answer.meaning === 'missing') {
      // “Not found” is the end of a list only where the manifest says so; on the first page it is a wrong path.
      if (!isFirst && pager.endStatuses.has(answer.status)) return emptyPage;
      throw new AppError('crm.refused', { source, what, status: answer.status });
    }
    const values = valuesIn(answer);
    const page = readRecords(values);
    const outside = changes === undefined || window === null ? null : createWindowGuard(changes, window)(page.records);
    if (outside !== null) throw bad(outside);
    const total = selectTotal?.(answer.body);
    return {
      page: typeof total === 'number' ? { ...page, expectedRecords: total } : page,
      next: pager.next(place, { body: answer.body, linkHeader: answer.linkHeader, recordCount: values.length, url: request.url }),
    };
  };

  return ({ resumeFrom, window }, signal) => {
    const from = resumeFrom === null ? pager.first : pager.resume(resumeFrom);
    if (from === null)
      throw new AppError('crm.paging_stuck', { source, problem: 'the saved place does not fit the manifest’s paging; start the run anew' });
    return walkPages({ sourceId: source, pager, from, fetchPage: (place, walkSignal) => fetchPage(place, window, walkSignal) }, signal);
  };
};
