import type { AccountInfo, AuthenticationResult, Configuration, PublicClientApplication } from '@azure/msal-browser';
import { SignInFailed, type TokenProvider } from './TokenProvider';

/** What of MSAL's application we use. */
export type SignInApplication = Pick<
  PublicClientApplication,
  'initialize' | 'getAllAccounts' | 'acquireTokenSilent' | 'ssoSilent' | 'acquireTokenPopup'
>;

export interface MsalTokenProviderOptions {
  /** `https://login.microsoftonline.com/<tenant id>`: tokens of one tenant only. */
  readonly authority: string;
  readonly clientId: string;
  /** What the token is for; asked when the first one is wanted. */
  readonly scope: () => Promise<string>;
  /** The user principal name of the person at the form; undefined when the host does not say. */
  readonly loginHint: () => Promise<string | undefined>;
  /** An empty page of the form's own origin, registered in Entra ID as a single-page application's redirect. */
  readonly redirectUri: string;
  readonly createApplication?: (configuration: Configuration) => SignInApplication | Promise<SignInApplication>;
}

/** True for the sign-in address of one tenant, over https. */
export const isEntraAuthority = (authority: string): boolean => {
  try {
    const { protocol, pathname } = new URL(authority);
    return protocol === 'https:' && pathname.replace(/\/+$/, '').length > 1;
  } catch {
    return false;
  }
};

/** It stands in the bundle, and runs when the first token is wanted: it is most of the code, and no card needs it to be drawn. */
const createMsalApplication = async (configuration: Configuration): Promise<SignInApplication> => {
  const { PublicClientApplication: Application } = await import('@azure/msal-browser');
  return new Application(configuration);
};

/** MSAL keeps no more of itself on the page than it must: other components have instances of their own, and share what is stored. */
const configurationOf = ({ authority, clientId, redirectUri }: MsalTokenProviderOptions): Configuration => ({
  auth: { authority: authority.replace(/\/+$/, ''), clientId, redirectUri, navigateToLoginRequestUrl: false },
  cache: { cacheLocation: 'memoryStorage' },
});

const tenantOf = (authority: string): string => new URL(authority).pathname.split('/').filter(Boolean)[0]?.toLowerCase() ?? '';

interface SignIn {
  readonly application: SignInApplication;
  readonly scopes: string[];
  readonly loginHint?: string;
}

/**
 * Signs in at Entra ID: silently with what MSAL remembers, else silently with the person's session in the browser; a window only by
 * `signIn`, in a click. Tokens stay in memory. Another component's active account is neither used nor changed.
 */
export const createMsalTokenProvider = (options: MsalTokenProviderOptions): TokenProvider => {
  const { authority, createApplication = createMsalApplication } = options;
  let started: Promise<SignIn> | undefined;
  let underWay: Promise<string> | undefined;
  let mustRenew = false;

  const start = async (): Promise<SignIn> => {
    const application = await createApplication(configurationOf(options));
    const [scope, loginHint] = await Promise.all([options.scope(), options.loginHint(), application.initialize()]);
    return { application, scopes: [scope], ...(loginHint === undefined ? {} : { loginHint }) };
  };
  const begin = (): Promise<SignIn> => {
    started ??= start().catch((error: unknown) => {
      started = undefined;
      throw error;
    });
    return started;
  };

  /** The person at the form and nobody else: several may be signed in to one browser. */
  const accountOf = ({ application, loginHint }: SignIn): AccountInfo | undefined => {
    const tenant = tenantOf(authority);
    const accounts = application
      .getAllAccounts()
      .filter(({ tenantId }) => !/^[0-9a-f-]{36}$/.test(tenant) || tenantId.toLowerCase() === tenant);
    if (loginHint !== undefined) return accounts.find(({ username }) => username.toLowerCase() === loginHint.toLowerCase());
    return accounts.length === 1 ? accounts[0] : undefined;
  };

  const hintOf = ({ loginHint }: SignIn) => (loginHint === undefined ? {} : { loginHint });

  const silently = async (signedIn: SignIn): Promise<AuthenticationResult> => {
    const { application, scopes } = signedIn;
    const account = accountOf(signedIn);
    if (account) {
      try {
        return await application.acquireTokenSilent({ scopes, account, forceRefresh: mustRenew });
      } catch {
        // What is remembered is no good any more; the browser's session may be.
      }
    }
    return application.ssoSilent({ scopes, ...hintOf(signedIn) });
  };

  const getSilently = async (): Promise<string> => {
    try {
      const { accessToken } = await silently(await begin());
      mustRenew = false;
      return accessToken;
    } catch (error) {
      throw new SignInFailed(error);
    }
  };

  return {
    getToken: () => {
      underWay ??= getSilently().finally(() => {
        underWay = undefined;
      });
      return underWay;
    },
    forgetToken: () => {
      mustRenew = true;
    },
    async signIn(signal) {
      try {
        const signedIn = await begin();
        if (signal.aborted) return;
        await signedIn.application.acquireTokenPopup({ scopes: signedIn.scopes, ...hintOf(signedIn) });
        mustRenew = false;
      } catch (error) {
        throw new SignInFailed(error);
      }
    },
  };
};
