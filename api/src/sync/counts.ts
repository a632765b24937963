import type { Counts } from '../store/records/types.ts';

export const noCounts: Counts = { read: 0, written: 0, unchanged: 0, stale: 0, filtered: 0, failed: 0, withheld: 0 };

export const addCounts = (left: Counts, right: Counts): Counts => ({
  read: left.read + right.read,
  written: left.written + right.written,
  unchanged: left.unchanged + right.unchanged,
  stale: left.stale + right.stale,
  filtered: left.filtered + right.filtered,
  failed: left.failed + right.failed,
  withheld: left.withheld + right.withheld,
});

/** The run equation. A step that loses or doubles a record breaks it. */
export const countsAddUp = (counts: Counts): boolean =>
  counts.read === counts.written + counts.unchanged + counts.stale + counts.filtered + counts.failed + counts.withheld;

export const negate = (counts: Counts): Counts => ({
  read: -counts.read,
  written: -counts.written,
  unchanged: -counts.unchanged,
  stale: -counts.stale,
  filtered: -counts.filtered,
  failed: -counts.failed,
  withheld: -counts.withheld,
});
