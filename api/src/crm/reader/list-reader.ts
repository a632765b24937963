import { AppError } from '../../errors/app-error.ts';
import type { TemplateScope } from '../expression/template-variables.ts';
import type { CrmAnswer } from '../http/crm-http.ts';
import type { PageBody } from '../manifest/schema/page.ts';
import type { OperationName } from '../manifest/schema/parts.ts';
import type { ListBody, RecordsBody } from '../manifest/schema/table.ts';
import { type AnswerValue, compileAnswerValue, readCount } from '../paging/answer-value.ts';
import { compileFirstParameters } from '../paging/first-parameters.ts';
import { createTieFilter } from '../paging/keyset.ts';
import type { PageFacts } from '../paging/list-end.ts';
import { createPager } from '../paging/pager.ts';
import type { Place } from '../paging/place.ts';
import { type Fetched, walkPages } from '../paging/walk-pages.ts';
import type { JsonValue, SourceRecord, TableName, UnreadableRecord } from '../types.ts';
import type { ConnectionParts } from './connection-parts.ts';
import type { RecordReader } from './record-reader.ts';
import { compileRequest, showRequest } from './request-builder.ts';
import { compileRecords, showRecords } from './select-records.ts';

export interface ListDefaults {
  readonly records: RecordsBody | undefined;
  readonly total: string | { readonly header: string } | undefined;
  readonly page: PageBody | undefined;
}

export interface ListStart {
  /** null: from the beginning. */
  readonly resumeFrom: JsonValue | null;
  /** Where a list that goes by cursor or address begins, when not at its beginning. */
  readonly at?: string | undefined;
  readonly scope: TemplateScope;
  /** Where the list begins in time, for lists that go on by it. */
  readonly beginsAtMs: number;
  /** Whether a page holds nothing that was not asked for. */
  readonly guard?: (records: readonly SourceRecord[]) => boolean;
  /** Which records count, and whether those after this page can be left unread. */
  readonly keep?: (records: readonly SourceRecord[]) => { readonly records: readonly SourceRecord[]; readonly isEnough: boolean };
}

export interface ListPage {
  readonly records: readonly SourceRecord[];
  readonly unreadable: readonly UnreadableRecord[];
  readonly expectedRecords?: number;
  readonly token: string | null;
}

export type ListReader = (start: ListStart, signal: AbortSignal) => AsyncIterable<{ readonly page: ListPage; readonly next: Place | null }>;

/** The CRM cannot answer for so long a time at once. */
export class WindowTooLarge extends Error {}

const noStatuses: ReadonlySet<number> = new Set();
const emptyPage: Fetched<ListPage> = { page: { records: [], unreadable: [], token: null }, next: null };

const readToken = (select: AnswerValue | null, facts: PageFacts): string | null => {
  const token = select?.(facts);
  return typeof token === 'number' || (typeof token === 'string' && token !== '') ? String(token) : null;
};

/** What remains is told from a page on, so what was read before belongs to the total. */
const compileTotal = (total: ListDefaults['total'], page: PageBody | undefined) => {
  const remaining = page === undefined || page.kind === 'none' ? undefined : page.end?.remaining;
  const where = total ?? remaining;
  if (where === undefined) return () => null;
  const select = compileAnswerValue(where);
  return (facts: PageFacts, { recordsRead }: Place): number | null => {
    const count = readCount(select(facts));
    return count === null || total !== undefined ? count : recordsRead + count;
  };
};

interface ListReaderOptions {
  readonly name: TableName;
  /** What the CRM calls it. */
  readonly entity: string | undefined;
  readonly connection: ConnectionParts;
  readonly readRecords: RecordReader;
  readonly defaults: ListDefaults;
  readonly operation: Omit<ListBody, 'slices'>;
  readonly what: OperationName;
  /** Where an element holds its id. */
  readonly idPath: string;
}

const compileRequests = ({ connection, operation, defaults }: ListReaderOptions) => {
  const page = operation.page ?? defaults.page;
  const first = compileRequest({ request: operation, ...connection });
  if (page?.kind !== 'cursor') return { page, first, next: first, teardown: null };
  return {
    page,
    first,
    next: page.next === undefined ? first : compileRequest({ request: page.next, ...connection }),
    teardown: page.teardown === undefined ? null : compileRequest({ request: page.teardown, ...connection }),
  };
};

