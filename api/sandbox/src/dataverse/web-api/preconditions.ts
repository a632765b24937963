/** If-Match and If-None-Match (perform-conditional-operations-using-web-api.md). */
import { etagOf, type Row } from '../store/values.ts';
import { duplicateRecord, versionMismatch } from './errors.ts';
import type { RowTarget } from './find-row.ts';
import type { RequestHeaders } from './messages.ts';

/** Clients are told to send `If-None-Match: null` with every request; it means nothing. */
const given = (value: string | undefined): string | null => (value === undefined || value === '' || value === 'null' ? null : value.trim());

/** For an upsert, update or delete. Throws 404 or 412; returns when the request may go on. */
export function checkWritePreconditions(headers: RequestHeaders, target: RowTarget): void {
  const ifMatch = given(headers['if-match']);
  if (ifMatch !== null) {
    if (target.row === undefined) throw target.notFound();
    if (ifMatch !== '*' && ifMatch !== etagOf(target.row)) throw versionMismatch();
  }
  if (given(headers['if-none-match']) === '*' && target.row !== undefined) throw duplicateRecord();
}

/** Whether the client already has this version of the row (304). */
export function isNotModified(headers: RequestHeaders, row: Row): boolean {
  return given(headers['if-none-match']) === etagOf(row);
}
