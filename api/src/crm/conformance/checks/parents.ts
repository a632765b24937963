import { type Check, failed, notRun, passed } from '../types.ts';
import { recordsOf } from '../walk.ts';
import { someIds } from '../words.ts';

const mostParents = 20;

export const parents: Check = {
  id: 'parents',
  promise: 'What a record names as its parent is found in the parent’s table.',
  how: 'Asks the parent’s table for some of the ids. Some may lead nowhere, as CRMs allow that; most must not.',
  run: async ({ table, parents: reader, reference, signal }) => {
    if (table.parent === undefined) return notRun('the manifest names no parent');
    if (reader === null) return notRun(`the manifest does not read the table ${table.parent.table}`);
    const named = recordsOf(reference).flatMap(({ parentId, isDeleted }) => (parentId == null || isDeleted ? [] : [parentId]));
    const ids = [...new Set(named)].slice(0, mostParents);
    if (ids.length === 0) {
      return recordsOf(reference).some(({ parentId }) => parentId === undefined)
        ? failed('no record holds anything at `parent`', 'Correct `parent.path`, and see that the list asks for it ({{fields}}).')
        : notRun('no record has a parent');
    }
    const found = new Set((await reader.getMany(ids, signal)).map(({ id }) => id));
    const missing = ids.filter((id) => !found.has(id));
    if (missing.length * 2 > ids.length)
      return failed(
        `${someIds(missing)} of ${ids.length} parents do not exist`,
        'Correct `parent.path`: it must lead to the id that the parent’s table uses, not to a name or a number.',
      );
    return passed(missing.length === 0 ? `${ids.length} parents` : `${ids.length} parents, of which ${missing.length} do not exist`);
  },
};
