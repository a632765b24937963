import type { ChangesBody } from '../manifest/schema/table.ts';
import { PagingProblem } from '../paging/list-end.ts';
import type { ChangeWindow, SourceRecord } from '../types.ts';
import { durationMs } from '../value/duration.ts';

/** Whether a page holds nothing from outside of the window. */
export type WindowGuard = (records: readonly SourceRecord[]) => boolean;

const usualGranularity = '1s';

/**
 * Some CRMs leave out a filter that they do not understand and answer with the whole table (ServiceNow does so by default).
 * A record from before the window shows it. With a lower bound only, newer records are no sign of it: they changed meanwhile.
 * Removed records are let through: not every CRM counts the removal as a change of the record.
 */
export const createWindowGuard = (changes: ChangesBody, { fromMs, toMs }: ChangeWindow): WindowGuard => {
  const slackMs = durationMs(changes.granularity ?? usualGranularity);
  const earliestMs = fromMs - slackMs;
  const latestMs = changes.mode === 'window' ? toMs + slackMs : Number.POSITIVE_INFINITY;
  return (records) =>
    records.every(
      ({ modifiedOnMs, isDeleted }) => modifiedOnMs === null || isDeleted || (modifiedOnMs >= earliestMs && modifiedOnMs < latestMs),
    );
};

/** Reading ends at the first older record, so a CRM that sorts otherwise would hide all changes behind it. */
const requireNewestFirst = (records: readonly SourceRecord[]): void => {
  const times = records.map(({ modifiedOnMs }) => modifiedOnMs).filter((time) => time !== null);
  if (times.some((time, position) => time > (times[position - 1] ?? time)))
    throw new PagingProblem(
      'the list does not begin with what changed last, as the manifest says it does; the CRM seems to ignore the sort',
    );
};

/** For CRMs that cannot filter: older records are left out here, and where the newest come first, the first of them ends the reading. */
export const createClientSideFilter = (changes: ChangesBody, { fromMs }: ChangeWindow) => {
  const earliestMs = fromMs - durationMs(changes.granularity ?? usualGranularity);
  const isNew = ({ modifiedOnMs, isDeleted }: SourceRecord): boolean => modifiedOnMs === null || isDeleted || modifiedOnMs >= earliestMs;
  return (records: readonly SourceRecord[]): { readonly records: readonly SourceRecord[]; readonly isEnough: boolean } => {
    if (changes.newestFirst === true) requireNewestFirst(records);
    const kept = records.filter(isNew);
    return { records: kept, isEnough: changes.newestFirst === true && kept.length < records.length };
  };
};
