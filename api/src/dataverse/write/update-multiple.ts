import type { Caller, Refusal } from '../http/caller.ts';
import type { RowToUpdate, TableDescription, WriteOptions } from '../types.ts';
import { logicHeaders } from './logic-headers.ts';

/**
 * The body of UpdateMultiple: each target names its type and its row by primary key.
 * https://learn.microsoft.com/power-apps/developer/data-platform/bulk-operations
 */
export const updateMultipleBody = (table: TableDescription, rows: readonly RowToUpdate[]): string => {
  const open = `{"@odata.type":"Microsoft.Dynamics.CRM.${table.logicalName}","${table.primaryIdColumn}":`;
  return `{"Targets":[${rows.map(({ rowId, columnsJson }) => `${open}${JSON.stringify(rowId)},${columnsJson}}`).join(',')}]}`;
};

/** One transaction: null when all rows were there and took the values, else why none did. */
export const updateMultiple = async (
  caller: Caller,
  table: TableDescription,
  rows: readonly RowToUpdate[],
  options: WriteOptions,
): Promise<Refusal | null> => {
  const path = `${table.entitySetName}/Microsoft.Dynamics.CRM.UpdateMultiple`;
  const reply = await caller.call(
    {
      method: 'POST',
      path,
      headers: logicHeaders(options),
      body: () => updateMultipleBody(table, rows),
      rows: rows.length,
      lane: options.lane,
      canSendLess: rows.length > 1,
    },
    options.signal,
  );
  return reply.isRefused ? reply : null;
};
