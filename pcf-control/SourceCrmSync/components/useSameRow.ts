import * as React from 'react';
import type { RecordAddress } from '../services/ApiTransport';

export interface FormRow {
  readonly address: RecordAddress;
  /** As the host happens to know it. */
  readonly rowId?: string;
}

const keyOf = (address: RecordAddress): string | undefined => ('sourceKey' in address ? address.sourceKey : undefined);

const isSame = (before: FormRow, now: FormRow, knownKey: string | undefined): boolean => {
  if (before.address.table !== now.address.table || before.rowId !== now.rowId) return false;
  if (keyOf(before.address) === keyOf(now.address)) return true;
  // Its key has only just reached the form, after a link or a first sync that this card has seen itself.
  return now.rowId !== undefined && keyOf(before.address) === undefined && keyOf(now.address) === knownKey;
};

/**
 * A number that stays while the form shows the same row, and changes with it. The address alone would not do: it changes too when
 * the form learns the key of a row that was linked here, and the card would forget what it has just told.
 * @param knownKey the row's key as the API told it last
 */
export const useSameRow = (row: FormRow, knownKey: React.RefObject<string | undefined>): number => {
  const shown = React.useRef({ row, number: 0 });
  if (!isSame(shown.current.row, row, knownKey.current ?? undefined)) shown.current.number += 1;
  shown.current.row = row;
  return shown.current.number;
};
