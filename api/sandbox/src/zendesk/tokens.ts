import { createSecret } from '../crm-kit/secrets.ts';

interface Code {
  readonly redirectUri: string;
  readonly scope: string;
  readonly expiresAtMs: number;
}

interface Issued {
  readonly scope: string;
  readonly expiresAtMs: number;
}

export interface Grant {
  readonly accessToken: string;
  readonly scope: string;
  readonly expiresInSeconds: number;
  readonly refresh?: { readonly token: string; readonly expiresInSeconds: number };
}

export interface Lifetimes {
  readonly accessSeconds: number;
  readonly refreshSeconds: number;
}

const codeLifetimeMs = 120_000;

/** Codes and tokens that were given out. https://developer.zendesk.com/documentation/api-basics/authentication/refresh-token/ */
export class Tokens {
  readonly #now: () => Date;
  readonly #codes = new Map<string, Code>();
  readonly #access = new Map<string, Issued>();
  readonly #refresh = new Map<string, Issued & { readonly accessToken: string }>();

  constructor(now: () => Date) {
    this.#now = now;
  }

  createCode(code: Omit<Code, 'expiresAtMs'>): string {
    const text = createSecret('code_');
    this.#codes.set(text, { ...code, expiresAtMs: this.#in(codeLifetimeMs) });
    return text;
  }

  /** The scope that was agreed to; once. */
  takeCode(text: string, redirectUri: string): string | undefined {
    const code = this.#codes.get(text);
    this.#codes.delete(text);
    return code && code.redirectUri === redirectUri && this.#isCurrent(code) ? code.scope : undefined;
  }

  /** Without a refresh token: who has the secret asks again. */
  issue(scope: string, { accessSeconds }: Lifetimes): Grant {
    const accessToken = createSecret('zda_');
    this.#access.set(accessToken, { scope, expiresAtMs: this.#in(accessSeconds * 1000) });
    return { accessToken, scope, expiresInSeconds: accessSeconds };
  }

  issueWithRefresh(scope: string, lifetimes: Lifetimes): Grant {
    const grant = this.issue(scope, lifetimes);
    const token = createSecret('zdr_');
    this.#refresh.set(token, { scope, accessToken: grant.accessToken, expiresAtMs: this.#in(lifetimes.refreshSeconds * 1000) });
    return { ...grant, refresh: { token, expiresInSeconds: lifetimes.refreshSeconds } };
  }

  /** Both tokens of the pair are replaced, and both old ones are dead at once. */
  rotate(refreshToken: string, lifetimes: Lifetimes): Grant | undefined {
    const old = this.#refresh.get(refreshToken);
    if (!old || !this.#isCurrent(old)) return undefined;
    this.#refresh.delete(refreshToken);
    this.#access.delete(old.accessToken);
    return this.issueWithRefresh(old.scope, lifetimes);
  }

  /** The scope; undefined when the token is unknown, ended or replaced. */
  scopeOf(accessToken: string): string | undefined {
    const found = this.#access.get(accessToken);
    return found && this.#isCurrent(found) ? found.scope : undefined;
  }

  #in(ms: number): number {
    return this.#now().getTime() + ms;
  }

  #isCurrent({ expiresAtMs }: { readonly expiresAtMs: number }): boolean {
    return expiresAtMs > this.#now().getTime();
  }
}
