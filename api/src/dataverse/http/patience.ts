import type { Lane, Random } from '../runtime.ts';
import type { ErrorAnswer } from './error-answer.ts';

export interface PatienceLimits {
  /** Tries that failed for no reason of the row's, the first one included; being told to wait is none. */
  readonly maxTries: number;
  /** All waiting for one request together. */
  readonly maxTotalWaitMs: number;
}

/**
 * A run may sit out a full throttling window several times over or a restart of the environment; a person who clicked may not wait
 * longer than they look at the screen.
 */
export const patienceOf: Readonly<Record<Lane, PatienceLimits>> = {
  bulk: { maxTries: 10, maxTotalWaitMs: 20 * 60_000 },
  interactive: { maxTries: 4, maxTotalWaitMs: 20_000 },
};

/** A statement that deadlocks four times in a row is as likely to be about its rows as about the server. */
export const triesWhenShaky = 4;

const firstBackoffMs = 1000;
const longestBackoffMs = 60_000;

/** Retry-After where there is one, else 1 s, 2 s, 4 s … up to a minute; never all lanes at the same moment. */
export const backoffMs = (failedTries: number, random: Random): number =>
  Math.min(longestBackoffMs, firstBackoffMs * 2 ** (failedTries - 1)) * (0.5 + random() / 2);

/** How much longer one request may be tried. */
export class Patience {
  readonly #limits: PatienceLimits;
  readonly #random: Random;
  #failedTries = 0;
  #waitedMs = 0;

  constructor(limits: PatienceLimits, random: Random) {
    this.#limits = limits;
    this.#random = random;
  }

  get failedTries(): number {
    return this.#failedTries;
  }

  /** Counts a wait that was asked for; false when it is too long. */
  allowsWait(waitMs: number): boolean {
    if (this.#waitedMs + waitMs > this.#limits.maxTotalWaitMs) return false;
    this.#waitedMs += waitMs;
    return true;
  }

  /** Counts a failed try; null when there is to be no other. */
  nextTryAfterMs(options: { readonly retryAfterMs?: number | null; readonly maxTries?: number } = {}): number | null {
    this.#failedTries += 1;
    if (this.#failedTries >= Math.min(options.maxTries ?? Infinity, this.#limits.maxTries)) return null;
    const waitMs = options.retryAfterMs ?? backoffMs(this.#failedTries, this.#random);
    return this.allowsWait(waitMs) ? waitMs : null;
  }
}

const shortestThrottleMs = 1000;

/** How long all lanes wait after a 429: as told, but never not at all. */
export const throttleWaitMs = (error: ErrorAnswer, patience: Patience, random: Random): number =>
  Math.max(shortestThrottleMs, error.retryAfterMs ?? backoffMs(patience.failedTries + 1, random));
