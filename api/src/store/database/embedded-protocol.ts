/** What main thread and database thread say to each other. Structured clones: strings, numbers and plain objects only. */
export type WorkerRequest =
  | {
      readonly id: number;
      readonly kind: 'query';
      readonly text: string;
      readonly parameters: readonly unknown[];
      /**
       * False for one that stands alone or begins: it is refused when the disk is nearly full, and put right when it fails, since
       * it may have been a script with a BEGIN of its own.
       */
      readonly isInTransaction: boolean;
    }
  | { readonly id: number; readonly kind: 'close' };

export interface StatementResult {
  readonly rows: readonly object[];
  readonly rowCount: number;
  /** PostgreSQL's command tag of the last statement: `COMMIT`, `ROLLBACK`, … */
  readonly command: string;
}

/** A DatabaseError's own data; the class does not survive the way between threads. */
export interface StatementError {
  readonly message: string;
  readonly code?: string;
  readonly detail?: string;
  readonly constraint?: string;
}

export type WorkerResponse =
  | { readonly kind: 'ready'; readonly version: string }
  | { readonly kind: 'result'; readonly id: number; readonly result: StatementResult }
  | { readonly kind: 'error'; readonly id: number; readonly error: StatementError }
  /** The database itself broke; the thread ends after this. `id` is absent while it opens. */
  | { readonly kind: 'broken'; readonly error: StatementError };

export interface WorkerSettings {
  readonly dataFolder: string;
  /** Free space in bytes below which nothing is begun. */
  readonly roomToBeginBytes: number;
}
