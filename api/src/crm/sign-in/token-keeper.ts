import { AppError, isAppError } from '../../errors/app-error.ts';
import { type AccessToken, readStoredToken } from './access-token.ts';
import type { CredentialStore } from './types.ts';

export interface TokenKeeper {
  /** A token that is good as far as we know; fetches one when there is none. */
  current(signal: AbortSignal): Promise<AccessToken>;
  /** The CRM has refused this token. true: there is another one now. */
  replace(refused: AccessToken, signal: AbortSignal): Promise<boolean>;
}

export interface TokenKeeperOptions {
  readonly sourceId: string;
  /** `before` is what was known last, with the refresh token to use; null at the very first. */
  readonly obtain: (before: AccessToken | null, signal: AbortSignal) => Promise<AccessToken>;
  /** Which configured secret tokens descend from; a stored one of another descent is not used. */
  readonly seed: string | null;
  /** null: a token lives in this process alone. */
  readonly store: CredentialStore | null;
  readonly refreshEarlyMs: number;
  readonly minIntervalMs: number;
  readonly nowMs: () => number;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly holder: string;
}

export const tokenName = 'token';
/** Longer than a request for a token can take, so that nobody takes over from a process that is only slow. */
const leaseMs = 120_000;
const lookAgainMs = 250;
const never = new AbortController().signal;

/** Waits for what all callers wait for, but leaves alone when this caller's work is stopped. */
const unlessAborted = <Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> => {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason as Error);
    signal.addEventListener('abort', stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
};

/**
 * Keeps the token of one source. In a process only one request for a token is under way; with a store only one in all processes, and a
 * new token is stored before anybody uses it: a CRM that rotates refresh tokens has forgotten the old one by then.
 */
export const createTokenKeeper = (options: TokenKeeperOptions): TokenKeeper => {
  const { sourceId, obtain, seed, store, nowMs, sleep, holder } = options;
  let held: AccessToken | null = null;
  let underWay: Promise<AccessToken> | null = null;

  const isGood = (token: AccessToken | null, refused: AccessToken | null): token is AccessToken =>
    token !== null &&
    token.seed === seed &&
    token.value !== refused?.value &&
    (token.expiresOnMs === null || token.expiresOnMs - options.refreshEarlyMs > nowMs());

  const mindInterval = (before: AccessToken | null): void => {
    if (before !== null && nowMs() - before.obtainedOnMs < options.minIntervalMs)
      throw new AppError('crm.sign_in_too_often', { source: sourceId });
  };

  const readStore = async (from: CredentialStore): Promise<{ readonly text: string | null; readonly token: AccessToken | null }> => {
    const text = await from.read(sourceId, tokenName);
    const token = text === null ? null : readStoredToken(text);
    return { text, token: token?.seed === seed ? token : null };
  };

  /** With the lease: nobody else asks for a token meanwhile. */
  const obtainShared = async (to: CredentialStore, refused: AccessToken | null): Promise<AccessToken> => {
    const before = await readStore(to);
    if (isGood(before.token, refused)) return before.token;
    mindInterval(before.token);
    const fresh = await obtain(before.token, never).catch(async (error: unknown) => {
      // Whoever was given up for dead may have got one after all.
      const now = isAppError(error, 'crm.signed_out') ? await readStore(to) : before;
      if (now.text !== before.text && isGood(now.token, refused)) return now.token;
      throw error;
    });
    if (await to.replace(sourceId, tokenName, before.text, JSON.stringify(fresh))) return fresh;
    const other = await readStore(to);
    if (isGood(other.token, refused)) return other.token;
    throw new AppError('crm.signed_out', { source: sourceId });
  };

  const fetchShared = async (from: CredentialStore, refused: AccessToken | null): Promise<AccessToken> => {
    const givenUpMs = nowMs() + 2 * leaseMs;
    for (;;) {
      const { token } = await readStore(from);
      if (isGood(token, refused)) return token;
      if (await from.claim(sourceId, tokenName, holder, leaseMs)) {
        try {
          return await obtainShared(from, refused);
        } finally {
          await from.release(sourceId, tokenName, holder);
        }
      }
      if (nowMs() > givenUpMs) throw new AppError('crm.sign_in_busy', { source: sourceId });
      await sleep(lookAgainMs, never);
    }
  };

  const fetchAlone = async (): Promise<AccessToken> => {
    mindInterval(held);
    return obtain(held, never);
  };

  const fetchOnce = (refused: AccessToken | null): Promise<AccessToken> => {
    underWay ??= (store === null ? fetchAlone() : fetchShared(store, refused))
      .then((token) => (held = token))
      .finally(() => {
        underWay = null;
      });
    return underWay;
  };

  return {
    current: async (signal) => (isGood(held, null) ? held : unlessAborted(fetchOnce(null), signal)),
    replace: async (refused, signal) => {
      if (isGood(held, refused)) return true;
      const token = await unlessAborted(fetchOnce(refused), signal);
      return token.value !== refused.value;
    },
  };
};
