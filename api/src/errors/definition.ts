export interface ErrorDefinition {
  readonly status: number;
  readonly title: string;
  /** What the reader can do. */
  readonly help: string;
  /** Worth trying again without changing anything. */
  readonly isRetryable: boolean;
}

/** Checks a family of errors while it keeps their codes as literal types. */
export const define = <const Codes extends Record<string, ErrorDefinition>>(codes: Codes): Codes => codes;
