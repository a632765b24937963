import { type BatchSender, type PartReply } from '../http/batch-sender.ts';
import { apiPath } from '../http/caller.ts';
import { type BatchPart } from '../http/multipart.ts';
import { addressByKey } from '../key-address.ts';
import { toAppError, toFailedOutcome } from '../refusal.ts';
import { type RowToWrite, type RowUpdateOutcome, type TableDescription, type WriteOptions } from '../types.ts';
import { logicHeaders } from './logic-headers.ts';

export interface RowByRowOptions extends WriteOptions {
  /** `update` makes no row: a key without one is 'missing' (`If-Match: *`). */
  readonly mode: 'upsert' | 'update';
}

const toPart = (table: TableDescription, row: RowToWrite, headers: Readonly<Record<string, string>>): BatchPart => ({
  method: 'PATCH',
  path: `${apiPath}${addressByKey(table.entitySetName, row.sourceKey)}`,
  headers,
  body: `{${row.columnsJson}}`,
});

/** Throws what is about the application user as a whole: no row can be written then. */
const toOutcome = (table: TableDescription, row: RowToWrite, reply: PartReply, mode: RowByRowOptions['mode']): RowUpdateOutcome => {
  if (!reply.isRefused) return { status: 'written' };
  const { error, meaning } = reply;
  if (meaning === 'no_user' || meaning === 'signed_out') throw toAppError(reply);
  // An update binds no parent, so its 404 is the addressed row, unless Dataverse says that the address itself means nothing.
  if (mode === 'update' && error.status === 404 && (error.code === '' || meaning !== 'configuration')) return { status: 'missing' };
  return toFailedOutcome(table, row, reply);
};

/**
 * Rows as single PATCHes by alternate key inside one `$batch`: slower at Dataverse than UpsertMultiple, but each row has its own answer.
 * The way for tables without UpsertMultiple, for updates, and to learn which rows of a batch are to blame.
 */
export const writeRowByRow = async (
  batches: BatchSender,
  table: TableDescription,
  rows: readonly RowToWrite[],
  options: RowByRowOptions,
): Promise<RowUpdateOutcome[]> => {
  const { mode, lane, signal } = options;
  const headers = { ...logicHeaders(options), ...(mode === 'update' ? { 'If-Match': '*' } : {}) };
  const parts = rows.map((row) => toPart(table, row, headers));
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
