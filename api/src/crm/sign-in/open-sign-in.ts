import { AppError } from '../../errors/app-error.ts';
import { compileUrlTemplate } from '../expression/slots.ts';
import type { CrmHttp } from '../http/crm-http.ts';
import type { AuthBody } from '../manifest/schema/auth.ts';
import { durationMs } from '../value/duration.ts';
import { createBrowserSignIn } from './browser-sign-in.ts';
import { createOAuth2 } from './oauth2.ts';
import { createSessionLogin } from './session.ts';
import { createStaticSignIn, createTokenSignIn, type SignIn } from './sign-in.ts';
import { createTokenKeeper, type TokenKeeper, type TokenKeeperOptions } from './token-keeper.ts';
import type { BrowserSignIn, CredentialStore } from './types.ts';

const usualRefreshEarly = '60s';

export interface OpenSignInOptions {
  readonly sourceId: string;
  readonly auth: AuthBody;
  readonly settings: Readonly<Record<string, string>>;
  readonly baseUrl: string;
  readonly commonHeaders: Readonly<Record<string, string>>;
  /** Null when no key for sealing is configured. */
  readonly credentials: CredentialStore | null;
  /** Names this process among those that share the store. */
  readonly holder: string;
  /** An HTTP client that signs nothing and may reach the host of this address. */
  readonly httpFor: (address: string) => CrmHttp;
  readonly nowMs: () => number;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

export interface OpenedSignIn {
  readonly signIn: SignIn;
  readonly browser: BrowserSignIn | null;
}

const keeperOf = (
  options: OpenSignInOptions,
  auth: Pick<Extract<AuthBody, { kind: 'oauth2' | 'session' }>, 'refreshEarly' | 'minInterval'>,
  rest: Pick<TokenKeeperOptions, 'obtain' | 'seed' | 'store'>,
): TokenKeeper =>
  createTokenKeeper({
    ...options,
    ...rest,
    refreshEarlyMs: durationMs(auth.refreshEarly ?? usualRefreshEarly),
    minIntervalMs: durationMs(auth.minInterval ?? '0ms'),
  });

/** Makes no request. Throws `source.secrets_key_missing` when tokens have to be stored and cannot be sealed. */
export const openSignIn = (options: OpenSignInOptions): OpenedSignIn => {
  const { sourceId, auth, settings, baseUrl, credentials, nowMs } = options;
  switch (auth.kind) {
    case 'session': {
      const obtain = createSessionLogin({ ...options, auth, http: options.httpFor(baseUrl) });
      const keeper = keeperOf(options, auth, { obtain, seed: null, store: null });
      return { signIn: createTokenSignIn(keeper, { ...auth.send, prefix: auth.send.prefix ?? '' }, baseUrl), browser: null };
    }
    case 'oauth2': {
      const oauth2 = createOAuth2({ ...options, auth, http: options.httpFor(compileUrlTemplate(auth.tokenUrl)({ settings })) });
      const isStored = auth.grant === 'refreshToken' || auth.grant === 'authorizationCode';
      if (isStored && credentials === null) throw new AppError('source.secrets_key_missing', { source: sourceId });
      const keeper = keeperOf(options, auth, { obtain: oauth2.obtain, seed: oauth2.seed, store: isStored ? credentials : null });
      const place = { in: 'header', name: 'Authorization', prefix: `${auth.scheme ?? 'Bearer'} ` } as const;
      const browser =
        auth.grant === 'authorizationCode' && credentials !== null
          ? createBrowserSignIn({ sourceId, auth, settings, oauth2, store: credentials, nowMs })
          : null;
      return { signIn: createTokenSignIn(keeper, place, baseUrl), browser };
    }
    default:
      return { signIn: createStaticSignIn(auth, settings), browser: null };
  }
};
