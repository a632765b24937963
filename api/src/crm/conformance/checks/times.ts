import { durationMs } from '../../value/duration.ts';
import { type Check, failed, notRun, passed } from '../types.ts';
import { idsOf, recordsOf } from '../walk.ts';
import { someIds } from '../words.ts';

const slackMs = 60_000;

export const times: Check = {
  id: 'times',
  promise: 'No record was changed in the future.',
  how: 'Compares each record’s time of change with the CRM’s clock.',
  run: async ({ table, reference, usual }) => {
    if (table.modified === undefined) return notRun('the manifest does not say when a record was changed (`modified`)');
    const timed = recordsOf(reference).filter(({ modifiedOnMs }) => modifiedOnMs !== null);
    if (timed.length === 0)
      return failed(
        'no record has a time of change',
        'Correct `modified`: where the record holds it, and whether it is asked for ({{fields}}).',
      );
    const granularityMs = durationMs(table.changes?.granularity ?? '1s');
    const latestMs = usual.nowMs() + slackMs + granularityMs;
    const future = timed.filter(({ modifiedOnMs }) => (modifiedOnMs ?? 0) > latestMs);
    if (future.length > 0)
      return failed(
        `${someIds(idsOf(future))} are from the future`,
        'Say in which time zone the CRM writes times: `modified: { timezone: … }`.',
      );
    return passed(`${timed.length.toLocaleString('en-US')} records`);
  },
};
