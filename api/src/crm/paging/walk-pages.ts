import { AppError } from '../../errors/app-error.ts';
import type { SourcePage } from '../types.ts';
import type { Pager } from './pager.ts';
import type { Place } from './place.ts';
import { createRepeatGuard } from './repeat-guard.ts';

export interface FetchedPage {
  readonly page: Omit<SourcePage, 'next'>;
  readonly next: Place | null;
}

export interface Walk {
  readonly sourceId: string;
  readonly pager: Pager;
  readonly from: Place;
  readonly fetchPage: (place: Place, signal: AbortSignal) => Promise<FetchedPage>;
}

/**
 * Page after page from a place on, each fetched when it is asked for; the pipeline reads one page ahead by itself.
 * Throws `crm.paging_stuck` instead of going round for ever.
 */
export async function* walkPages({ sourceId, pager, from, fetchPage }: Walk, signal: AbortSignal): AsyncGenerator<SourcePage> {
  const guard = createRepeatGuard(from);
  const stuck = (problem: string): AppError => new AppError('crm.paging_stuck', { source: sourceId, problem });
  for (let place: Place | null = from; place !== null; ) {
    const { page, next }: FetchedPage = await fetchPage(place, signal);
    signal.throwIfAborted();
    const repeated = guard.page(page.records) ?? (next === null ? null : guard.nextPlace(next));
    if (repeated !== null) throw stuck(repeated);
    if (next !== null && next.pagesRead >= pager.maxPages) throw stuck(`the list goes on after ${pager.maxPages} pages`);
    yield { ...page, next };
    place = next;
  }
}
