import { SignInFailed, type TokenProvider } from './TokenProvider';

export interface SandboxTokenProviderOptions {
  /** `{issuer}/{tenant}`, with `?login_hint=agent|admin|restricted` to say who is signing in (agent when left out). */
  readonly authority: string;
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>;
  readonly nowMs?: () => number;
}

interface Token {
  readonly value: string;
  readonly goodUntilMs: number;
}

/** A token is renewed so long before it ends, or it might end on the way. */
const renewBeforeMs = 60_000;

const loopbackHosts = ['127.0.0.1', 'localhost', '[::1]'];

/** True for an http address of this very machine: the only place where the sandbox's sign-in, which asks no password, can be. */
export const isSandboxAuthority = (authority: string): boolean => {
  try {
    const { protocol, hostname } = new URL(authority);
    return protocol === 'http:' && loopbackHosts.includes(hostname);
  } catch {
    return false;
  }
};

const readToken = (body: unknown, nowMs: number): Token => {
  if (typeof body !== 'object' || body === null || !('access_token' in body) || typeof body.access_token !== 'string')
    throw new SignInFailed();
  const expiresInSeconds = 'expires_in' in body && typeof body.expires_in === 'number' ? body.expires_in : 0;
  return { value: body.access_token, goodUntilMs: nowMs + expiresInSeconds * 1000 - renewBeforeMs };
};

/** Gets tokens from the sandbox's own issuer: `POST {issuer}/{tenant}/sandbox/sign-in`. Kept in memory only, asked for once at a time. */
export const createSandboxTokenProvider = (options: SandboxTokenProviderOptions): TokenProvider => {
  const { fetch = (url, init) => window.fetch(url, init), nowMs = Date.now } = options;
  let token: Token | undefined;
  let underWay: Promise<string> | undefined;

  const signIn = async (): Promise<string> => {
    const url = new URL(options.authority);
    const user = url.searchParams.get('login_hint') ?? 'agent';
    const address = `${url.origin}${url.pathname.replace(/\/+$/, '')}/sandbox/sign-in`;
    try {
      const response = await fetch(address, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ user }),
      });
      if (!response.ok) throw new SignInFailed();
      token = readToken(await response.json(), nowMs());
      return token.value;
    } catch (error) {
      throw error instanceof SignInFailed ? error : new SignInFailed(error);
    }
  };

  return {
    getToken: () => {
      if (token && nowMs() < token.goodUntilMs) return Promise.resolve(token.value);
      underWay ??= signIn().finally(() => {
        underWay = undefined;
      });
      return underWay;
    },
    forgetToken: () => {
      token = undefined;
    },
  };
};
