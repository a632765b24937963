/** What this room takes from outside, so that no test waits for a real clock. */
export interface Clock {
  /** Epoch milliseconds. */
  nowMs(): number;
}

/** Rejects with the signal's reason when it aborts. */
export type Sleep = (waitMs: number, signal: AbortSignal) => Promise<void>;

/** Details never hold customer data or secrets: codes, counts, waits and Dataverse's request ids only. */
export interface Log {
  warn(details: object, message: string): void;
  debug(details: object, message: string): void;
}

export const silentLog: Log = { warn: () => {}, debug: () => {} };

/** 0 <= value < 1, as Math.random. */
export type Random = () => number;

/** Which queue a request stands in: `interactive` never waits behind `bulk`. */
export type Lane = 'bulk' | 'interactive';
