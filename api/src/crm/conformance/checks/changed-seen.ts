import { askTime, changedSince, isFromFuture, judgeLag, untilAmongChanges, withScratch } from '../scratch-record.ts';
import { type Check, failed, notRun, passed } from '../types.ts';

export const changedSeen: Check = {
  id: 'changed-seen',
  promise: 'A record that changes is among the changes, with the time at which it changed.',
  how: 'Has the record changed that was made before, and reads the changes since.',
  run: (bench) =>
    withScratch(bench, async (id) => {
      const { usual, changer, name } = bench;
      if (!usual.reader.canListChanges || changer === null) return notRun('the manifest has no `changes`');
      const beforeMs = await askTime(bench, id);
      await changer.change(name, id);
      const seen = await untilAmongChanges(bench, id, {
        fromMs: beforeMs - usual.reader.overlapMs,
        counts: changedSince(bench, beforeMs),
      });
      if (seen === null)
        return failed(
          `${id} is not among the changes with a new time after it was changed`,
          'See that `modified` moves with every change, how `changes` writes {{from}}, and in which time zone the CRM writes times (`timezone`).',
        );
      if (isFromFuture(bench, seen.found))
        return failed(
          `${id} seems to have changed in the future`,
          'Say in which time zone the CRM writes times: `modified: { timezone: … }`.',
        );
      return judgeLag(bench, seen) ?? passed();
    }),
};
