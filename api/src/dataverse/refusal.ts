import { AppError } from '../errors/app-error.ts';
import type { ErrorAnswer } from './http/error-answer.ts';
import type { Refusal } from './http/caller.ts';
import type { Meaning } from './meaning.ts';
import { knownNamesOf, safeReason, valuesOf } from './safe-reason.ts';
import type { FailureClass, RowOutcome, RowToWrite, TableDescription } from './types.ts';

const failureClassOf: Readonly<Record<Meaning, FailureClass>> = {
  throttled: 'limit',
  busy: 'transient',
  shaky: 'transient',
  too_much: 'transient',
  conflict: 'data',
  signed_out: 'permission',
  no_user: 'permission',
  data: 'data',
  permission: 'permission',
  configuration: 'configuration',
  plugin: 'plugin',
};

const describe = (error: ErrorAnswer): string => `${error.code || `HTTP ${error.status}`}`;

/** It is asked for only because a source's configuration asks for the bypass. */
const bypassPrivilegePattern = /\bprvBypass\w+/;

/** A refusal that is about the whole request, as an error with a code of the registry. */
export const toAppError = ({ error, meaning }: Omit<Refusal, 'isRefused'>, knownNames: ReadonlySet<string> = new Set()): AppError => {
  const reason = safeReason(error.message, { knownNames });
  if (meaning === 'signed_out') return new AppError('dataverse.unauthorised', { problem: describe(error) });
  const [bypassPrivilege] = bypassPrivilegePattern.exec(error.message) ?? [];
  if ((meaning === 'no_user' || meaning === 'permission') && bypassPrivilege !== undefined) {
    return new AppError('dataverse.bypass_forbidden', { problem: `${describe(error)}, ${bypassPrivilege} is missing` });
  }
  if (meaning === 'no_user' || meaning === 'permission') {
    return new AppError('dataverse.forbidden', { problem: `${describe(error)} ${reason}` });
  }
  if (meaning === 'shaky' || meaning === 'too_much' || meaning === 'busy') {
    return new AppError('dataverse.failing', { problem: describe(error), tries: 'several' });
  }
  return new AppError('dataverse.refused', { code: describe(error), problem: reason });
};

/** A refusal that is about one row. */
export const toFailedOutcome = (
  table: TableDescription,
  row: Pick<RowToWrite, 'columnsJson'>,
  { error, meaning }: Omit<Refusal, 'isRefused'>,
): Extract<RowOutcome, { status: 'failed' }> => ({
  status: 'failed',
  failureClass: failureClassOf[meaning],
  code: error.code,
  reason: safeReason(error.message, { knownNames: knownNamesOf(table), values: valuesOf(row.columnsJson) }),
});
