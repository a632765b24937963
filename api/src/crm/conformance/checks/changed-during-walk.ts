import type { SourcePage } from '../../types.ts';
import { doubledIds, unchangedOf } from '../judge-walk.ts';
import { askTime, changedSince, needsChanger, untilAmongChanges, withScratch } from '../scratch-record.ts';
import { type Check, failed, notRun, passed, type TableBench, type Verdict } from '../types.ts';
import { idsOf, recordsOf } from '../walk.ts';
import { someIds } from '../words.ts';

/** Changes the records when the first page has been read, then reads the rest. */
const walkWhileChanging = async (bench: TableBench, ids: readonly string[]): Promise<readonly SourcePage[]> => {
  const { small, changer, name, signal } = bench;
  const pages: SourcePage[] = [];
  for await (const page of small.reader.listAll(null, signal)) {
    if (pages.length === 0) for (const id of ids) await changer?.change(name, id);
    pages.push(page);
  }
  return pages;
};

/** One that has been read when it changes and one that has not, where records may be touched; else the one that was made for the test. */
const victimsOf = ({ changer, smallPages, scratch }: TableBench): readonly string[] => {
  if (changer?.mayChangeAny !== true) return scratch.id === null ? [] : [scratch.id];
  const first = smallPages[0]?.records.find(({ isDeleted }) => !isDeleted);
  const last = smallPages.at(-1)?.records.findLast(({ isDeleted }) => !isDeleted);
  return [first, last].flatMap((record) => (record === undefined ? [] : [record.id]));
};

const judge = async (bench: TableBench, victims: readonly string[]): Promise<Verdict> => {
  const { usual, smallWalk, startedMs } = bench;
  const [witness] = victims;
  if (witness === undefined) return needsChanger;
  const beforeMs = await askTime(bench, witness);
  const records = recordsOf({ pages: await walkWhileChanging(bench, victims) });
  const found = new Set(idsOf(records));
  const expected = idsOf(recordsOf(smallWalk)).filter((id) => !found.has(id));
  const missing = [...victims.filter((id) => !found.has(id)), ...(await unchangedOf(bench, expected))];
  if (missing.length > 0)
    return failed(
      `${someIds([...new Set(missing)])} were not found`,
      'A change moves records from page to page: sort the list by id, or use keyset paging (`page: { kind: keyset }`).',
    );
  const doubled = doubledIds(records, startedMs).filter((id) => !victims.includes(id));
  if (doubled.length > 0)
    return failed(`${someIds(doubled)} came twice`, 'A change moves records from page to page: sort the list by id, or use keyset paging.');
  if (!usual.reader.canListChanges) return passed();
  for (const id of victims) {
    const seen = await untilAmongChanges(bench, id, {
      fromMs: beforeMs - usual.reader.overlapMs,
      counts: changedSince(bench, beforeMs),
    });
    if (seen === null) return failed(`${id} changed during the walk and is not among the changes since`, 'See the check changed-seen.');
  }
  return passed();
};

export const changedDuringWalk: Check = {
  id: 'changed-during-walk',
  promise: 'Records that change during a walk are found, move no others out of it, and are among the changes after it.',
  how: 'Has records changed after the first of several small pages has been read.',
  run: async (bench) => {
    if (bench.smallPages.length < 2) return notRun('all records come in one page');
    if (!bench.smallWalk.isWhole) return notRun('there are too many records to walk to the end; raise --limit');
    return withScratch(bench, () => judge(bench, victimsOf(bench)));
  },
};
