import { AppError } from '../../errors/app-error.ts';
import type { Refusal } from '../http/caller.ts';
import { ourColumns } from '../our-columns.ts';
import { ourChoice } from '../our-definition.ts';
import { toAppError } from '../refusal.ts';
import { safeReason } from '../safe-reason.ts';

const knownNames: ReadonlySet<string> = new Set([...ourColumns, ourChoice.name, 'account', 'contact']);

/** A refusal of a request about definitions: `what` was tried, without data. */
export const setupProblem = (what: string, { error, meaning }: Omit<Refusal, 'isRefused'>): AppError => {
  const code = error.code || `HTTP ${error.status}`;
  const reason = safeReason(error.message, { knownNames });
  switch (meaning) {
    case 'permission':
    case 'no_user':
      return new AppError('setup.forbidden', { what, problem: `${code} ${reason}` });
    case 'signed_out':
    case 'busy':
    case 'shaky':
    case 'too_much':
      return toAppError({ error, meaning });
    default:
      return new AppError('setup.refused', { what, code, problem: reason });
  }
};
