import { compileCondition, compilePath } from '../expression/compile.ts';
import { isEmpty } from '../expression/json.ts';
import type { TemplateScope } from '../expression/template-variables.ts';
import type { PageBody } from '../manifest/schema/page.ts';
import type { JsonValue } from '../types.ts';
import { compileAnswerValue } from './answer-value.ts';
import { compileKeyset } from './keyset.ts';
import { findLink } from './link-header.ts';
import { compileEnd, type EndRule, type PageFacts, PagingProblem } from './list-end.ts';
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
  /** The place itself does not say whether the list goes on: only its pages do. */
  readonly isFixed: boolean;
  /** Statuses that mean “no such page”, after the first. */
  readonly endStatuses: ReadonlySet<number>;
  /** null when a checkpoint does not fit. */
  resume(checkpoint: JsonValue): Place | null;
  address(place: Place): PageAddress;
  /** What `{{page.…}}` and `{{last.…}}` are; `beginsAtMs` is where the list begins in time. */
  scope(place: Place, beginsAtMs: number): TemplateScope;
  /** null after the last page. Throws `PagingProblem`. */
  next(place: Place, page: PageFacts): Place | null;
}

const usualMaxPages = 100_000;

type Parametric = Exclude<PageBody, { readonly kind: 'none' | 'keyset' }>;
type KeysetPage = Extract<PageBody, { readonly kind: 'keyset' }>;
type AtRule = (place: Place, page: PageFacts, isLast: boolean | null) => string | number | null;

const sizeOf = ({ sizeParam, size }: Parametric | KeysetPage, place: Place): Readonly<Record<string, number>> => {
  const asked = place.last?.size ?? size;
  return sizeParam === undefined || asked === undefined ? {} : { [sizeParam]: asked };
};

const numberedAt =
  (step: (page: PageFacts) => number): AtRule =>
  ({ at }, page, isLast) => {
    const isEnd = isLast ?? page.recordCount === 0;
    return isEnd || typeof at !== 'number' ? null : at + step(page);
  };

const cursorAt = ({ from, fixed, end }: Extract<PageBody, { kind: 'cursor' }>): AtRule => {
  const select = compileAnswerValue(from);
  const saysEnd = end?.when === undefined ? null : compileCondition(end.when);
  return (place, page, isLast) => {
    if (fixed === true && page.recordCount === 0) return null;
    // Some name the cursor of a scroll only once.
    const cursor = select(page) ?? (fixed === true ? place.at : null);
    // Taken for the end, this would make everything behind it look removed.
    if (isEmpty(cursor) && saysEnd?.(page.body) === false && page.recordCount > 0)
      throw new PagingProblem('a page says that it is not the last, but not how to get to the next one');
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
      return cursorAt(page);
    case 'nextLink': {
      const select = compilePath(page.from);
      return linkAt(({ body }) => select(body), secretParameter);
    }
    case 'linkHeader': {
      const rel = page.rel ?? 'next';
      return linkAt(({ header }) => {
        const links = header('link');
        return links === undefined ? null : findLink(links, rel);
      }, secretParameter);
    }
  }
};

const startOf = (page: Parametric): number | null => {
  if (page.kind === 'page') return page.start ?? 1;
  return page.kind === 'offset' ? (page.start ?? 0) : null;
};

const addressOf = (page: Parametric, place: Place): PageAddress => {
  const size = sizeOf(page, place);
  if (page.kind === 'nextLink' || page.kind === 'linkHeader') {
    return typeof place.at === 'string' ? { url: place.at } : { parameters: { in: 'query', values: size } };
  }
  const where = page.in ?? 'query';
  if (place.at === null || page.param === undefined) return { parameters: { in: where, values: size } };
  return { parameters: { in: where, values: { ...size, [page.param]: place.at } } };
};

const firstOf = (at: number | null): Place => ({ at, pagesRead: 0, recordsRead: 0 });

const singlePage: Pager = {
  first: firstOf(null),
  maxPages: 1,
  isFixed: false,
  endStatuses: new Set(),
  resume: (checkpoint) => readPlace(checkpoint, 'text'),
  address: () => ({ parameters: { in: 'query', values: {} } }),
  scope: () => ({}),
  next: () => null,
};

const onwards = (place: Place, facts: PageFacts): Pick<Place, 'pagesRead' | 'recordsRead'> => ({
  pagesRead: place.pagesRead + 1,
  recordsRead: place.recordsRead + facts.recordCount,
});

const pageScope = (page: Parametric | KeysetPage, place: Place): TemplateScope => ({
  page: { ...(place.at === null ? {} : { at: place.at }), size: place.last?.size ?? page.size ?? null },
});

const createKeysetPager = (page: KeysetPage, idPath: string): Pager => {
  const isLast = compileEnd(page.end, page.size);
  const lastOf = compileKeyset(page, idPath);
  const tieParam = page.by === 'modified' ? page.ties?.param : undefined;
  return {
    first: firstOf(null),
    maxPages: page.maxPages ?? usualMaxPages,
    isFixed: false,
    endStatuses: new Set(page.end?.status),
    resume: (checkpoint) => readPlace(checkpoint, 'last'),
    address: (place) => {
      const skipped = tieParam === undefined || place.last === undefined ? {} : { [tieParam]: place.last.ties };
      return { parameters: { in: page.in ?? 'query', values: { ...sizeOf(page, place), ...skipped } } };
    },
    scope: (place, beginsAtMs) => ({
      ...pageScope(page, place),
      last: { ...(place.last?.id == null ? {} : { id: place.last.id }), modified: place.last?.modifiedMs ?? beginsAtMs },
    }),
    next: (place, facts) => {
      const isEnd = isLast(facts, place) === true;
      const last = lastOf(place, facts, isEnd);
      if (isEnd || last === null) return null;
      // What makes one place of the list differ from another, for the guard against lists that go round.
      return { at: JSON.stringify([last.id, last.modifiedMs, last.ties, last.size]), ...onwards(place, facts), last };
    },
  };
};

export const createPager = (page: PageBody | undefined, secretParameter: string | null, idPath = 'id'): Pager => {
  if (page === undefined || page.kind === 'none') return singlePage;
  if (page.kind === 'keyset') return createKeysetPager(page, idPath);
  const start = startOf(page);
  const isLast: EndRule = compileEnd(page.end, page.size);
  const at = nextAt(page, secretParameter);
  const isFixed = page.kind === 'cursor' && page.fixed === true;
  return {
    first: firstOf(start),
    maxPages: page.maxPages ?? usualMaxPages,
    isFixed,
    endStatuses: new Set(page.end?.status),
    // The CRM has gone on by pages that nobody recorded, so a scroll begins anew.
    resume: (checkpoint) => (isFixed ? firstOf(start) : readPlace(checkpoint, start === null ? 'text' : 'number')),
    address: (place) => addressOf(page, place),
    scope: (place) => pageScope(page, place),
    next: (place, facts) => {
      const next = at(place, facts, isLast(facts, place));
      return next === null ? null : { at: next, ...onwards(place, facts) };
    },
  };
};
