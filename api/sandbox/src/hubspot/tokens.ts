import { createSecret } from '../crm-kit/secrets.ts';

interface Expiring {
  readonly expiresAtMs: number;
}

export interface AccessToken extends Expiring {
  readonly kind: 'installation' | 'developer';
  readonly scopes: readonly string[];
}

interface Code extends Expiring {
  readonly redirectUri: string;
  readonly scopes: readonly string[];
}

/** A code is for the next minute. */
const codeLifetimeMs = 60_000;

export interface Grant {
  readonly accessToken: string;
  readonly expiresInSeconds: number;
  readonly scopes: readonly string[];
  readonly refreshToken?: string;
}

/** Codes and tokens that were given out. */
export class Tokens {
  readonly #now: () => Date;
  readonly #codes = new Map<string, Code>();
  readonly #access = new Map<string, AccessToken>();
  readonly #refresh = new Map<string, readonly string[]>();

  constructor(now: () => Date) {
    this.#now = now;
  }

  createCode(code: Omit<Code, 'expiresAtMs'>): string {
    const text = createSecret('code-');
    this.#codes.set(text, { ...code, expiresAtMs: this.#now().getTime() + codeLifetimeMs });
    return text;
  }

  /** Once, and only with the address that it was sent to. */
  takeCode(text: string, redirectUri: string): readonly string[] | undefined {
    const code = this.#codes.get(text);
    this.#codes.delete(text);
    const isGood = code?.redirectUri === redirectUri && code.expiresAtMs > this.#now().getTime();
    return isGood ? code.scopes : undefined;
  }

  /** A refresh token stays the same until its app is uninstalled. */
  install(scopes: readonly string[], lifetimeSeconds: number): Grant {
    const refreshToken = createSecret('na1-refresh-');
    this.#refresh.set(refreshToken, scopes);
    return { ...this.#issue('installation', scopes, lifetimeSeconds), refreshToken };
  }

  refresh(refreshToken: string, lifetimeSeconds: number): Grant | undefined {
    const scopes = this.#refresh.get(refreshToken);
    return scopes && { ...this.#issue('installation', scopes, lifetimeSeconds), refreshToken };
  }

  forDeveloper(scopes: readonly string[], lifetimeSeconds: number): Grant {
    return this.#issue('developer', scopes, lifetimeSeconds);
  }

  /** Ended ones too, so that the refusal can say since when. */
  find(accessToken: string): AccessToken | undefined {
    return this.#access.get(accessToken);
  }

  isCurrent({ expiresAtMs }: AccessToken): boolean {
    return expiresAtMs > this.#now().getTime();
  }

  #issue(kind: AccessToken['kind'], scopes: readonly string[], lifetimeSeconds: number): Grant {
    const accessToken = createSecret('na1-access-');
    this.#access.set(accessToken, { kind, scopes, expiresAtMs: this.#now().getTime() + lifetimeSeconds * 1000 });
    return { accessToken, expiresInSeconds: lifetimeSeconds, scopes };
  }
}
