import { types } from 'node:util';
import { AppError, isAppError } from '../../errors/app-error.ts';

/** PostgreSQL's SQLSTATE of an error, or Node's errno; the same on both drivers. */
export const errorCodeOf = (error: unknown): string | undefined =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : undefined;

const diskFullCodes = new Set(['53100', 'ENOSPC', 'EDQUOT']);

/** Whole classes: 08 connection, 53 resources, 57 operator intervention (shutdown, time-out), 58 system, 28 sign-in, XX internal. */
const unusableClasses = /^(?:08|53|57|58|28|XX)/;
const unusableCodes = new Set(['25006', '3D000', '40001', '40P01', '55P03']);
const networkCodes = /^(?:E[A-Z]{3,}|SELF_SIGNED_|UNABLE_TO_|CERT_|DEPTH_ZERO_)/;
/** node-postgres says these without a code. */
const networkMessages =
  /^(?:Connection terminated|timeout (?:exceeded|expired)|Query read timeout|Client (?:was closed|has encountered)|The server does not support SSL)/i;

const isUnusable = (error: Error, code: string | undefined): boolean =>
  code === undefined
    ? networkMessages.test(error.message)
    : unusableClasses.test(code) || unusableCodes.has(code) || (!/^[0-9A-Z]{5}$/.test(code) && networkCodes.test(code));

/**
 * What the callers of the store may see: `store.disk_full` and `store.unavailable` for what an operator must mend; everything
 * else (a constraint, a syntax error) is a bug or a caller's business and passes unchanged.
 * @param place the folder, or words for the server; shown to people.
 */
export const toStoreError = (error: unknown, place: string): Error => {
  // Not instanceof: Node's own errors belong to another realm where tests run in one.
  if (!types.isNativeError(error)) return new Error('something that is no error was thrown', { cause: error });
  if (isAppError(error)) return error;
  const code = errorCodeOf(error);
  if (code !== undefined && diskFullCodes.has(code)) return new AppError('store.disk_full', { folder: place }, error);
  return isUnusable(error, code) ? new AppError('store.unavailable', { problem: error.message || (code ?? error.name) }, error) : error;
};
