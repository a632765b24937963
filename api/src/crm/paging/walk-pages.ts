import { AppError } from '../../errors/app-error.ts';
import type { SourceRecord } from '../types.ts';
import { PagingProblem } from './list-end.ts';
import type { Pager } from './pager.ts';
import type { Place } from './place.ts';
import { createRepeatGuard } from './repeat-guard.ts';

/** `restart`: the CRM has forgotten where the list was. */
export type Fetched<Page> = { readonly page: Page; readonly next: Place | null } | 'restart';

export interface Walk<Page> {
  readonly sourceId: string;
  readonly pager: Pager;
  readonly from: Place;
  readonly fetchPage: (place: Place, signal: AbortSignal) => Promise<Fetched<Page>>;
}

interface ReadPage {
  readonly records: readonly SourceRecord[];
}

/** A cursor that expires while its list is read will expire again; beginning anew helps only when something went wrong once. */
const maxRestarts = 3;

/**
 * Page after page from a place on, each fetched when it is asked for; the pipeline reads one page ahead by itself.
 * Throws `crm.paging_stuck` instead of going round for ever.
 */
export async function* walkPages<Page extends ReadPage>(
  { sourceId, pager, from, fetchPage }: Walk<Page>,
  signal: AbortSignal,
): AsyncGenerator<{ readonly page: Page; readonly next: Place | null }> {
  let guard = createRepeatGuard(from);
  let restarts = 0;
  const stuck = (problem: string): AppError => new AppError('crm.paging_stuck', { source: sourceId, problem });
  for (let place: Place | null = from; place !== null; ) {
    const fetched: Fetched<Page> = await fetchPage(place, signal).catch((error: unknown) => {
      throw error instanceof PagingProblem ? stuck(error.message) : error;
    });
    signal.throwIfAborted();
    if (fetched === 'restart') {
      restarts += 1;
      if (restarts > maxRestarts) throw stuck(`the list had to begin anew ${maxRestarts} times, as its cursor expired each time`);
      place = pager.first;
      guard = createRepeatGuard(place);
      continue;
    }
    const after: Place | null = fetched.next;
    const repeated = guard.page(fetched.page.records) ?? (after === null || pager.isFixed ? null : guard.nextPlace(after));
    if (repeated !== null) throw stuck(repeated);
    if (after !== null && after.pagesRead >= pager.maxPages) throw stuck(`the list goes on after ${pager.maxPages} pages`);
    yield { page: fetched.page, next: after };
    place = after;
  }
}
