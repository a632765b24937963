import type { ErrorAnswer } from './http/error-answer.ts';

/**
 * What to do about a refusal, which is more than whose fault it is:
 * throttled = wait as told · busy = the service, try again · shaky = SQL or server error that may also be about one row, try a few times ·
 * too_much = send less at once · conflict = another writer was first, try again once ·
 * signed_out = the token · no_user = the application user as a whole · the rest as in FailureClass.
 */
export type Meaning =
  | 'throttled'
  | 'busy'
  | 'shaky'
  | 'too_much'
  | 'conflict'
  | 'signed_out'
  | 'no_user'
  | 'data'
  | 'permission'
  | 'configuration'
  | 'plugin';

// https://learn.microsoft.com/power-apps/developer/data-platform/reference/web-service-error-codes and api-limits, bulk-operations.
const byCode = new Map<string, Meaning>([
  ['0x80072322', 'throttled'],
  ['0x80072321', 'throttled'],
  ['0x80072326', 'throttled'],
  ['0x80044150', 'shaky'],
  ['0x80044151', 'too_much'],
  ['0x80060892', 'conflict'],
  ['0x80040237', 'conflict'],
  // A bind to a missing parent, or the addressed row itself: who asked knows which.
  ['0x80060891', 'data'],
  ['0x80040217', 'data'],
  ['0x80040333', 'data'],
  ['0x80044331', 'data'],
  ['0x80040278', 'data'],
  ['0x8004431a', 'data'],
  ['0x80048408', 'data'],
  ['0x80040203', 'data'],
  ['0x80048d19', 'data'],
  ['0x80040265', 'plugin'],
  ['0x80040224', 'plugin'],
  ['0x80040220', 'permission'],
  ['0x80048306', 'permission'],
  ['0x80040299', 'permission'],
  ['0x80042f09', 'no_user'],
  ['0x80041d1f', 'no_user'],
  ['0x80040225', 'no_user'],
  ['0x80072560', 'no_user'],
  // An address, segment or property that this environment does not have.
  ['0x80060888', 'configuration'],
  ['0x8006088a', 'configuration'],
  ['0x80060890', 'configuration'],
]);

const byStatus = new Map<number, Meaning>([
  [401, 'signed_out'],
  [403, 'permission'],
  [404, 'configuration'],
  [405, 'configuration'],
  [408, 'busy'],
  [413, 'too_much'],
  [429, 'throttled'],
  [500, 'shaky'],
  [501, 'configuration'],
  [502, 'busy'],
  [503, 'busy'],
  [504, 'busy'],
]);

// OData's parser answers 0x80048d19 both for one row's unusable value and for a property that no row may have.
const namesUnknownProperty = /undeclared property|property named|does not exist on type|invalid property '/i;
// A missing privilege (unlike a row that belongs to someone else) is the same for every row.
const namesMissingPrivilege = /\bmissing prv\w+/i;

export const meaningOf = (error: ErrorAnswer): Meaning => {
  const known = byCode.get(error.code);
  if (error.status === 429 || known === 'throttled') return 'throttled';
  // A gateway's 502 to 504 says nothing about the row, whatever its body claims.
  if (error.status >= 502 && error.status <= 504 && known !== 'too_much') return 'busy';
  if (known === 'data' && namesUnknownProperty.test(error.message)) return 'configuration';
  if (known === 'permission' && namesMissingPrivilege.test(error.message)) return 'no_user';
  return known ?? byStatus.get(error.status) ?? (error.status >= 500 ? 'shaky' : error.status >= 400 ? 'data' : 'configuration');
};
