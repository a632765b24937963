import { readSecureAddress } from '../http/secure-address.ts';
import { cachedTokenSource } from './cached-token-source.ts';
import { entraIssuer } from './entra-issuer.ts';
import { loopbackIssuer } from './loopback-issuer.ts';
import type { SignInConfig, SignInDeps, TokenSource } from './types.ts';

/** Throws `dataverse.address_refused` for an authority that would see the secret unencrypted. */
export const createTokenSource = (config: SignInConfig, deps: SignInDeps): TokenSource => {
  const authority = readSecureAddress(config.authority, 'the sign-in authority');
  // A trailing slash would ask for another resource: `https://contoso…com//.default`.
  const signIn: SignInConfig = { ...config, resource: config.resource.replace(/\/+$/, '') };
  const issuer = authority.protocol === 'http:' ? loopbackIssuer(signIn, deps.clock) : entraIssuer(signIn, deps);
  return cachedTokenSource({ issuer, clock: deps.clock, ...(deps.log ? { log: deps.log } : {}) });
};
