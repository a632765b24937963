import { randomUUID } from 'node:crypto';
import { type JWK, type JWTPayload, SignJWT, exportJWK, generateKeyPair, jwtVerify } from 'jose';
import { type ApplicationIdentity, type PersonIdentity, tenantId } from './identities.ts';

/** Entra gives 60 to 90 minutes. */
export const tokenLifetimeSeconds = 3_600;

export interface Tokens {
  /** The public key, as the keys endpoint shows it. */
  readonly publicKey: JWK;
  forApplication(application: ApplicationIdentity, audience: string): Promise<string>;
  /** A lifetime below zero gives a token that has ended. */
  forPerson(person: PersonIdentity, options: { readonly audience: string; readonly lifetimeSeconds: number }): Promise<string>;
  /** null: not ours, or not valid now. The audience is the caller's to check. */
  readonly verify: (token: string) => Promise<JWTPayload | null>;
}

export interface TokensOptions {
  /** Asked at each use: the issuer's name holds a port that is known only once it listens. */
  readonly issuer: () => string;
  readonly now: () => Date;
}

/** Makes and checks this process's tokens, shaped like Entra ID's v2.0 access tokens. The key dies with the process. */
export const createTokens = async ({ issuer, now }: TokensOptions): Promise<Tokens> => {
  const { privateKey, publicKey } = await generateKeyPair('RS256');
  const keyId = randomUUID();
  const published = { ...(await exportJWK(publicKey)), kid: keyId, use: 'sig', alg: 'RS256' };

  const sign = (claims: JWTPayload, audience: string, lifetimeSeconds: number): Promise<string> => {
    const issuedAt = Math.floor(now().getTime() / 1000);
    return new SignJWT({ ...claims, tid: tenantId, ver: '2.0', uti: randomUUID() })
      .setProtectedHeader({ typ: 'JWT', alg: 'RS256', kid: keyId })
      .setIssuer(issuer())
      .setAudience(audience)
      .setIssuedAt(issuedAt)
      .setNotBefore(Math.min(issuedAt, issuedAt + lifetimeSeconds))
      .setExpirationTime(issuedAt + lifetimeSeconds)
      .sign(privateKey);
  };

  // Checking a signature takes 0.2 ms, a third of what a request costs the sandbox: too much when a bulk load sends the same one each time.
  const verified = new Map<string, JWTPayload>();

  return {
    publicKey: published,
    forApplication: ({ clientId, objectId }, audience) => {
      // idtyp is how Entra marks a token that no person stands behind.
      return sign({ azp: clientId, appid: clientId, oid: objectId, sub: objectId, idtyp: 'app' }, audience, tokenLifetimeSeconds);
    },
    forPerson: ({ objectId, name, roles }, { audience, lifetimeSeconds }) =>
      sign(
        { oid: objectId, sub: objectId, name, roles: [...roles], azp: 'sandbox-pages', scp: 'access_as_user' },
        audience,
        lifetimeSeconds,
      ),
    verify: async (token) => {
      const known = verified.get(token);
      if (known?.exp !== undefined && known.exp * 1000 > now().getTime()) return known;
      verified.delete(token);
      try {
        const { payload } = await jwtVerify(token, publicKey, { issuer: issuer(), algorithms: ['RS256'], currentDate: now() });
        verified.set(token, payload);
        return payload;
      } catch {
        return null;
      }
    },
  };
};
