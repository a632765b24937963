import { doubledIds } from '../judge-walk.ts';
import { type Check, failed, passed } from '../types.ts';
import { idsOf, recordsOf } from '../walk.ts';
import { someIds } from '../words.ts';

export const everyRecordOnce: Check = {
  id: 'every-record-once',
  promise: 'A full walk gives no record twice.',
  how: 'Reads the list, with pages as the manifest asks for them.',
  run: async ({ reference, startedMs }) => {
    const records = recordsOf(reference);
    const doubled = doubledIds(records, startedMs);
    if (doubled.length > 0)
      return failed(
        `${someIds(doubled)} came twice`,
        'Let the CRM sort the list by something that no two records share (its id), or use keyset paging; see `page` and `list` in the manifest.',
      );
    return passed(`${new Set(idsOf(records)).size.toLocaleString('en-US')} records`);
  },
};
