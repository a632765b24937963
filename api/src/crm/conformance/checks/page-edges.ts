import { judgeWalk, unchangedOf } from '../judge-walk.ts';
import { type Check, failed, notRun, passed } from '../types.ts';
import { idsOf, recordsOf } from '../walk.ts';
import { someIds } from '../words.ts';

const advice =
  'Pages overlap or leave gaps. Let the CRM sort the list by its id, or use keyset paging; see `page` and `list` in the manifest.';

export const pageEdges: Check = {
  id: 'page-edges',
  promise: 'Small pages give the same records as large ones, also where two at a page’s edge have the same time.',
  how: 'Walks the list in small pages and compares.',
  run: async (bench) => {
    const { smallWalk, smallPages, reference, listPage, small } = bench;
    if (smallPages.length < 2)
      return notRun(
        small.pageSize === null
          ? 'all records come in one page, and the manifest does not say how to ask for smaller ones (`sizeParam`)'
          : 'all records come in one page',
      );
    if (!smallWalk.isWhole) {
      if (bench.isOrderKept) return passed(`${smallPages.length} pages`);
      if (listPage?.kind !== 'page' && listPage?.kind !== 'offset')
        return notRun('the CRM gives the records in another order each time, and there are more than --limit');
      return failed('two walks give the records in another order, and pages that are counted then leave some out', advice);
    }
    const verdict = await judgeWalk(bench, smallWalk, { what: `In ${smallPages.length} pages`, advice });
    if (verdict !== null) return verdict;
    const found = new Set(idsOf(recordsOf(smallWalk)));
    const missing = await unchangedOf(
      bench,
      idsOf(recordsOf(reference)).filter((id) => !found.has(id)),
    );
    if (missing.length > 0) return failed(`${someIds(missing)} of the large pages are in none of the small ones`, advice);
    return passed(`${smallPages.length} pages`);
  },
};
