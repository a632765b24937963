import type { Exchange } from '../../http/exchange.ts';
import { strikeAt } from '../interposer.ts';
import { type Check, failed, notRun, passed } from '../types.ts';
import { walk } from '../walk.ts';
import { failedBy } from '../words.ts';

export const repeatedPage: Check = {
  id: 'repeated-page',
  promise: 'A CRM that gives the same page again and again is noticed.',
  how: 'Answers every page of the list with the first one.',
  run: async (bench) => {
    const { small, smallPages, signal, listPage } = bench;
    if (smallPages.length < 2 || listPage === undefined) return notRun('all records come in one page');
    let first: Exchange | null = null;
    const strike = strikeAt(
      'list',
      () => true,
      async (request, ask) => {
        first ??= await ask(request);
        return first;
      },
    );
    const pages = smallPages.length * 3 + 10;
    const { value: walked } = await bench.distorted(strike.distort, () =>
      walk(small.reader.listAll(null, signal), { records: Number.POSITIVE_INFINITY, pages }),
    );
    if (walked.error?.code === 'crm.paging_stuck') return passed();
    if (walked.error !== null) return failedBy(walked.error);
    if (walked.isWhole)
      return failed(
        'the walk ended as if all had been read',
        'Let an answer say more clearly what the last page is (`page.end`), or use keyset paging.',
      );
    return failed(`the walk was still going on after ${pages} pages`, 'Set `page.maxPages`, and report this as a fault of CRM Sync.');
  },
};
