import Type, { type Static } from 'typebox';
import type { AppError } from '../errors/app-error.ts';

export const ProblemSchema = Type.Object(
  {
    type: Type.String({ description: 'Address of the page about this error' }),
    title: Type.String({ description: 'What happened' }),
    status: Type.Integer(),
    code: Type.String({ description: 'Stable code from the error registry' }),
    help: Type.String({ description: 'What the reader can do' }),
    reference: Type.String({ description: 'Finds the request in the log' }),
    isRetryable: Type.Boolean(),
  },
  { $id: 'Problem', description: 'RFC 9457 problem details' },
);

export type ProblemBody = Static<typeof ProblemSchema>;

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
