import type { OpenFailure, RetryDelay } from '../../store/failures/types.ts';
import type { FailedRecord } from '../../store/records/types.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/**
 * After which pauses a record is tried again by itself, and how often. What waiting mends is tried soon; what a person must mend in the
 * environment, or in the customer's own logic, less often. What is wrong with the record itself (data) is tried when the record changes, and
 * with every full run.
 */
const pausesMs: Readonly<Record<FailedRecord['failureClass'], readonly number[]>> = {
  transient: [minuteMs, 5 * minuteMs, 30 * minuteMs, 2 * hourMs, 6 * hourMs, dayMs, dayMs, dayMs],
  limit: [5 * minuteMs, 30 * minuteMs, 2 * hourMs, 6 * hourMs, dayMs, dayMs, dayMs],
  crm: [5 * minuteMs, 30 * minuteMs, 2 * hourMs, 6 * hourMs, dayMs, dayMs, dayMs],
  plugin: [15 * minuteMs, 2 * hourMs, dayMs, dayMs, dayMs],
  permission: [hourMs, 6 * hourMs, dayMs, dayMs, dayMs],
  configuration: [hourMs, 6 * hourMs, dayMs, dayMs, dayMs],
  data: [],
};

const classes = Object.keys(pausesMs) as readonly FailedRecord['failureClass'][];

export const retryDelays: readonly RetryDelay[] = classes.flatMap((failureClass) =>
  pausesMs[failureClass].map((delayMs, index) => ({ failureClass, tries: index + 1, delayMs })),
);

/** null: not by itself any more. */
export const nextRetryOnMs = ({
  failureClass,
  tries,
  lastSeenOnMs,
}: Pick<OpenFailure, 'failureClass' | 'tries' | 'lastSeenOnMs'>): number | null => {
  const pauseMs = pausesMs[failureClass][tries - 1];
  return pauseMs === undefined ? null : lastSeenOnMs + pauseMs;
};
