import type { SourceRecord } from '../types.ts';
import type { Place } from './place.ts';

/** What is wrong, or null. */
export interface RepeatGuard {
  nextPlace(place: Place): string | null;
  page(records: readonly SourceRecord[]): string | null;
}

/**
 * Notices lists that never end, in constant memory. Brent’s way of finding a cycle: one earlier place is remembered and replaced after
 * 1, 2, 4, 8 … pages, so a cycle of any length is noticed before it has been walked three times.
 */
export const createRepeatGuard = (first: Place): RepeatGuard => {
  let remembered = first.at;
  let previous = first.at;
  let pagesSince = 0;
  let pagesUntilRenewal = 1;
  let lastPage: readonly { readonly id: string; readonly modifiedOnMs: number | null }[] = [];
  return {
    nextPlace: ({ at }) => {
      if (at === remembered || at === previous) return 'the way to the next page leads back to a page that was read before';
      previous = at;
      pagesSince += 1;
      if (pagesSince === pagesUntilRenewal) {
        remembered = at;
        pagesSince = 0;
        pagesUntilRenewal *= 2;
      }
      return null;
    },
    page: (records) => {
      const isRepeated =
        records.length > 0 &&
        records.length === lastPage.length &&
        // The version too: in a list ordered by change a record that changes meanwhile rightly comes again.
        records.every(
          (record, position) => record.id === lastPage[position]?.id && record.modifiedOnMs === lastPage[position]?.modifiedOnMs,
        );
      lastPage = records.map(({ id, modifiedOnMs }) => ({ id, modifiedOnMs }));
      return isRepeated ? 'a page holds the same records as the one before it' : null;
    },
  };
};
