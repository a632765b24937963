import { decodeJson } from '../../http/decode-json.ts';
import { unchangedOf } from '../judge-walk.ts';
import { type Check, failed, notRun, passed, type TableBench, type Verdict } from '../types.ts';
import { idsOf, recordsOf, type Walk, walk } from '../walk.ts';
import { failedBy, someIds } from '../words.ts';

const advice = 'The place of the next page must be all in the answer or the last record; see `page` in the manifest.';
/** From the beginning, the middle and the end, as each costs the rest of the list. */
const mostPlaces = 4;

const placesIn = (pages: Walk['pages']): readonly number[] => {
  const positions = pages.flatMap(({ next }, position) => (next === null || position === pages.length - 1 ? [] : [position]));
  const step = Math.max(1, Math.ceil(positions.length / mostPlaces));
  return positions.filter((position) => position % step === 0);
};

const resumeAfter = async (bench: TableBench, position: number): Promise<Verdict | null> => {
  const { smallWalk, listPage, small, signal } = bench;
  const rest = smallWalk.pages.slice(position + 1);
  // Through text and back, as a checkpoint goes.
  const cursor = decodeJson(Buffer.from(JSON.stringify(smallWalk.pages[position]?.next ?? null))) ?? null;
  const records = smallWalk.isWhole ? Number.POSITIVE_INFINITY : rest.reduce((sum, page) => sum + page.records.length, 0);
  const resumed = await walk(small.reader.listAll(cursor, signal), { records });
  const what = `Resumed after page ${position + 1}`;
  if (resumed.error !== null) return failedBy(resumed.error, `${what}: `);
  const found = new Set(idsOf(recordsOf(resumed)));
  const expected = new Set(idsOf(recordsOf({ pages: rest })));
  const missing = await unchangedOf(
    bench,
    [...expected].filter((id) => !found.has(id)),
  );
  if (missing.length > 0) return failed(`${what}: ${someIds(missing)} of ${expected.size} were not found`, advice);
  // Who goes on by time begins with the last time again; what is read twice is written once.
  const isRepeatFine = listPage?.kind === 'keyset' && listPage.by === 'modified';
  const before = new Set(idsOf(recordsOf({ pages: smallWalk.pages.slice(0, position + 1) })));
  const repeated = [...found].filter((id) => before.has(id) && !expected.has(id));
  if (repeated.length === 0 || isRepeatFine) return null;
  return failed(`${what}: ${someIds(repeated)} from before came again`, advice);
};

export const resume: Check = {
  id: 'resume',
  promise: 'A walk that is resumed after a page gives exactly the rest.',
  how: 'Takes the places that checkpoints would hold and walks on from each.',
  run: async (bench) => {
    const { smallWalk, listPage } = bench;
    if (listPage?.kind === 'cursor' && listPage.fixed === true)
      return notRun('the CRM keeps the place itself (`fixed`), so such a list always begins anew');
    if (!smallWalk.isWhole && !bench.isOrderKept) return notRun('the CRM gives the records in another order each time');
    const places = placesIn(smallWalk.pages);
    if (places.length === 0) return notRun('all records come in one page');
    for (const position of places) {
      const verdict = await resumeAfter(bench, position);
      if (verdict !== null) return verdict;
    }
    return passed(`${places.length} places`);
  },
};
