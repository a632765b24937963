import { errors, type JWTPayload, jwtVerify } from 'jose';
import { AppError, isAppError } from '../errors/app-error.ts';
import type { Caller, TokenVerifier } from './caller.ts';
import { callerOfClaims } from './claims.ts';
import { createSigningKeys, type SigningKeysOptions } from './signing-keys.ts';
import { trustedAddress } from './trusted-address.ts';

export interface TokenVerifierOptions extends SigningKeysOptions {
  /** Exactly as in `iss`, e.g. `https://login.microsoftonline.com/<tenant>/v2.0`. */
  readonly issuer: string;
  /** Tenant id (GUID); the token's `tid` must be the same. */
  readonly tenantId: string;
  /** Any of these in `aud` will do: Entra writes `api://…` into version 1 tokens and the bare client id into version 2. */
  readonly audiences: readonly string[];
  readonly clock: { nowMs(): number };
}

const clockSkewSeconds = 60;

/** What is wrong with a token, without a word of the token itself. */
const problemOf = (error: unknown): string | undefined => {
  if (error instanceof errors.JWTExpired) return 'it has expired';
  if (error instanceof errors.JWTClaimValidationFailed) return `its ${error.claim} is not accepted`;
  if (error instanceof errors.JOSEAlgNotAllowed) return 'its algorithm is not accepted';
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'its signature does not match';
  if (error instanceof errors.JWKSNoMatchingKey) return 'its key is not one of the issuer';
  if (error instanceof errors.JWSInvalid || error instanceof errors.JWTInvalid || error instanceof errors.JOSENotSupported) {
    return 'it cannot be read';
  }
  return undefined;
};

const rejection = (error: unknown): AppError => {
  if (isAppError(error)) return error;
  const problem = problemOf(error);
  return problem === undefined
    ? new AppError('identity.unavailable', { problem: 'keys that cannot be read' }, error)
    : new AppError('identity.unauthorised', { problem });
};

/**
 * Checks Entra ID access tokens (or the sandbox issuer's, by the same path): RS256 by a published key of the issuer, `iss`,
 * `aud`, `tid`, `exp` and `nbf` with up to 60 s between the clocks.
 * https://learn.microsoft.com/entra/identity-platform/access-tokens#validate-tokens
 */
export const createTokenVerifier = (options: TokenVerifierOptions): TokenVerifier => {
  const { issuer, audiences, tenantId, clock } = options;
  trustedAddress(issuer, 'issuer of the sign-in');
  if (audiences.length === 0) throw new AppError('config.unreadable', { file: 'audiences of the sign-in', problem: 'there are none' });
  const keys = createSigningKeys(options);

  const payloadOf = async (token: string): Promise<JWTPayload> => {
    const { payload } = await jwtVerify(token, keys, {
      algorithms: ['RS256'],
      issuer,
      audience: [...audiences],
      clockTolerance: clockSkewSeconds,
      currentDate: new Date(clock.nowMs()),
      requiredClaims: ['exp', 'tid', 'oid'],
    }).catch((error: unknown) => {
      throw rejection(error);
    });
    return payload;
  };

  return {
    async verify(token: string): Promise<Caller> {
      return callerOfClaims(await payloadOf(token), tenantId);
    },
  };
};
