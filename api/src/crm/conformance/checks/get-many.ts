import { missingIdOf } from '../missing-id.ts';
import { differencesOf, sampleOf } from '../same-record.ts';
import { type Check, failed, notRun, passed } from '../types.ts';
import { idsOf, recordsOf } from '../walk.ts';
import { someIds } from '../words.ts';

/** One more than the CRM takes at once shows how the request is split; no more than this, as records are read one by one where it fails. */
const mostIds = 60;

export const getMany: Check = {
  id: 'get-many',
  promise: 'Records that are asked for together are the same as in the list, and an id that does not exist is left out.',
  how: 'Asks for records by their ids, more than fit in one request where that is cheap, and for one that does not exist.',
  run: async ({ table, usual, reference, startedMs, signal }) => {
    if (table.getMany === undefined) return notRun('the manifest has no `getMany`, so records are asked for one by one');
    const records = recordsOf(reference);
    const sample = sampleOf(records, Math.min(mostIds, table.getMany.max + 1));
    const missing = missingIdOf(idsOf(records), (text) => usual.reader.readId(text));
    const asked = [...idsOf(sample), ...(missing === null ? [] : [missing])];
    const found = new Map((await usual.reader.getMany(asked, signal)).map((record) => [record.id, record]));
    const absent = idsOf(sample).filter((id) => !found.has(id));
    if (absent.length > 0)
      return failed(`${someIds(absent)} were asked for and did not come`, 'Correct how `getMany` writes {{ids}}, or lower its `max`.');
    for (const listed of sample) {
      const one = found.get(listed.id);
      if (one === undefined || (one.modifiedOnMs ?? 0) >= startedMs) continue;
      const differences = differencesOf(listed, one, usual.reader);
      if (differences.length > 0)
        return failed(
          `${listed.id} differs from the list in: ${differences.join('; ')}`,
          'Let `getMany` and `list` ask for the same fields, written the same way ({{fields}}).',
        );
    }
    return passed(`${sample.length} records`);
  },
};
