import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { AppError } from '../../errors/app-error.ts';
import { compileTextTemplate, compileUrlTemplate } from '../expression/slots.ts';
import type { OAuth2Body } from '../manifest/schema/auth.ts';
import { type OAuth2, renderAll } from './oauth2.ts';
import { tokenName } from './token-keeper.ts';
import type { BrowserSignIn, CredentialStore } from './types.ts';

const pendingName = 'browser';
const pendingMs = 15 * 60_000;

interface Pending {
  readonly state: string;
  readonly verifier: string | null;
  readonly redirectUri: string;
  readonly beginsOnMs: number;
}

const isSameText = (one: string, other: string): boolean =>
  one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));

/** Keeps what a key was stored under, whatever it was before: the newest sign-in of a person counts. */
const put = async (store: CredentialStore, sourceId: string, name: string, value: string): Promise<void> => {
  while (!(await store.replace(sourceId, name, await store.read(sourceId, name), value)));
};

/**
 * The authorization code grant with proof key (RFC 6749, 4.1; RFC 7636). What was begun is in the store, sealed, because the browser may
 * come back to another process than the one that sent it.
 */
export const createBrowserSignIn = (options: {
  readonly sourceId: string;
  readonly auth: OAuth2Body;
  readonly settings: Readonly<Record<string, string>>;
  readonly oauth2: OAuth2;
  readonly store: CredentialStore;
  readonly nowMs: () => number;
}): BrowserSignIn => {
  const { sourceId, auth, settings, oauth2, store, nowMs } = options;
  const stale = (): AppError => new AppError('source.sign_in_stale', { source: sourceId });

  const begin: BrowserSignIn['begin'] = async (redirectUri) => {
    const state = `${sourceId}.${randomBytes(24).toString('base64url')}`;
    const verifier = auth.pkce === false ? null : randomBytes(48).toString('base64url');
    const pending: Pending = { state, verifier, redirectUri, beginsOnMs: nowMs() };
    await put(store, sourceId, pendingName, JSON.stringify(pending));
    const url = new URL(compileUrlTemplate(auth.authorizeUrl ?? '')({ settings }));
    const parameters = {
      response_type: 'code',
      client_id: compileTextTemplate(auth.clientId)({ settings }),
      redirect_uri: redirectUri,
      state,
      ...(auth.scope === undefined ? {} : { scope: compileTextTemplate(auth.scope)({ settings }) }),
      ...(verifier === null
        ? {}
        : { code_challenge: createHash('sha256').update(verifier).digest('base64url'), code_challenge_method: 'S256' }),
      ...renderAll(auth.authorizeExtra, settings),
    };
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
    return { address: url.href, state };
  };

  return {
    begin,
    finish: async ({ state, code }, signal) => {
      const text = await store.read(sourceId, pendingName);
      const pending = text === null || text === '' ? null : (JSON.parse(text) as Pending);
      if (pending === null || !isSameText(pending.state, state) || nowMs() - pending.beginsOnMs > pendingMs) throw stale();
      // Used up before the code is: a state that is sent twice lets nobody in.
      if (!(await store.replace(sourceId, pendingName, text, ''))) throw stale();
      const token = await oauth2.exchangeCode(code, pending.redirectUri, pending.verifier, signal);
      await put(store, sourceId, tokenName, JSON.stringify(token));
    },
  };
};
