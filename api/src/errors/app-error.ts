import { type ErrorCode, type ErrorDefinition, type ErrorDetails, errorRegistry } from './registry.ts';

const fill = (template: string, details: ErrorDetails): string =>
  template.replace(/\{(\w+)\}/g, (whole, name: string) => (name in details ? String(details[name]) : whole));

/** An expected failure: has a code of the registry and texts that are safe to show, log and store. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;
  readonly help: string;

  constructor(code: ErrorCode, details: ErrorDetails = {}, cause?: unknown) {
    const definition: ErrorDefinition = errorRegistry[code];
    super(fill(definition.title, details), cause === undefined ? undefined : { cause });
    this.name = 'AppError';
    this.code = code;
    this.details = details;
    this.help = fill(definition.help, details);
  }

  get status(): number {
    return errorRegistry[this.code].status;
  }

  get isRetryable(): boolean {
    return errorRegistry[this.code].isRetryable;
  }
}

export const isAppError = (error: unknown, code?: ErrorCode): error is AppError =>
  error instanceof AppError && (code === undefined || error.code === code);
