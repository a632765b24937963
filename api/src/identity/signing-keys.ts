import { createRemoteJWKSet, customFetch, type JWTVerifyGetKey } from 'jose';
import { AppError, isAppError } from '../errors/app-error.ts';
import { trustedAddress } from './trusted-address.ts';

export interface SigningKeysOptions {
  readonly issuer: string;
  /** Where the keys are; by default the issuer's discovery document says it. */
  readonly jwksUrl?: string;
  readonly fetch?: typeof globalThis.fetch;
  readonly timeoutMs?: number;
  /** After a token named an unknown key and the keys were fetched, forged key ids cost no further request for so long. */
  readonly cooldownMs?: number;
  /** A key that the issuer has withdrawn counts no longer than this. */
  readonly maxAgeMs?: number;
}

const unavailable = (problem: string, cause?: unknown): AppError => new AppError('identity.unavailable', { problem }, cause);

/**
 * The issuer's public keys, found by OpenID Connect discovery when first needed and then kept by jose, which fetches them
 * again for a key id that it does not know. A discovery that failed is tried again by the next call.
 */
export const createSigningKeys = (options: SigningKeysOptions): JWTVerifyGetKey => {
  const { issuer, jwksUrl, timeoutMs = 5_000, cooldownMs = 30_000, maxAgeMs = 600_000 } = options;
  const fetchFromIssuer = options.fetch ?? globalThis.fetch;

  const get: typeof globalThis.fetch = async (address, init) => {
    const response = await fetchFromIssuer(address, { ...init, redirect: 'manual' }).catch((cause: unknown) => {
      throw unavailable('no answer', cause);
    });
    if (response.status !== 200) throw unavailable(`HTTP ${response.status}`);
    return response;
  };

  const discover = async (): Promise<URL> => {
    const address = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
    const response = await get(address, { signal: AbortSignal.timeout(timeoutMs) });
    const document: unknown = await response.json().catch((cause: unknown) => {
      throw unavailable('a discovery document that is not JSON', cause);
    });
    const isDocument = typeof document === 'object' && document !== null && 'issuer' in document && 'jwks_uri' in document;
    // An issuer that calls itself otherwise is not the one that we were told to trust (OpenID Connect Discovery 4.3).
    if (!isDocument || document.issuer !== issuer || typeof document.jwks_uri !== 'string') {
      throw unavailable('a discovery document of another issuer');
    }
    return trustedAddress(document.jwks_uri, 'jwks_uri of the sign-in issuer');
  };

  const openKeys = async (): Promise<JWTVerifyGetKey> => {
    const address = jwksUrl === undefined ? await discover() : trustedAddress(jwksUrl, 'jwksUrl of the sign-in');
    return createRemoteJWKSet(address, {
      [customFetch]: (url, init) => get(url, init),
      timeoutDuration: timeoutMs,
      cooldownDuration: cooldownMs,
      cacheMaxAge: maxAgeMs,
    });
  };

  let opening: Promise<JWTVerifyGetKey> | undefined;
  return async (header, token) => {
    opening ??= openKeys().catch((error: unknown) => {
      opening = undefined;
      throw isAppError(error) ? error : unavailable('keys that cannot be read', error);
    });
    const keys = await opening;
    return keys(header, token);
  };
};
