import { type Check, failed, passed } from '../types.ts';
import { unreadableOf } from '../walk.ts';

export const readable: Check = {
  id: 'readable',
  promise: 'Every record has an id and a time that can be read.',
  how: 'Looks at each record of the list.',
  run: async ({ reference }) => {
    const unreadable = unreadableOf(reference);
    const [first] = unreadable;
    if (first === undefined) return passed();
    return failed(
      `${unreadable.length.toLocaleString('en-US')} cannot be used; the first is ${first.where}: ${first.reason}`,
      'Correct `id` or `modified` (its path and format) of the table.',
    );
  },
};
