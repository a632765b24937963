import type { AppError } from '../../errors/app-error.ts';
import { failed, type Verdict } from './types.ts';

const shown = 3;

/** `3 records (for example 17, 18 and 19)`; ids are no customer data. */
export const someIds = (ids: readonly string[]): string => {
  const count = ids.length === 1 ? '1 record' : `${ids.length.toLocaleString('en-US')} records`;
  return `${count} (${ids.length > shown ? 'for example ' : ''}${ids.slice(0, shown).join(', ')})`;
};

/** What stopped the reading, as a verdict. */
export const failedBy = ({ message, help, code }: AppError, when = ''): Verdict => failed(`${when}${message} [${code}]`, help);
