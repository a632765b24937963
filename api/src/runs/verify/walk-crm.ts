import type { PageCursor } from '../../crm/types.ts';
import type { VerifyItem } from '../../store/verify/types.ts';
import { addCounts, noCounts } from '../../sync/counts.ts';
import { pull } from '../../sync/pull.ts';
import { readAhead } from '../../sync/read-ahead.ts';
import { type MappedPageInOrder, mapPages } from '../../sync/sync-records.ts';
import type { TableSync } from '../../sync/types.ts';
import { lookAtRecords } from '../../sync/verify/look-at-records.ts';
import { type VerifyContext, stepOf } from './context.ts';
import { countsOfVerdict } from './count-items.ts';

interface ComparedPage {
  readonly page: MappedPageInOrder;
  readonly items: readonly VerifyItem[];
}

async function* lookAtPages(sync: TableSync, pages: AsyncIterable<MappedPageInOrder>, signal: AbortSignal): AsyncGenerator<ComparedPage> {
  for await (const page of pages) yield { page, items: await lookAtRecords(sync, page, signal) };
}

/** A record that a page holds twice counts as stale once, as in every run. */
const countsOf = ({ page, items }: ComparedPage) => {
  const unreadable = page.unreadable.length;
  const doubles = page.records.length - items.length;
  return items
    .map(({ verdict }) => countsOfVerdict(verdict))
    .reduce(addCounts, { ...noCounts, read: unreadable + doubles, failed: unreadable, stale: doubles });
};

/**
 * The CRM's side, page by page in the CRM's order, each page beside its rows. The CRM sends the next page and Dataverse the rows of this
 * one while the store keeps the one before: three pages are in memory.
 */
export const walkCrm = async (sync: TableSync, context: VerifyContext, resumeFrom: PageCursor | null): Promise<void> => {
  const { verify, signal } = context;
  let isAtEnd = false;
  const pages = readAhead(mapPages(sync, pull(sync.reader, { kind: 'all', resumeFrom }, signal)));
  for await (const compared of readAhead(lookAtPages(sync, pages, signal))) {
    const { page, items } = compared;
    isAtEnd = page.next === null;
    await verify.save(
      stepOf(context, isAtEnd ? 'dataverse' : 'crm', {
        items,
        cursor: page.next,
        counts: countsOf(compared),
        unreadable: page.unreadable.length,
        ...(page.expectedRecords === undefined ? {} : { expectedRecords: page.expectedRecords }),
      }),
    );
    context.throwIfAsked();
  }
  // A list without a page is an empty one.
  if (!isAtEnd) await verify.save(stepOf(context, 'dataverse', {}));
};
