import type { AppError } from '../errors/app-error.ts';
import type { ProblemBody } from './schemas.ts';

/** RFC 9457. `type` is relative to this API, which serves the page itself. */
export const problemOf = (error: AppError, reference: string): ProblemBody => ({
  type: `/docs/errors#${error.code}`,
  title: error.message,
  status: error.status,
  code: error.code,
  help: error.help,
  reference,
  isRetryable: error.isRetryable,
});
