import { isObject } from '../expression/json.ts';
import type { JsonValue } from '../types.ts';

/** Where a list is. Plain JSON, because checkpoints hold it. A type, not an interface, for the same reason. */
export type Place = {
  /** Page number, offset, cursor or address; null at the beginning of lists that go by cursor or address. */
  readonly at: string | number | null;
  readonly pagesRead: number;
  readonly recordsRead: number;
};

const isCount = (value: JsonValue | undefined): value is number => typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;

/** From a checkpoint; null when it is not a place of such a list, for instance because the manifest has changed since. */
export const readPlace = (value: JsonValue, atType: 'number' | 'text'): Place | null => {
  if (!isObject(value)) return null;
  const { at, pagesRead, recordsRead } = value;
  if (!isCount(pagesRead) || !isCount(recordsRead)) return null;
  if (atType === 'number') return typeof at === 'number' ? { at, pagesRead, recordsRead } : null;
  return typeof at === 'string' || typeof at === 'number' || at === null ? { at, pagesRead, recordsRead } : null;
};
