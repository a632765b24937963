import { compileCondition, compilePath } from '../expression/compile.ts';
import type { Selector } from '../expression/path.ts';
import type { EndBody } from '../manifest/schema/request.ts';
import type { JsonValue } from '../types.ts';
import type { Place } from './place.ts';

export interface PageFacts {
  readonly body: JsonValue;
  readonly linkHeader: string | null;
  /** All that the page held, usable or not. */
  readonly recordCount: number;
  /** What was asked, for links that are relative to it. */
  readonly url: string;
}

/** Whether a page was the last; null when nothing is said about it. */
export type EndRule = (page: PageFacts, place: Place) => boolean | null;

const readCount = (select: Selector, body: JsonValue): number | null => {
  const value = select(body);
  const count = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  return typeof count === 'number' && count >= 0 ? count : null;
};

const compileRules = (end: EndBody, size: number | undefined): readonly EndRule[] => {
  const rules: EndRule[] = [];
  if (end.totalPages !== undefined) {
    const select = compilePath(end.totalPages);
    rules.push(({ body }, { pagesRead }) => {
      const count = readCount(select, body);
      return count === null ? null : pagesRead + 1 >= count;
    });
  }
  if (end.total !== undefined) {
    const select = compilePath(end.total);
    rules.push(({ body, recordCount }, { recordsRead }) => {
      const count = readCount(select, body);
      // Totals count what was deleted meanwhile, so an empty page ends the list even when the total is not reached.
      return count === null ? null : recordCount === 0 || recordsRead + recordCount >= count;
    });
  }
  if (end.when !== undefined) {
    const holds = compileCondition(end.when);
    rules.push(({ body }) => holds(body));
  }
  if (end.shortPage === true && size !== undefined) rules.push(({ recordCount }) => recordCount < size);
  return rules;
};

/** The last page as soon as one of the declared signs says so. A page shorter than asked for says nothing by itself: servers cut pages. */
export const compileEnd = (end: EndBody | undefined, size: number | undefined): EndRule => {
  const rules = compileRules(end ?? {}, size);
  return (page, place) => {
    let said: boolean | null = null;
    for (const rule of rules) {
      const isLast = rule(page, place);
      if (isLast === true) return true;
      said ??= isLast;
    }
    return said;
  };
};
