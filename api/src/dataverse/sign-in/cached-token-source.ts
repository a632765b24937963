import { untilAborted } from '../abort.ts';
import { type Clock, type Log, silentLog } from '../runtime.ts';
import type { TokenSource } from './types.ts';

export interface IssuedToken {
  readonly value: string;
  readonly expiresAtMs: number;
}

export interface TokenIssuer {
  /** Signs in. `isRefused`: the token before was refused, so whatever the issuer itself keeps must not be given again. */
  issue(options: { readonly isRefused: boolean; readonly signal: AbortSignal }): Promise<IssuedToken>;
}

const signInTimeoutMs = 30_000;
/** Renewed while the old one still works, so that no request waits for a sign-in. */
const renewEarlyMs = 5 * 60_000;
/** A token with less left may run out on its way. */
const tooOldMs = 30_000;
/** An issuer that just failed is left alone while the old token works. */
const pauseAfterFailureMs = 15_000;

/** One sign-in at a time, however many lanes ask (measured: 20 parallel first calls of @azure/identity are 20 requests). */
export const cachedTokenSource = (options: { readonly issuer: TokenIssuer; readonly clock: Clock; readonly log?: Log }): TokenSource => {
  const { issuer, clock, log = silentLog } = options;
  let token: IssuedToken | null = null;
  let underWay: Promise<IssuedToken> | null = null;
  let isRefused = false;
  let renewNotBeforeMs = 0;

  const renew = (): Promise<IssuedToken> => {
    if (underWay !== null) return underWay;
    const attempt = issuer
      .issue({ isRefused, signal: AbortSignal.timeout(signInTimeoutMs) })
      .then((issued) => {
        isRefused = false;
        token = issued;
        return issued;
      })
      .finally(() => {
        underWay = null;
      });
    underWay = attempt;
    return attempt;
  };

  return {
    getToken: async (signal) => {
      signal.throwIfAborted();
      const leftMs = token === null ? 0 : token.expiresAtMs - clock.nowMs();
      if (token === null || leftMs <= tooOldMs) return (await untilAborted(renew(), signal)).value;
      if (leftMs <= renewEarlyMs && clock.nowMs() >= renewNotBeforeMs) {
        renew().catch((error: unknown) => {
          renewNotBeforeMs = clock.nowMs() + pauseAfterFailureMs;
          log.warn({ problem: error instanceof Error ? error.name : 'unknown' }, 'Renewing the token failed; the old one still works');
        });
      }
      return token.value;
    },
    invalidate: () => {
      token = null;
      isRefused = true;
    },
  };
};
