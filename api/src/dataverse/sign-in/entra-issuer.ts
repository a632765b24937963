import type { TokenCredential } from '@azure/identity';
import { AppError } from '../../errors/app-error.ts';
import type { TokenIssuer } from './cached-token-source.ts';
import type { SignInConfig, SignInDeps } from './types.ts';

const microsoftAuthorities = new Set(['login.microsoftonline.com', 'login.microsoftonline.us', 'login.partner.microsoftonline.cn']);

/** Loaded when first needed: the library takes a third of a second and tens of megabytes that a sandbox does not need. */
const createCredential = async (config: SignInConfig, deps: SignInDeps): Promise<TokenCredential> => {
  const { ClientSecretCredential, DefaultAzureCredential } = await import('@azure/identity');
  const options = {
    authorityHost: config.authority,
    // Another authority than Microsoft's cannot be vouched for by Microsoft's list.
    disableInstanceDiscovery: !microsoftAuthorities.has(new URL(config.authority).hostname),
    ...(deps.certificateAuthority === undefined ? {} : { tlsOptions: { ca: deps.certificateAuthority } }),
  };
  return config.clientSecret === undefined
    ? new DefaultAzureCredential({
        ...options,
        tenantId: config.tenantId,
        managedIdentityClientId: config.clientId,
        workloadIdentityClientId: config.clientId,
      })
    : new ClientSecretCredential(config.tenantId, config.clientId, config.clientSecret, options);
};

/** Entra's own number for what is wrong (AADSTS7000215 = wrong secret); its text names the client, the tenant and a trace. */
const toAppError = (error: unknown, config: SignInConfig): AppError => {
  const text = error instanceof Error ? error.message : '';
  const entraCode = /AADSTS\d+/.exec(text)?.[0];
  if (entraCode !== undefined) return new AppError('dataverse.unauthorised', { problem: entraCode });
  const networkCode = /\b(E[A-Z_]{4,30}|ERR_[A-Z_]{3,40}|endpoints_resolution_error|network_error)\b/.exec(text)?.[0];
  if (networkCode !== undefined)
    return new AppError('dataverse.unreachable', { host: new URL(config.authority).host, problem: networkCode });
  return new AppError('dataverse.unauthorised', { problem: error instanceof Error ? error.name : 'sign-in failed' });
};

/** Entra ID through Microsoft's library: a client secret, or the identity that the machine has. */
export const entraIssuer = (config: SignInConfig, deps: SignInDeps): TokenIssuer => {
  let credential: Promise<TokenCredential> | null = null;
  return {
    issue: async ({ isRefused, signal }) => {
      // The library keeps tokens too and would give the refused one again; a new credential starts with none.
      if (credential === null || isRefused) credential = createCredential(config, deps);
      try {
        const token = await (await credential).getToken(`${config.resource}/.default`, { abortSignal: signal });
        if (token === null) throw new AppError('dataverse.unauthorised', { problem: 'no token was given' });
        return { value: token.token, expiresAtMs: token.expiresOnTimestamp };
      } catch (error) {
        throw error instanceof AppError ? error : toAppError(error, config);
      }
    },
  };
};
