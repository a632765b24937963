import type { Caller, Refusal } from '../http/caller.ts';
import { addressByKey } from '../key-address.ts';
import type { RowToWrite, TableDescription, WriteOptions } from '../types.ts';
import { logicHeaders } from './logic-headers.ts';
import { TextBuffer } from './text-buffer.ts';

const body = new TextBuffer();

/**
 * The body of UpsertMultiple: each target names its type and its row by alternate key, then the columns as map has serialised them.
 * That text is copied, never parsed or made again.
 * https://learn.microsoft.com/power-apps/developer/data-platform/bulk-operations
 */
export const upsertMultipleBody = (table: TableDescription, rows: readonly RowToWrite[]): Buffer => {
  const open = `{"@odata.type":"Microsoft.Dynamics.CRM.${table.logicalName}","@odata.id":"`;
  body.begin();
  body.add('{"Targets":[');
  let separator = '';
  for (const { sourceKey, columnsJson } of rows) {
    // One text and one write a row: a third of the time of three writes.
    body.add(`${separator}${open}${addressByKey(table.entitySetName, sourceKey)}"${columnsJson === '' ? '' : ','}${columnsJson}}`);
    separator = ',';
  }
  body.add(']}');
  return body.take();
};

/** One transaction: null when all rows landed, else why none did. */
export const upsertMultiple = async (
  caller: Caller,
  table: TableDescription,
  rows: readonly RowToWrite[],
  options: WriteOptions,
): Promise<Refusal | null> => {
  const reply = await caller.call(
    {
      method: 'POST',
      path: `${table.entitySetName}/Microsoft.Dynamics.CRM.UpsertMultiple`,
      headers: logicHeaders(options),
      body: () => upsertMultipleBody(table, rows),
      lane: options.lane,
      rows: rows.length,
      canSendLess: rows.length > 1,
    },
    options.signal,
  );
  return reply.isRefused ? reply : null;
};
