import { byNumber } from '../crm-kit/id-order.ts';
import { firstIndexWhere } from '../crm-kit/sorted-index.ts';
import { textIn } from '../crm-kit/query.ts';
import { badRequest } from './errors.ts';

/** https://developer.zendesk.com/api-reference/introduction/pagination/ */
export const pageSize = 100;
/** "Offset pagination … limited to the first 100 pages (10,000 resources)": beyond it is 400. */
const offsetDepth = 10_000;

const encodeCursor = (id: string): string => Buffer.from(JSON.stringify({ o: 'id', v: id })).toString('base64url');

const decodeCursor = (cursor: string): string => {
  try {
    const decoded: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (typeof decoded === 'object' && decoded !== null && 'v' in decoded && typeof decoded.v === 'string') return decoded.v;
  } catch {
    // Falls through to the refusal: what is no JSON is no cursor.
  }
  throw badRequest('InvalidPaginationParameter', 'The cursor is invalid.');
};

interface Identified {
  readonly id: string;
}

export interface PagingRequest<RecordType extends Identified> {
  /** By id. */
  readonly records: readonly RecordType[];
  /** What the list is called in the answer, e.g. `users`. */
  readonly name: string;
  readonly toJson: (record: RecordType) => object;
  readonly query: unknown;
  /** Address of the list, without parameters. */
  readonly url: string;
}

const sizeOf = (text: string, name: string): number => {
  if (!/^\d+$/.test(text) || Number(text) < 1) throw badRequest('InvalidPaginationParameter', `${name} must be an integer from 1 on`);
  return Number(text);
};

/** The same request with other paging parameters. */
const linkTo = (url: string, query: unknown, changes: Readonly<Record<string, string>>): string => {
  const link = new URL(url);
  for (const [name, value] of Object.entries(typeof query === 'object' && query !== null ? query : {})) {
    if (typeof value === 'string' && !name.startsWith('page[') && name !== 'page') link.searchParams.set(name, value);
  }
  for (const [name, value] of Object.entries(changes)) link.searchParams.set(name, value);
  return link.href;
};

const cursorPage = <RecordType extends Identified>(
  { records, name, toJson, query, url }: PagingRequest<RecordType>,
  sizeText: string,
): object => {
  const size = sizeOf(sizeText, 'page[size]');
  if (size > pageSize) throw badRequest('InvalidPaginationParameter', `page[size] must be at most ${pageSize}`);
  const after = textIn(query, 'page[after]');
  const before = textIn(query, 'page[before]');
  const place = (cursor: string, isReached: (order: number) => boolean): number => {
    const id = decodeCursor(cursor);
    return firstIndexWhere(records, (record) => isReached(byNumber(record.id, id)));
  };
  const end = before === undefined ? undefined : place(before, (order) => order >= 0);
  const start = end === undefined ? (after === undefined ? 0 : place(after, (order) => order > 0)) : Math.max(0, end - size);
  const page = records.slice(start, end ?? start + size);
  const hasMore = start + page.length < records.length;
  const [first] = page;
  const last = page.at(-1);
  const sizeParameter = { 'page[size]': String(size) };
  return {
    [name]: page.map(toJson),
    meta: {
      has_more: hasMore,
      after_cursor: last ? encodeCursor(last.id) : null,
      before_cursor: first ? encodeCursor(first.id) : null,
    },
    links: {
      prev: first && start > 0 ? linkTo(url, query, { ...sizeParameter, 'page[before]': encodeCursor(first.id) }) : null,
      next: last && hasMore ? linkTo(url, query, { ...sizeParameter, 'page[after]': encodeCursor(last.id) }) : null,
    },
  };
};

const offsetPage = <RecordType extends Identified>({ records, name, toJson, query, url }: PagingRequest<RecordType>): object => {
  const page = sizeOf(textIn(query, 'page') ?? '1', 'page');
  // A page that is too large is cut in silence.
  const size = Math.min(sizeOf(textIn(query, 'per_page') ?? String(pageSize), 'per_page'), pageSize);
  if (page * size > offsetDepth) {
    throw badRequest(
      'InvalidPaginationDepth',
      `Pagination depth exceeded: offset pagination gives the first ${offsetDepth} records. Use cursor pagination.`,
    );
  }
  const start = (page - 1) * size;
  const shown = records.slice(start, start + size);
  const link = (to: number): string => linkTo(url, query, { page: String(to), per_page: String(size) });
  return {
    [name]: shown.map(toJson),
    next_page: start + shown.length < records.length ? link(page + 1) : null,
    previous_page: page > 1 ? link(page - 1) : null,
    count: records.length,
  };
};

/** By cursor when `page[size]` is given, by page number otherwise. */
export const pageOf = <RecordType extends Identified>(request: PagingRequest<RecordType>): object => {
  const size = textIn(request.query, 'page[size]');
  return size === undefined ? offsetPage(request) : cursorPage(request, size);
};
