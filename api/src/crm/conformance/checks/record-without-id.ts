import { isObject } from '../../expression/json.ts';
import { idPathOf } from '../../reader/record-id.ts';
import { editRecords, plainNames, removeAt } from '../edit-answer.ts';
import { judgeWalk, walkAgain } from '../judge-walk.ts';
import { middlePage, strikeOnce } from '../troubles.ts';
import { type Check, failed, notRun, passed } from '../types.ts';
import { recordsOf, unreadableOf } from '../walk.ts';

export const recordWithoutId: Check = {
  id: 'record-without-id',
  promise: 'One record that cannot be used is counted as failed, and the others of its page are not lost.',
  how: 'Takes the id from the first record of one page.',
  run: async (bench) => {
    const { manifest, table, smallWalk, smallPages } = bench;
    const names = plainNames(idPathOf(table.id));
    const victim = smallPages[middlePage(bench) - 1]?.records[0];
    if (names === null || names.length === 0 || victim === undefined) return notRun('a record’s id cannot be taken from it');
    const records = table.list.records ?? table.records ?? manifest.records ?? '$';
    const strike = strikeOnce(bench, async (request, ask) =>
      editRecords(await ask(request), records, ([first, ...others]) =>
        isObject(first) && others.length > 0 ? [removeAt(first, names), ...others] : null,
      ),
    );
    const { value: walked } = await bench.distorted(strike.distort, () => walkAgain(bench));
    if (strike.count() === 0) return notRun('the records cannot be told apart in the answer, or there is only one on a page');
    const lost = recordsOf(walked).some(({ id }) => id === victim.id) ? [] : [victim.id];
    const verdict = await judgeWalk(bench, walked, { what: 'With a record that has no id', without: lost });
    if (verdict !== null) return verdict;
    if (lost.length === 0)
      return failed('the record got an id nevertheless', 'Let `id` be where the CRM keeps its own id, nothing that is made up.');
    const counted = unreadableOf(walked).length - unreadableOf(smallWalk).length;
    return counted === 1 ? passed() : failed('the record was left out without being counted', 'Report this as a fault of CRM Sync.');
  },
};
