import type { TableName } from '../crm/types.ts';
import type { AppError } from '../errors/app-error.ts';
import type { FailedRecord } from '../store/records/types.ts';

/** A record that its own values keep from being written. */
export const toFailedRecord = (table: TableName, recordId: string, { code, message }: AppError): FailedRecord => ({
  table,
  recordId,
  code,
  failureClass: 'data',
  reason: message,
});
