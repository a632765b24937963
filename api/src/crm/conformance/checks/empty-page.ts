import { editRecords } from '../edit-answer.ts';
import { judgeWalk, walkAgain } from '../judge-walk.ts';
import { strikeOnce } from '../troubles.ts';
import { type Check, failed, notRun, passed, type TableBench } from '../types.ts';
import { idsOf, recordsOf } from '../walk.ts';

/** Something else than an empty page says that the list has ended. */
const isEndTold = ({ listPage }: TableBench): boolean => {
  if (listPage === undefined || listPage.kind === 'none') return false;
  const { end } = listPage;
  if (end?.totalPages !== undefined || end?.when !== undefined) return true;
  if (listPage.kind === 'cursor') return listPage.fixed !== true;
  return listPage.kind === 'nextLink' || listPage.kind === 'linkHeader' || (listPage.kind === 'keyset' && end?.remaining !== undefined);
};

export const emptyPage: Check = {
  id: 'empty-page',
  promise: 'An empty page where more follow does not end the walk in silence.',
  how: 'Takes all records from one page in the middle; the walk must go on, or stop with an error.',
  run: async (bench) => {
    const { manifest, table, smallWalk, smallPages } = bench;
    if (smallPages.length < 3) return notRun('there are fewer than three pages');
    if (!isEndTold(bench)) return notRun('the manifest gives no other sign of a list’s end than an empty page');
    const records = table.list.records ?? table.records ?? manifest.records ?? '$';
    const strike = strikeOnce(bench, async (request, ask) => editRecords(await ask(request), records, () => []));
    const { value: walked } = await bench.distorted(strike.distort, () => walkAgain(bench));
    if (strike.count() === 0) return notRun('the records cannot be told apart in the answer (no JSON, or no plain list)');
    if (walked.error?.code === 'crm.paging_stuck' || walked.error?.code === 'crm.bad_answer') return passed('the walk stops with an error');
    const lost = new Set(idsOf(recordsOf({ pages: smallPages.slice(1, 2) })));
    const later = idsOf(recordsOf({ pages: smallPages.slice(2) }));
    const found = new Set(idsOf(recordsOf(walked)));
    if (walked.error === null && walked.isWhole && smallWalk.isWhole && !later.some((id) => found.has(id)))
      return failed(
        'an empty page ended the walk, and the pages behind it were not read',
        'Say how the last page is known: `page.end` (`totalPages`, `when`, `remaining`).',
      );
    return (await judgeWalk(bench, walked, { what: 'With an empty page', without: [...lost] })) ?? passed('the walk goes on');
  },
};
