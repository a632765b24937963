import { missingIdOf } from '../missing-id.ts';
import { type Check, failed, notRun, passed } from '../types.ts';
import { idsOf, recordsOf } from '../walk.ts';

export const missingId: Check = {
  id: 'missing-id',
  promise: 'A record that does not exist is reported as such, and not as an error.',
  how: 'Asks for an id that looks like the others and belongs to nothing.',
  run: async ({ table, usual, reference, signal }) => {
    if (table.get === undefined) return notRun('the manifest has no `get`');
    const id = missingIdOf(idsOf(recordsOf(reference)), (text) => usual.reader.readId(text));
    if (id === null) return notRun('no id could be made up that is not there');
    const found = await usual.reader.getOne(id, signal);
    if (found === null) return passed();
    // By chance there is one, behind --limit.
    if (found.id === id) return notRun(`${id}, which was made up, does exist`);
    return failed(`asked for ${id}, which does not exist, the CRM gave ${found.id}`, 'Correct the path of `get`: the CRM ignores the id.');
  },
};
