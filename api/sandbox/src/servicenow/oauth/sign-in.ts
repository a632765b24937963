import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import type { Settings } from '../../crm-kit/settings-routes.ts';
import { apiKey, password, userName } from '../data/identity.ts';
import type { ServiceNowSettings } from '../settings.ts';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
export const isSame = (given: string, expected: string): boolean => timingSafeEqual(digest(given), digest(expected));

const secretText = (): string => randomBytes(32).toString('base64url');

export const isUser = (name: string, given: string): boolean => isSame(name, userName) && isSame(given, password);

interface SignInOptions {
  readonly now: () => Date;
  readonly settings: Settings<ServiceNowSettings>;
}

/** Who may call: by Basic, API key, access token, or the cookie of a session that one of them opened. */
export class SignIn {
  readonly #options: SignInOptions;
  /** Until when each token works. */
  readonly #accessTokens = new Map<string, number>();
  readonly #refreshTokens = new Map<string, number>();
  readonly #sessions = new Set<string>();

  constructor(options: SignInOptions) {
    this.#options = options;
  }

  issueAccessToken(): string {
    const token = secretText();
    this.#accessTokens.set(token, this.#nowMs() + this.#options.settings.current.accessTokenSeconds * 1000);
    return token;
  }

  issueRefreshToken(): string {
    const token = secretText();
    this.#refreshTokens.set(token, this.#nowMs() + this.#options.settings.current.refreshTokenSeconds * 1000);
    return token;
  }

  isRefreshToken(token: string): boolean {
    return (this.#refreshTokens.get(token) ?? 0) > this.#nowMs();
  }

  /** Ends every access token and session at once; refresh tokens stay. */
  endAll(): void {
    this.#accessTokens.clear();
    this.#sessions.clear();
  }

  /** The session's id when the request may pass, a new one when it brought none; undefined when nobody is signed in. */
  admit(request: FastifyRequest): { readonly sessionId: string; readonly isNew: boolean } | undefined {
    const brought = /(?:^|;\s*)JSESSIONID=([\w-]+)/.exec(request.headers.cookie ?? '')?.[1];
    const known = brought !== undefined && this.#sessions.has(brought) ? brought : undefined;
    const hasCredentials = request.headers.authorization !== undefined || request.headers['x-sn-apikey'] !== undefined;
    if (hasCredentials ? !this.#areGood(request) : known === undefined) return undefined;
    if (known !== undefined) return { sessionId: known, isNew: false };
    const sessionId = secretText();
    this.#sessions.add(sessionId);
    return { sessionId, isNew: true };
  }

  #areGood({ headers }: FastifyRequest): boolean {
    const key = headers['x-sn-apikey'];
    if (typeof key === 'string') return isSame(key, apiKey);
    const [scheme = '', credentials = ''] = (headers.authorization ?? '').split(' ');
    if (scheme.toLowerCase() === 'bearer') return (this.#accessTokens.get(credentials) ?? 0) > this.#nowMs();
    if (scheme.toLowerCase() !== 'basic') return false;
    const [name = '', ...rest] = Buffer.from(credentials, 'base64').toString().split(':');
    return isUser(name, rest.join(':'));
  }

  #nowMs(): number {
    return this.#options.now().getTime();
  }
}
