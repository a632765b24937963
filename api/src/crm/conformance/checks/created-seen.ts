import { judgeLag, untilAmongChanges, untilSeen, withScratch } from '../scratch-record.ts';
import { type Check, failed, passed } from '../types.ts';

export const createdSeen: Check = {
  id: 'created-seen',
  promise: 'A new record is found by its id and among the changes.',
  how: 'Has a record made in the CRM, asks for it, and reads the changes since.',
  run: (bench) =>
    withScratch(bench, async (id) => {
      const { usual, startedMs, signal } = bench;
      const direct = await untilSeen(bench, () => usual.reader.getOne(id, signal));
      if (direct === null)
        return failed(`${id} cannot be found by its id`, 'Correct `get`, or give the integration user the right to read it.');
      if (!usual.reader.canListChanges) return passed('the manifest has no `changes`');
      const fromMs = startedMs - usual.reader.overlapMs;
      const seen = await untilAmongChanges(bench, id, { fromMs, counts: ({ isDeleted }) => !isDeleted });
      if (seen === null)
        return failed(
          `${id} is not among the changes since it was made`,
          'Let `modified` and `changes` go by a time that a new record has too, and raise `changes.lag` if the CRM’s searches are slower.',
        );
      return judgeLag(bench, seen) ?? passed();
    }),
};
