import { type CryptoKey, exportPKCS8, exportSPKI, generateKeyPair, importSPKI, jwtVerify } from 'jose';
import { clientId, username } from '../data/identity.ts';
import { OauthError } from './oauth-error.ts';

/** https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_jwt_flow.htm */
const longestLifetimeSeconds = 180;
const loginHosts = ['https://login.salesforce.com', 'https://test.salesforce.com'];

export interface JwtBearer {
  /** PEM: what an admin has in hand, and its half that the connected app knows as certificate. */
  readonly keyPair: () => Promise<{ readonly privateKey: string; readonly publicKey: string }>;
  /** Registers another certificate. Rejects when the text is no public key in PEM. */
  readonly register: (publicKey: string) => Promise<void>;
  /** Throws OauthError when the assertion is not signed by the certificate's owner, or not meant for us. */
  readonly verify: (assertion: string, options: { readonly url: string; readonly now: Date }) => Promise<void>;
}

export const createJwtBearer = (): JwtBearer => {
  // Made when first needed: it takes longer than all the rest of starting.
  let made: ReturnType<typeof generateKeyPair> | undefined;
  const pair = () => (made ??= generateKeyPair('RS256', { extractable: true }));
  let registered: CryptoKey | undefined;
  return {
    keyPair: async () => {
      const { privateKey, publicKey } = await pair();
      return { privateKey: await exportPKCS8(privateKey), publicKey: await exportSPKI(publicKey) };
    },
    register: async (publicKey) => {
      registered = await importSPKI(publicKey, 'RS256');
    },
    verify: async (assertion, { url, now }) => {
      const certificate = registered ?? (await pair()).publicKey;
      const verified = await jwtVerify(assertion, certificate, {
        algorithms: ['RS256'],
        issuer: clientId,
        audience: [...loginHosts, url],
        requiredClaims: ['exp', 'sub'],
        currentDate: now,
      }).catch(() => undefined);
      if (!verified) throw new OauthError('invalid_grant', 'invalid assertion');
      const { exp = 0, sub } = verified.payload;
      if (exp > now.getTime() / 1000 + longestLifetimeSeconds) throw new OauthError('invalid_grant', 'invalid assertion');
      if (sub !== username) throw new OauthError('invalid_grant', "user hasn't approved this consumer");
    },
  };
};
