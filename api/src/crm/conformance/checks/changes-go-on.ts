import { pickWindow, readChanges } from '../changes.ts';
import { type Check, failed, notRun, passed } from '../types.ts';
import { idsOf, recordsOf } from '../walk.ts';
import { failedBy, someIds } from '../words.ts';

export const changesGoOn: Check = {
  id: 'changes-go-on',
  promise: 'Changes that are read with the token of the last time begin where those ended.',
  how: 'Reads changes to their end, and again with the token that came with them.',
  run: async (bench) => {
    const { table, usual, startedMs } = bench;
    if (table.changes?.mode !== 'cursor') return notRun('the CRM counts its changes by time, not by a token');
    const window = pickWindow(bench);
    if (window === null) return notRun('no record has changed in the time that the CRM tells about');
    const before = await readChanges(bench, usual, window);
    if (before.error !== null) return failedBy(before.error);
    if (!before.isWhole) return notRun('there are more changes than --limit');
    const token = before.pages.at(-1)?.changeToken;
    if (token === undefined)
      return failed('the last page has no token', 'Correct `changes.token`: where the last page tells what the next reading begins with.');
    const after = await readChanges(bench, usual, { ...window, token });
    if (after.error !== null) return failedBy(after.error, 'With the token: ');
    const known = new Set(idsOf(recordsOf(before)));
    const again = recordsOf(after).filter(({ id, modifiedOnMs }) => known.has(id) && (modifiedOnMs ?? 0) < startedMs);
    // The last record may well be told again; all of them again means that the token is ignored.
    if (again.length > 1 && again.length * 2 > known.size)
      return failed(
        `${someIds(idsOf(again))} came again`,
        'The CRM ignores the token: correct how `changes` sends it ({{token}}, or `page`).',
      );
    return passed();
  },
};
