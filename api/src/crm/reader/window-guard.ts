import type { ChangesBody } from '../manifest/schema/table.ts';
import type { ChangeWindow, SourceRecord } from '../types.ts';
import { durationMs } from '../value/duration.ts';

/** What is wrong, or null. */
export type WindowGuard = (records: readonly SourceRecord[]) => string | null;

/**
 * Some CRMs leave out a filter that they do not understand and answer with the whole table (ServiceNow does so by default).
 * A record from before the window shows it. With a lower bound only, newer records are no sign of it: they changed meanwhile.
 * Removed records are let through: not every CRM counts the removal as a change of the record.
 */
export const createWindowGuard = (changes: ChangesBody, { fromMs, toMs }: ChangeWindow): WindowGuard => {
  const slackMs = durationMs(changes.granularity ?? '1s');
  const earliestMs = fromMs - slackMs;
  const latestMs = changes.mode === 'window' ? toMs + slackMs : Number.POSITIVE_INFINITY;
  return (records) => {
    const isOutside = records.some(
      ({ modifiedOnMs, isDeleted }) => modifiedOnMs !== null && !isDeleted && (modifiedOnMs < earliestMs || modifiedOnMs >= latestMs),
    );
    return isOutside ? 'it holds records from outside the time that was asked for, so the CRM has ignored the filter' : null;
  };
};
