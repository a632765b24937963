import type { ChangeWindow, PageSlice, SourceRecord, TableReader } from '../../../../api/src/crm/types.ts';
import { never, readRecords } from '../../crm/support/people-crm.ts';

export interface SlicedReading {
  readonly slices: readonly PageSlice[];
  /** What each of them gave. */
  readonly records: readonly (readonly SourceRecord[])[];
}

/** Reads all records, or those of a window, as several workers do: each slice by itself, at the same time. */
export const readInSlices = async (
  reader: TableReader,
  window: ChangeWindow | null,
  afterPlan: () => void | Promise<void> = () => undefined,
): Promise<SlicedReading> => {
  const slices = (await reader.planSlices?.(window, never)) ?? [];
  await afterPlan();
  const records = await Promise.all(
    slices.map((slice) =>
      readRecords(window === null ? reader.listAll(null, never, slice) : reader.listChanges(window, null, never, slice)),
    ),
  );
  return { slices, records };
};
