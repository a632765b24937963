import { randomBytes } from 'node:crypto';
import type { Settings } from '../../crm-kit/settings-routes.ts';
import { orgId } from '../data/identity.ts';
import type { SalesforceSettings } from '../settings.ts';
import { OauthError } from './oauth-error.ts';

const secretText = (bytes: number): string => randomBytes(bytes).toString('base64url');

interface Grant {
  readonly callback: string;
  readonly codeChallenge: string | undefined;
  readonly expiresAtMs: number;
}

/** https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_web_server_flow.htm */
const codeLifetimeMs = 15 * 60_000;

interface SessionsOptions {
  readonly now: () => Date;
  readonly settings: Settings<SalesforceSettings>;
}

/** Who is signed in: access tokens (sessions), refresh tokens and authorization codes. */
export class Sessions {
  readonly #options: SessionsOptions;
  /** When each was last used. */
  readonly #sessions = new Map<string, number>();
  readonly #refreshTokens = new Set<string>();
  readonly #grants = new Map<string, Grant>();

  constructor(options: SessionsOptions) {
    this.#options = options;
  }

  open(): string {
    const token = `${orgId.slice(0, 15)}!AQ${secretText(40)}`;
    this.#sessions.set(token, this.#nowMs());
    return token;
  }

  /** Is somebody signed in with this token? Using a session keeps it alive. */
  use(token: string): boolean {
    const usedAtMs = this.#sessions.get(token);
    if (usedAtMs === undefined) return false;
    if (this.#nowMs() - usedAtMs >= this.#options.settings.current.sessionTimeoutSeconds * 1000) {
      this.#sessions.delete(token);
      return false;
    }
    this.#sessions.set(token, this.#nowMs());
    return true;
  }

  /** Ends all sessions, as an admin can; refresh tokens stay. */
  endAll(): void {
    this.#sessions.clear();
  }

  /** Ends the session or the refresh token. false: it was neither. */
  revoke(token: string): boolean {
    return this.#sessions.delete(token) || this.#refreshTokens.delete(token);
  }

  issueRefreshToken(): string {
    const token = `5Aep861${secretText(48)}`;
    this.#refreshTokens.add(token);
    return token;
  }

  /** The refresh token to use from now on: another when they rotate, else the same. */
  refresh(token: string): { readonly refreshToken: string; readonly isNew: boolean } {
    if (!this.#refreshTokens.has(token)) throw new OauthError('invalid_grant', 'expired access/refresh token');
    if (!this.#options.settings.current.rotatesRefreshTokens) return { refreshToken: token, isNew: false };
    this.#refreshTokens.delete(token);
    return { refreshToken: this.issueRefreshToken(), isNew: true };
  }

  issueCode(callback: string, codeChallenge: string | undefined): string {
    const code = `aPrx${secretText(40)}`;
    this.#grants.set(code, { callback, codeChallenge, expiresAtMs: this.#nowMs() + codeLifetimeMs });
    return code;
  }

  /** What the code was given out for; it works once. */
  redeem(code: string): Grant | undefined {
    const grant = this.#grants.get(code);
    this.#grants.delete(code);
    return grant && grant.expiresAtMs > this.#nowMs() ? grant : undefined;
  }

  #nowMs(): number {
    return this.#options.now().getTime();
  }
}
