import { durationMs } from '../value/duration.ts';
import type { ChangeWindow } from '../types.ts';
import type { Bed, TableBench } from './types.ts';
import { recordsOf, type Walk, walk } from './walk.ts';

/** A list of changes that is asked for in parts is not asked for in more than these. */
const mostShares = 3;

export const granularityMs = ({ table }: TableBench): number => durationMs(table.changes?.granularity ?? '1s');

/** The CRM compares times no more exactly than this, so edges lie on it. */
const floorTo = (timeMs: number, stepMs: number): number => Math.floor(timeMs / stepMs) * stepMs;

export interface TestWindow {
  readonly fromMs: number;
  /** Where some of the window’s records are before, and some at or after. null: all have one time. */
  readonly edgeMs: number | null;
  readonly toMs: number;
}

/** A time in which records changed that the list has shown; null when there is none that the CRM still tells about. */
export const pickWindow = (bench: TableBench): TestWindow | null => {
  const { table, usual, reference } = bench;
  const { lagMs, retentionMs } = usual.reader;
  const stepMs = granularityMs(bench);
  const nowMs = usual.nowMs();
  const latestMs = Math.min(nowMs - lagMs, bench.startedMs) - stepMs;
  const longestMs = table.changes?.maxWindow === undefined ? Number.POSITIVE_INFINITY : durationMs(table.changes.maxWindow) * mostShares;
  // Not to the last moment of what the CRM remembers: it goes on forgetting meanwhile.
  const earliestMs = Math.max(0, nowMs - longestMs, nowMs - (retentionMs ?? Number.POSITIVE_INFINITY) * 0.9);
  const times = recordsOf(reference)
    .flatMap(({ modifiedOnMs }) => (modifiedOnMs === null || modifiedOnMs < earliestMs || modifiedOnMs > latestMs ? [] : [modifiedOnMs]))
    .toSorted((one, other) => one - other);
  const [first] = times;
  const last = times.at(-1);
  if (first === undefined || last === undefined) return null;
  const fromMs = floorTo(first, stepMs);
  const middleMs = floorTo(times[Math.floor(times.length / 2)] ?? first, stepMs);
  const laterMs = floorTo(times.find((time) => floorTo(time, stepMs) > fromMs) ?? fromMs, stepMs);
  const edgeMs = middleMs > fromMs ? middleMs : laterMs > fromMs ? laterMs : null;
  return { fromMs, edgeMs, toMs: floorTo(last, stepMs) + stepMs };
};

/** The ids that must be in a window: those that the list has shown with such a time. */
export const idsWithin = ({ reference }: TableBench, fromMs: number, toMs: number): readonly string[] =>
  recordsOf(reference).flatMap(({ id, modifiedOnMs, isDeleted }) =>
    modifiedOnMs === null || isDeleted || modifiedOnMs < fromMs || modifiedOnMs >= toMs ? [] : [id],
  );

export const readChanges = ({ signal, limit }: TableBench, bed: Bed, window: ChangeWindow): Promise<Walk> =>
  walk(bed.reader.listChanges(window, null, signal), { records: limit * 2, pages: limit + 10 });
