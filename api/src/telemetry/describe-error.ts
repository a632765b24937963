import { isAppError } from '../errors/app-error.ts';

export interface ErrorDescription {
  readonly type: string;
  readonly code?: string;
  readonly message: string;
  readonly stack?: string;
  readonly cause?: ErrorDescription;
}

/** Causes of causes end here: an error may be its own cause. */
const deepestCause = 5;

/** Query strings and tokens reach messages by way of URLs and headers that libraries quote. */
const withoutSecrets = (text: string): string =>
  text
    .replace(/(https?:\/\/[^\s?#"'<>]+)[?#][^\s"'<>]*/g, '$1?[redacted]')
    .replace(/(https?:\/\/)[^\s/@"'<>]+@/g, '$1[redacted]@')
    .replace(/\b(Bearer|Basic)\s+[\w.~+/=-]+/gi, '$1 [redacted]');

/**
 * An error for the log: its type, code, message, stack and causes, and nothing else. HTTP libraries hang the whole request on
 * their errors, with its authorization header and its body; a copy of all properties would write customers and keys into the log.
 */
export const describeError = (error: unknown, depth = 0): ErrorDescription => {
  if (!(error instanceof Error)) return { type: typeof error, message: 'something that is no error was thrown' };
  const code = isAppError(error) || ('code' in error && typeof error.code === 'string') ? String(error.code) : undefined;
  return {
    type: error.name,
    ...(code === undefined ? {} : { code }),
    message: withoutSecrets(error.message),
    ...(error.stack === undefined ? {} : { stack: withoutSecrets(error.stack) }),
    ...(error.cause === undefined || depth >= deepestCause ? {} : { cause: describeError(error.cause, depth + 1) }),
  };
};
