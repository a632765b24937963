import { differencesOf, sampleOf } from '../same-record.ts';
import { type Check, failed, notRun, passed } from '../types.ts';
import { recordsOf } from '../walk.ts';

const sampleSize = 5;

export const getOne: Check = {
  id: 'get-one',
  promise: 'A record that is asked for by its id is the same as in the list.',
  how: 'Asks for a few records one by one and compares what each column would get.',
  run: async ({ table, usual, reference, startedMs, signal }) => {
    if (table.get === undefined && table.getMany === undefined) return notRun('the manifest has neither `get` nor `getMany`');
    const sample = sampleOf(recordsOf(reference), sampleSize);
    for (const listed of sample) {
      const asked = await usual.reader.getOne(listed.id, signal);
      if (asked === null)
        return failed(`${listed.id} is in the list, and is not found when it is asked for`, 'Correct the path of `get`, or `id`.');
      if ((asked.modifiedOnMs ?? 0) >= startedMs) continue;
      const differences = differencesOf(listed, asked, usual.reader);
      if (differences.length > 0)
        return failed(
          `${listed.id} differs from the list in: ${differences.join('; ')}`,
          'Let `get` and `list` ask for the same fields, written the same way ({{fields}}), and see that `record` leads to the record.',
        );
    }
    return passed(`${sample.length} records`);
  },
};
