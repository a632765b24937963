import { isObject } from '../expression/json.ts';
import type { Place } from '../paging/place.ts';
import type { JsonValue, PageCursor, SourcePage } from '../types.ts';
import type { ListPage } from './list-reader.ts';

/** Where a reading is that has several parts, one after another. Plain JSON, because checkpoints hold it. */
export type PartPlace = {
  readonly part: number;
  /** What the part itself needs, such as its share of a time. */
  readonly state: JsonValue;
  readonly place: JsonValue;
};

/** Of a checkpoint; a mere place of a list is one of the last part, which was the only one once. null: it is neither. */
export const readPartPlace = (cursor: PageCursor, partCount: number): PartPlace | null => {
  if (!isObject(cursor)) return null;
  const { part, state = null, place = null, pagesRead } = cursor;
  if (typeof pagesRead === 'number') return { part: partCount - 1, state: null, place: cursor };
  return typeof part === 'number' ? { part, state, place } : null;
};

/** One thing to read on the way: a list of deletions, or the changes themselves. */
export interface ReadingPart {
  read(
    state: JsonValue,
    place: JsonValue | null,
    signal: AbortSignal,
  ): AsyncIterable<{ readonly page: ListPage; readonly next: { readonly state: JsonValue; readonly place: Place | null } | null }>;
}

/**
 * Part after part. Lists of deletions come first: a record that was deleted and restored within one time is in both, and what comes
 * later counts.
 */
export async function* readParts(
  parts: readonly ReadingPart[],
  resumeFrom: PartPlace | null,
  signal: AbortSignal,
): AsyncGenerator<SourcePage> {
  let token: string | null = null;
  for (let part = resumeFrom?.part ?? 0; part < parts.length; part += 1) {
    const isResumed = resumeFrom?.part === part;
    const reading = parts[part]?.read(isResumed ? resumeFrom.state : null, isResumed ? resumeFrom.place : null, signal) ?? [];
    for await (const { page, next } of reading) {
      token = page.token ?? token;
      const { records, unreadable, expectedRecords } = page;
      const isLastPart = part === parts.length - 1;
      const after: PartPlace | null = next !== null ? { part, ...next } : isLastPart ? null : { part: part + 1, state: null, place: null };
      yield {
        records,
        unreadable,
        next: after,
        ...(expectedRecords === undefined ? {} : { expectedRecords }),
        ...(after === null && token !== null ? { changeToken: token } : {}),
      };
    }
  }
}
