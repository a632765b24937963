import { AppError } from '../../errors/app-error.ts';
import { readPartPlace } from '../reader/walk-parts.ts';
import type { SourcePage, SourceRecord } from '../types.ts';

/** What was read of a list, and how it ended. */
export interface Walk {
  readonly pages: readonly SourcePage[];
  /** It went to the end of the list. */
  readonly isWhole: boolean;
  /** What stopped it. */
  readonly error: AppError | null;
}

export interface WalkLimit {
  readonly records: number;
  /** A list that goes round must not take the test with it. */
  readonly pages?: number;
}

export const noLimit: WalkLimit = { records: Number.POSITIVE_INFINITY };

/** Reads until there is no more, or enough. An expected failure is part of the result; others are thrown. */
export const walk = async (list: AsyncIterable<SourcePage>, limit: WalkLimit): Promise<Walk> => {
  const pages: SourcePage[] = [];
  let records = 0;
  try {
    for await (const page of list) {
      pages.push(page);
      records += page.records.length + page.unreadable.length;
      if (page.next !== null && (records >= limit.records || pages.length >= (limit.pages ?? Number.POSITIVE_INFINITY)))
        return { pages, isWhole: false, error: null };
    }
    return { pages, isWhole: true, error: null };
  } catch (error) {
    if (error instanceof AppError) return { pages, isWhole: false, error };
    throw error;
  }
};

/** The pages of the list proper, without those of what is archived, which come before it. */
export const listPagesOf = ({ pages }: Pick<Walk, 'pages'>): readonly SourcePage[] => {
  const partAfter = pages.map(({ next }) => (next === null ? 0 : (readPartPlace(next, 1)?.part ?? 0)));
  const listPart = Math.max(0, ...partAfter);
  return pages.filter((_page, position) => (position === 0 ? 0 : partAfter[position - 1]) === listPart);
};

export const recordsOf = ({ pages }: Pick<Walk, 'pages'>): readonly SourceRecord[] => pages.flatMap(({ records }) => records);
export const unreadableOf = ({ pages }: Pick<Walk, 'pages'>): readonly { readonly where: string; readonly reason: string }[] =>
  pages.flatMap(({ unreadable }) => unreadable);
export const idsOf = (records: readonly SourceRecord[]): readonly string[] => records.map(({ id }) => id);
export const lengthOf = (walked: Pick<Walk, 'pages'>): number => recordsOf(walked).length + unreadableOf(walked).length;
