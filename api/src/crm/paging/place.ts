import { isObject } from '../expression/json.ts';
import type { JsonValue } from '../types.ts';

/** The last record of a page that is sorted by what it holds. */
export type LastRecord = {
  readonly id: string | null;
  readonly modifiedMs: number | null;
  /** How many records of just this time have been read. */
  readonly ties: number;
  /** The page size to ask for next, when not the usual one. */
  readonly size: number | null;
};

/** Where a list is. Plain JSON, because checkpoints hold it. A type, not an interface, for the same reason. */
export type Place = {
  /** Page number, offset, cursor or address; null at the beginning of lists that go by cursor or address. */
  readonly at: string | number | null;
  readonly pagesRead: number;
  readonly recordsRead: number;
  /** Of lists that go on behind their last record; not on their first page. */
  readonly last?: LastRecord;
};

const isCount = (value: JsonValue | undefined): value is number => typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
const isNumberOrNull = (value: JsonValue | undefined): value is number | null => typeof value === 'number' || value === null;

const readLast = (value: JsonValue | undefined): LastRecord | null => {
  if (!isObject(value)) return null;
  const { id, modifiedMs, ties, size } = value;
  const fits = (typeof id === 'string' || id === null) && isNumberOrNull(modifiedMs) && isCount(ties) && isNumberOrNull(size);
  return fits ? { id, modifiedMs, ties, size } : null;
};

/** From a checkpoint; null when it is not a place of such a list, for instance because the manifest has changed since. */
export const readPlace = (value: JsonValue, atType: 'number' | 'text' | 'last'): Place | null => {
  if (!isObject(value)) return null;
  const { at, pagesRead, recordsRead } = value;
  if (!isCount(pagesRead) || !isCount(recordsRead)) return null;
  if (atType === 'number') return typeof at === 'number' ? { at, pagesRead, recordsRead } : null;
  if (typeof at !== 'string' && typeof at !== 'number' && at !== null) return null;
  if (atType === 'text') return { at, pagesRead, recordsRead };
  if (pagesRead === 0) return { at, pagesRead, recordsRead };
  const last = readLast(value.last);
  return last === null ? null : { at, pagesRead, recordsRead, last };
};
