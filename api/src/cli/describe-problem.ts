import { isAppError } from '../errors/app-error.ts';

export interface Problem {
  /** Of the error registry; `internal` for what is none of it. */
  readonly code: string;
  readonly problem: string;
  /** What the reader can do; empty when nothing is known to help. */
  readonly help: string;
}

/** An error as a command tells it, whether it is ours or came from the API. */
export const describeProblem = (error: unknown): Problem => {
  const has = (name: 'code' | 'help'): string | undefined => {
    const value: unknown = error instanceof Error && name in error ? Reflect.get(error, name) : undefined;
    return typeof value === 'string' ? value : undefined;
  };
  return {
    code: isAppError(error) ? error.code : (has('code') ?? 'internal'),
    problem: error instanceof Error ? error.message : String(error),
    help: has('help') ?? '',
  };
};
