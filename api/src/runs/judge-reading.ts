import { AppError } from '../errors/app-error.ts';
import type { Counts } from '../store/records/types.ts';

export interface Reading {
  readonly table: string;
  readonly counts: Counts;
  /** The whole table was read, not only what changed. */
  readonly isWhole: boolean;
  /** What the last complete reading of the whole table found; null when there was none. */
  readonly recordsBefore: number | null;
  /** A person says that far fewer are as it should be. */
  readonly acceptsFewer: boolean;
}

/** Fewer than these is chance. */
const leastMissing = 10;
const leastFailed = 10;

/**
 * Why what was read cannot be believed; null when it can. A CRM that answers with an empty list, or with half of it, looks like one
 * that has deleted the rest; one of which nearly nothing can be written is read with a mapping that does not fit.
 */
export const judgeReading = ({ table, counts, isWhole, recordsBefore, acceptsFewer }: Reading): AppError | null => {
  const { read, failed } = counts;
  if (failed >= leastFailed && failed * 2 > read) return new AppError('run.most_failed', { table, failed, read });
  if (!isWhole || recordsBefore === null || acceptsFewer) return null;
  if (read === 0 && recordsBefore > 0) return new AppError('run.read_nothing', { table, before: recordsBefore });
  const isFarFewer = read * 2 < recordsBefore && recordsBefore - read >= leastMissing;
  return isFarFewer ? new AppError('run.read_far_fewer', { table, read, before: recordsBefore }) : null;
};

const suspiciousCodes: ReadonlySet<string> = new Set(['run.most_failed', 'run.read_nothing', 'run.read_far_fewer']);
export const isSuspicion = ({ code }: { readonly code: string }): boolean => suspiciousCodes.has(code);
