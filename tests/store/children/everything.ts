export const linksPerRound = 40;

/** What a process finds when it opens the store that another one was killed at. */
export interface FoundStore {
  /** Whose page is committed. */
  readonly rounds: number;
  readonly read: number;
  readonly written: number;
  readonly failed: number;
  readonly links: number;
  readonly failures: number;
  readonly removals: number;
  readonly deliveries: number;
  readonly readUpToMs: number;
  /** Keys that were said and of which something is missing. */
  readonly lost: readonly string[];
}

/** The lines of write-everything.ts. */
export type Said =
  | { readonly found: FoundStore }
  | { readonly at: 'note' | 'page' | 'delivery' | 'sweep' | 'watermark' }
  | { readonly done: string };

export const stepsPerRound = 5;
