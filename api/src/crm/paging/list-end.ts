import { compileCondition } from '../expression/compile.ts';
import type { EndBody } from '../manifest/schema/page.ts';
import type { JsonValue, SourceRecord } from '../types.ts';
import { type AnswerFacts, compileAnswerValue, readCount } from './answer-value.ts';
import type { Place } from './place.ts';

export interface PageFacts extends AnswerFacts {
  /** All that the page held, usable or not. */
  readonly recordCount: number;
  /** What was asked, for links that are relative to it. */
  readonly url: string;
  /** The records as they came, and those of them that could be read. */
  readonly values?: readonly JsonValue[];
  readonly records?: readonly SourceRecord[];
}

/** The CRM does not do what the manifest says of its lists: going on would skip records or go round for ever. */
export class PagingProblem extends Error {
  constructor(problem: string) {
    super(problem);
    this.name = 'PagingProblem';
  }
}

/** Whether a page was the last; null when nothing is said about it. */
export type EndRule = (page: PageFacts, place: Place) => boolean | null;

const remainingRule = (where: NonNullable<EndBody['remaining']>, size: number): EndRule => {
  const select = compileAnswerValue(where);
  return (page) => {
    const remaining = readCount(select(page));
    if (remaining === null) return null;
    // ServiceNow cuts pages before it leaves out what the user may not read, so an empty one says nothing about those behind it.
    if (page.recordCount === 0 && remaining > size)
      throw new PagingProblem('a page is empty although more records remain; give the integration user the right to read all of them');
    // A CRM may have cut the page to a size of its own, so what came counts and not what was asked for.
    return page.recordCount === 0 || remaining <= page.recordCount;
  };
};

const compileRules = (end: EndBody, size: number | undefined): readonly EndRule[] => {
  const rules: EndRule[] = [];
  if (end.totalPages !== undefined) {
    const select = compileAnswerValue(end.totalPages);
    rules.push((page, { pagesRead }) => {
      const count = readCount(select(page));
      return count === null ? null : pagesRead + 1 >= count;
    });
  }
  if (end.total !== undefined) {
    const select = compileAnswerValue(end.total);
    rules.push((page, { recordsRead }) => {
      const count = readCount(select(page));
      // Totals count what was deleted meanwhile, so an empty page ends the list even when the total is not reached.
      return count === null ? null : page.recordCount === 0 || recordsRead + page.recordCount >= count;
    });
  }
  if (end.remaining !== undefined && size !== undefined) rules.push(remainingRule(end.remaining, size));
  if (end.when !== undefined) {
    const holds = compileCondition(end.when);
    rules.push(({ body }) => holds(body));
  }
  if (end.shortPage === true && size !== undefined) rules.push(({ recordCount }, { last }) => recordCount < (last?.size ?? size));
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
