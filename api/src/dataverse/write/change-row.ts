import type { Caller } from '../http/caller.ts';
import { addressById } from '../key-address.ts';
import { toAppError } from '../refusal.ts';
import type { RowChange, RowChangeOutcome, TableDescription } from '../types.ts';
import { isMissing } from './row-by-row.ts';

/** ConcurrencyVersionMismatch: the row is another version by now. */
const versionCode = '0x80060882';
/** DuplicateRecordEntityKey and DuplicateRecord: another row has this alternate key. */
const takenCodes = ['0x80060892', '0x80040237'];

/**
 * One row, changed only if it still is what its reader has seen (If-Match). An answer that was lost is asked for again, and then it is
 * `changed`, by ourselves: whoever needs to know reads the row.
 * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/perform-conditional-operations-using-web-api
 */
export const changeRow = async (
  caller: Caller,
  { entitySetName }: TableDescription,
  { rowId, columnsJson, ifMatch, asUser, signal }: RowChange,
): Promise<RowChangeOutcome> => {
  const path = addressById(entitySetName, rowId);
  if (path === null) return { status: 'missing' };
  const headers = { 'If-Match': ifMatch, ...(asUser === undefined ? {} : { CallerObjectId: asUser }) };
  const reply = await caller.call({ method: 'PATCH', path, headers, body: () => `{${columnsJson}}`, lane: 'interactive' }, signal);
  if (!reply.isRefused) return { status: 'written', etag: reply.header('etag') ?? null };
  const { error, meaning } = reply;
  if (takenCodes.includes(error.code)) return { status: 'taken' };
  if (error.code === versionCode || error.status === 412) return { status: 'changed' };
  if (isMissing(reply)) return { status: 'missing' };
  // As the application it would be a missing role of ours, which an admin has to hear of.
  if (asUser !== undefined && (meaning === 'permission' || meaning === 'no_user')) return { status: 'forbidden' };
  throw toAppError(reply);
};
