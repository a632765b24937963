import { ApiProblem } from '@crm-sync/client';
import { words } from '../words/index.ts';
import type { SignedInUser, TokenProvider } from './token-provider.ts';

/** People of the sandbox, as its issuer calls them. */
export type LocalUserName = 'admin' | 'agent';
export const localUserNames: readonly LocalUserName[] = ['admin', 'agent'];

export interface LocalTokenProviderOptions {
  /** `{issuer}/{tenant}` */
  readonly authority: string;
  readonly userName: LocalUserName;
  readonly fetch?: typeof globalThis.fetch;
  readonly nowMs?: () => number;
}

interface TokenAnswer {
  readonly access_token: string;
  readonly expires_in: number;
}

/** A token that is used until its last second is refused by a server whose clock is a little ahead. */
const renewBeforeMs = 60_000;

const isTokenAnswer = (body: unknown): body is TokenAnswer =>
  typeof body === 'object' &&
  body !== null &&
  'access_token' in body &&
  typeof body.access_token === 'string' &&
  'expires_in' in body &&
  typeof body.expires_in === 'number';

const issuerDown = (cause?: unknown): ApiProblem =>
  new ApiProblem(
    {
      code: 'client.sign_in_unreachable',
      title: words.signIn.issuerDownTitle,
      help: words.signIn.issuerDownHelp,
      reference: '',
      status: 0,
      isRetryable: true,
    },
    cause,
  );

/** The name that a token claims. Nothing is decided by it: the API checks the signature. */
const nameIn = (token: string): string | undefined => {
  try {
    const payload = (token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/');
    const bytes = Uint8Array.from(atob(payload), (character) => character.codePointAt(0) ?? 0);
    const claims: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof claims === 'object' && claims !== null && 'name' in claims && typeof claims.name === 'string' ? claims.name : undefined;
  } catch {
    return undefined;
  }
};

/** Tokens of the sandbox's issuer, kept in memory only and fetched once however many ask at the same time. */
export const createLocalTokenProvider = (options: LocalTokenProviderOptions): TokenProvider => {
  const { authority, userName, fetch = globalThis.fetch.bind(globalThis), nowMs = Date.now } = options;
  let user: SignedInUser | undefined;
  let current: { readonly token: string; readonly renewAtMs: number } | undefined;
  let underWay: Promise<string> | undefined;

  const signIn = async (): Promise<string> => {
    const response = await fetch(`${authority}/sandbox/sign-in`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ user: userName }),
    }).catch((cause: unknown) => {
      throw issuerDown(cause);
    });
    const body: unknown = response.ok ? await response.json().catch(() => undefined) : undefined;
    if (!isTokenAnswer(body)) throw issuerDown();
    current = { token: body.access_token, renewAtMs: nowMs() + body.expires_in * 1000 - renewBeforeMs };
    user = { name: nameIn(body.access_token) ?? userName };
    return body.access_token;
  };

  return {
    user: () => user,
    getToken: () => {
      if (current && nowMs() < current.renewAtMs) return Promise.resolve(current.token);
      underWay ??= signIn().finally(() => {
        underWay = undefined;
      });
      return underWay;
    },
  };
};
