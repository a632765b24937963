import type { PageCursor } from '../../crm/types.ts';
import type { VerifyItem } from '../../store/verify/types.ts';
import { readAhead } from '../../sync/read-ahead.ts';
import type { TableSync } from '../../sync/types.ts';
import { strayItem } from '../../sync/verify/judge-stray.ts';
import { type ListedRow, listKeyedRows, listStrayRows, recordOfKey } from '../../sync/verify/list-rows.ts';
import { loneRowHash } from '../../sync/verify/look-at-records.ts';
import { type VerifyContext, stepOf } from './context.ts';

/** A row whose key names a record that the CRM did not list. */
const unlistedItem = (key: string, recordId: string, { rowId, isActive }: ListedRow): VerifyItem => ({
  key,
  recordId,
  rowId,
  isInCrm: false,
  crmHash: null,
  rowHash: loneRowHash(key, rowId),
  modifiedOnMs: null,
  verdict: isActive ? 'orphaned' : 'retired',
  // Also an inactive one is looked at again: its record may be there all the same, left out by the list.
  isSettled: false,
});

/** The rows of a page that no record of the CRM's list stands beside. */
const oddRows = async (sync: TableSync, { verify, place }: VerifyContext, rows: readonly ListedRow[]): Promise<readonly VerifyItem[]> => {
  const absent = await verify.absentKeys(
    place,
    rows.map(({ key }) => key).filter((key) => key !== null),
  );
  return rows.flatMap((row) => {
    const { key } = row;
    const recordId = recordOfKey(sync, key);
    if (key === null || recordId === null) return [strayItem(row)];
    return absent.has(key) ? [unlistedItem(key, recordId, row)] : [];
  });
};

/**
 * Dataverse's side, in the order of its keys: what the CRM's side has not named. Rows that are known already were put beside their
 * records in the walk before. Then the few rows that say where they come from and have no key.
 */
export const walkDataverse = async (sync: TableSync, context: VerifyContext, cursor: PageCursor | null): Promise<void> => {
  const { verify, signal } = context;
  const afterKey = typeof cursor === 'string' ? cursor : '';
  for await (const rows of readAhead(listKeyedRows(sync, afterKey, signal))) {
    const items = await oddRows(sync, context, rows);
    await verify.save(stepOf(context, 'dataverse', { items, cursor: rows.at(-1)?.key ?? cursor }));
    context.throwIfAsked();
  }
  for await (const rows of listStrayRows(sync, context.microsoft, signal)) {
    await verify.save(stepOf(context, 'dataverse', { items: rows.map(strayItem), cursor }));
    context.throwIfAsked();
  }
  await verify.save(stepOf(context, 'recheck', {}));
};
