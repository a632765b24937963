import type { BatchSender, PartReply } from '../http/batch-sender.ts';
import { type Refusal, apiPath } from '../http/caller.ts';
import type { BatchPart } from '../http/multipart.ts';
import { toAppError, toFailedOutcome } from '../refusal.ts';
import type { RowUpdateOutcome, TableDescription, WriteOptions } from '../types.ts';
import { logicHeaders } from './logic-headers.ts';

export interface RowByRowOptions<Row> extends WriteOptions {
  /** After `/api/data/v9.2/`: by key or by GUID. */
  readonly addressOf: (row: Row) => string;
  /** `update` makes no row: an address without one is 'missing' (`If-Match: *`); so it is with `delete`. */
  readonly mode: 'upsert' | 'update' | 'delete';
}

/** ObjectDoesNotExist; a 404 without a code says the same, unless Dataverse says that the address itself means nothing. */
export const isMissing = ({ error, meaning }: Omit<Refusal, 'isRefused'>): boolean =>
  error.code === '0x80040217' || (error.status === 404 && (error.code === '' || meaning !== 'configuration'));

/** What a refusal says of the one row that it is about. Updates and deletes bind no parent, so what they do not find is the row. */
export const toRowOutcome = (
  table: TableDescription,
  row: { readonly columnsJson: string },
  refusal: Omit<Refusal, 'isRefused'>,
  mode: RowByRowOptions<never>['mode'],
): RowUpdateOutcome => (mode !== 'upsert' && isMissing(refusal) ? { status: 'missing' } : toFailedOutcome(table, row, refusal));

/** Throws what is about the application user as a whole: no row can be written then. */
const toOutcome = (
  table: TableDescription,
  row: { readonly columnsJson: string },
  reply: PartReply,
  mode: RowByRowOptions<never>['mode'],
): RowUpdateOutcome => {
  if (!reply.isRefused) return { status: 'written' };
  if (reply.meaning === 'no_user' || reply.meaning === 'signed_out') throw toAppError(reply);
  return toRowOutcome(table, row, reply, mode);
};

/**
 * Rows as single requests inside one `$batch`: slower at Dataverse than a bulk message, but each row has its own answer. The way for tables
 * without bulk messages, and to learn which rows of a request are to blame.
 */
export const writeRowByRow = async <Row extends { readonly columnsJson: string }>(
  batches: BatchSender,
  table: TableDescription,
  rows: readonly Row[],
  options: RowByRowOptions<Row>,
): Promise<RowUpdateOutcome[]> => {
  const { addressOf, mode, lane, signal } = options;
  // Without If-Match a row that was deleted meanwhile would be made anew.
  const headers = { ...logicHeaders(options), ...(mode === 'update' ? { 'If-Match': '*' } : {}) };
  const parts = rows.map((row): BatchPart => {
    const path = `${apiPath}${addressOf(row)}`;
    return mode === 'delete' ? { method: 'DELETE', path, headers } : { method: 'PATCH', path, headers, body: `{${row.columnsJson}}` };
  });
  const replies = [...(await batches.send(parts, { lane, signal }))];

  // Another writer created the row between Dataverse's look and its insert: now that it exists, the same upsert updates it.
  const conflicts = [...replies.entries()].filter(([, reply]) => reply.isRefused && reply.meaning === 'conflict').map(([index]) => index);
  const again = await batches.send(
    conflicts.map((index) => parts[index]).filter((part) => part !== undefined),
    { lane, signal },
  );
  for (const [position, index] of conflicts.entries()) {
    const reply = again[position];
    if (reply !== undefined) replies[index] = reply;
  }
  return rows.map((row, index) => {
    const reply = replies[index];
    if (reply === undefined) throw new RangeError('a row without an answer');
    return toOutcome(table, row, reply, mode);
  });
};
