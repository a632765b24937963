import { type Check, failed, notRun, passed } from '../types.ts';
import { idsOf, recordsOf } from '../walk.ts';
import { someIds } from '../words.ts';

export const links: Check = {
  id: 'links',
  promise: 'Every record has a link that may be opened.',
  how: 'Looks at the links that `link` makes, and at the hosts that are allowed.',
  run: async ({ table, reference }) => {
    if (table.link === undefined) return notRun('the manifest has no `link`');
    const without = recordsOf(reference).filter(({ url, isDeleted }) => url === null && !isDeleted);
    if (without.length === 0) return passed();
    return failed(
      `${someIds(idsOf(without))} have none`,
      'Add the host that `link` leads to under `connection.hosts`, and see that the record has all that `link` names.',
    );
  },
};
