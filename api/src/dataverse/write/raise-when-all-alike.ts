import { AppError } from '../../errors/app-error.ts';
import { triesWhenShaky } from '../http/patience.ts';
import type { FailureClass, RowUpdateOutcome } from '../types.ts';

/** So many rows, all refused for a cause that lies in no row, are not that many bad rows. */
const rowsThatShowARule = 10;

/**
 * Throws when the outcomes of a request's rows say nothing about the rows: the service did not work, or our rights or the mapping are
 * wrong for all. A thousand failed records with the same cause would hide that cause.
 */
export const raiseWhenAllAlike = (outcomes: readonly RowUpdateOutcome[]): void => {
  const [first] = outcomes;
  // A few rows fail as rows: one on which SQL always breaks must not stop every run that meets it.
  if (first?.status !== 'failed' || outcomes.length < rowsThatShowARule) return;
  const areAll = (failureClass: FailureClass): boolean =>
    outcomes.every((outcome) => outcome.status === 'failed' && outcome.failureClass === failureClass);
  if (areAll('transient')) throw new AppError('dataverse.failing', { problem: first.code || 'a server error', tries: triesWhenShaky });
  if (areAll('permission')) throw new AppError('dataverse.forbidden', { problem: `${first.code} ${first.reason}`.trim() });
  if (areAll('configuration')) throw new AppError('dataverse.refused', { code: first.code, problem: first.reason });
};
