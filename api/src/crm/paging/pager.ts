import { compilePath } from '../expression/compile.ts';
import { isEmpty } from '../expression/json.ts';
import type { PageBody } from '../manifest/schema/request.ts';
import type { JsonValue } from '../types.ts';
import { findLink } from './link-header.ts';
import { compileEnd, type EndRule, type PageFacts } from './list-end.ts';
import { type Place, readPlace } from './place.ts';

export interface PageParameters {
  readonly in: 'query' | 'body';
  readonly values: Readonly<Record<string, string | number>>;
}

/** How to ask for a page: at an address that the CRM gave, or with parameters. */
export type PageAddress = { readonly url: string } | { readonly parameters: PageParameters };

export interface Pager {
  readonly first: Place;
  readonly maxPages: number;
  /** Statuses that mean “no such page”, after the first. */
  readonly endStatuses: ReadonlySet<number>;
  /** null when a checkpoint does not fit. */
  resume(checkpoint: JsonValue): Place | null;
  address(place: Place): PageAddress;
  /** null after the last page. */
  next(place: Place, page: PageFacts): Place | null;
}

const usualMaxPages = 100_000;

type Parametric = Exclude<PageBody, { readonly kind: 'none' }>;
type AtRule = (place: Place, page: PageFacts, isLast: boolean | null) => string | number | null;

const sizeOf = ({ sizeParam, size }: Parametric): Readonly<Record<string, number>> =>
  sizeParam === undefined || size === undefined ? {} : { [sizeParam]: size };

const numberedAt =
  (step: (page: PageFacts) => number): AtRule =>
  ({ at }, page, isLast) => {
    const isEnd = isLast ?? page.recordCount === 0;
    return isEnd || typeof at !== 'number' ? null : at + step(page);
  };

const cursorAt = (from: string): AtRule => {
  const select = compilePath(from);
  return (_place, { body }, isLast) => {
    const cursor = select(body);
    return isLast === true || isEmpty(cursor) || (typeof cursor !== 'string' && typeof cursor !== 'number') ? null : cursor;
  };
};

/** Keys in an address are left out of it: it is stored in checkpoints, and sign-in puts them back. */
const absoluteLink = (link: JsonValue | undefined, page: PageFacts, secretParameter: string | null): string | null => {
  if (typeof link !== 'string' || isEmpty(link)) return null;
  const url = URL.parse(link, page.url);
  if (url === null) return link;
  if (secretParameter !== null) url.searchParams.delete(secretParameter);
  return url.href;
};

const linkAt = (find: (page: PageFacts) => JsonValue | undefined, secretParameter: string | null): AtRule => {
  return (_place, page, isLast) => (isLast === true ? null : absoluteLink(find(page), page, secretParameter));
};

const nextAt = (page: Parametric, secretParameter: string | null): AtRule => {
  switch (page.kind) {
    case 'page':
      return numberedAt(() => 1);
    case 'offset':
      return numberedAt(({ recordCount }) => recordCount);
    case 'cursor':
      return cursorAt(page.from);
    case 'nextLink': {
      const select = compilePath(page.from);
      return linkAt(({ body }) => select(body), secretParameter);
    }
    case 'linkHeader': {
      const rel = page.rel ?? 'next';
      return linkAt(({ linkHeader }) => (linkHeader === null ? null : findLink(linkHeader, rel)), secretParameter);
    }
  }
};

const startOf = (page: Parametric): number | null => {
  if (page.kind === 'page') return page.start ?? 1;
  return page.kind === 'offset' ? (page.start ?? 0) : null;
};

const addressOf = (page: Parametric, place: Place): PageAddress => {
  const size = sizeOf(page);
  if (page.kind === 'nextLink' || page.kind === 'linkHeader') {
    return typeof place.at === 'string' ? { url: place.at } : { parameters: { in: 'query', values: size } };
  }
  return { parameters: { in: page.in ?? 'query', values: place.at === null ? size : { ...size, [page.param]: place.at } } };
};

const singlePage: Pager = {
  first: { at: null, pagesRead: 0, recordsRead: 0 },
  maxPages: 1,
  endStatuses: new Set(),
  resume: (checkpoint) => readPlace(checkpoint, 'text'),
  address: () => ({ parameters: { in: 'query', values: {} } }),
  next: () => null,
};

export const createPager = (page: PageBody | undefined, secretParameter: string | null): Pager => {
  if (page === undefined || page.kind === 'none') return singlePage;
  const start = startOf(page);
  const isLast: EndRule = compileEnd(page.end, page.size);
  const at = nextAt(page, secretParameter);
  return {
    first: { at: start, pagesRead: 0, recordsRead: 0 },
    maxPages: page.maxPages ?? usualMaxPages,
    endStatuses: new Set(page.end?.status),
    resume: (checkpoint) => readPlace(checkpoint, start === null ? 'text' : 'number'),
    address: (place) => addressOf(page, place),
    next: (place, facts) => {
      const next = at(place, facts, isLast(facts, place));
      return next === null ? null : { at: next, pagesRead: place.pagesRead + 1, recordsRead: place.recordsRead + facts.recordCount };
    },
  };
};