/** Reads a list page by page: the same for all records, for those that changed and for those that were deleted. */
export const createListReader = (options: ListReaderOptions): ListReader => {
  const { connection, operation, defaults, readRecords } = options;
  const { sourceId: source, http } = connection;
  const what = `the ${options.what} of ${options.name} (${showRequest(operation, options.entity)})`;
  const requests = compileRequests(options);
  const { page } = requests;
  const withFirst = compileFirstParameters(page);
  const pager = createPager(page, connection.secretParameter, options.idPath);
  const recordsBody = operation.records ?? defaults.records ?? '$';
  const selectRecords = compileRecords(recordsBody);
  const readTotal = compileTotal(defaults.total, page);
  const selectToken = operation.token === undefined ? null : compileAnswerValue(operation.token);
  const repeatsTies = page?.kind === 'keyset' && page.by === 'modified' && page.ties?.param === undefined;
  const common = { operation: options.what, what, urgency: 'bulk' } as const;
  const bad = (problem: string): AppError => new AppError('crm.bad_answer', { source, what, problem });

  const valuesIn = ({ body, status, format }: CrmAnswer): readonly JsonValue[] => {
    const values = selectRecords(body, format === 'xml');
    if (values !== null) return values;
    if (body === null) throw bad(`it is empty (HTTP ${status})`);
    throw bad(`it has no list at “${showRecords(recordsBody)}”`);
  };

  const tearDown = async (place: Place, scope: TemplateScope): Promise<void> => {
    if (requests.teardown === null || place.at === null) return;
    const request = requests.teardown({ ...scope, ...pager.scope(place, 0) });
    // The CRM forgets the cursor by itself in time, so nothing is lost when it will not be told.
    await http.send({ ...request, ...common, missingStatuses: noStatuses }, new AbortController().signal).catch(() => undefined);
  };

  const fetchPage = async (place: Place, start: ListStart, signal: AbortSignal): Promise<Fetched<ListPage>> => {
    const isFirst = place.pagesRead === 0;
    const build = isFirst ? requests.first : requests.next;
    const scope = { settings: connection.settings, ...start.scope, ...pager.scope(place, start.beginsAtMs) };
    const request = build(scope, withFirst(pager.address(place), place, scope));
    const answer = await http.send({ ...request, ...common, missingStatuses: isFirst ? noStatuses : pager.endStatuses }, signal);
    if (answer.meaning === 'restart') return 'restart';
    if (answer.meaning === 'splitWindow') throw new WindowTooLarge();
    if (answer.meaning === 'empty') return emptyPage;
    if (answer.meaning === 'missing') {
      // “Not found” is the end of a list only where the manifest says so; on the first page it is a wrong path.
      if (!isFirst && pager.endStatuses.has(answer.status)) return emptyPage;
      throw new AppError('crm.refused', { source, what, status: answer.status });
    }
    const values = valuesIn(answer);
    const { records, unreadable } = readRecords(values);
    if (start.guard?.(records) === false) throw new AppError('crm.filter_ignored', { source, what });
    const facts = { body: answer.body, header: answer.header, recordCount: values.length, url: request.url, values, records };
    const kept = start.keep?.(records);
    const total = readTotal(facts, place);
    return {
      page: {
        records: kept?.records ?? records,
        unreadable,
        token: readToken(selectToken, facts),
        ...(total === null || kept !== undefined ? {} : { expectedRecords: total }),
      },
      next: kept?.isEnough === true ? null : pager.next(place, facts),
    };
  };

  return async function* readList(start, signal) {
    const { resumeFrom, at } = start;
    const from = resumeFrom === null ? (at === undefined ? pager.first : { ...pager.first, at }) : pager.resume(resumeFrom);
    if (from === null)
      throw new AppError('crm.paging_stuck', { source, problem: 'the saved place does not fit the manifest’s paging; start the run anew' });
    const fresh = repeatsTies ? createTieFilter() : (records: readonly SourceRecord[]) => records;
    let place = from;
    try {
      const fetchNext = async (next: Place, walkSignal: AbortSignal): Promise<Fetched<ListPage>> => {
        const fetched = await fetchPage(next, start, walkSignal);
        return fetched === 'restart' ? fetched : { ...fetched, page: { ...fetched.page, records: fresh(fetched.page.records) } };
      };
      for await (const walked of walkPages({ sourceId: source, pager, from, fetchPage: fetchNext }, signal)) {
        place = walked.next ?? place;
        yield walked;
      }
    } finally {
      await tearDown(place, start.scope);
    }
  };
};
