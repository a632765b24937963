import type { BrowserSignInService } from '../contract/services.ts';
import type { BrowserSignIn } from '../crm/sign-in/types.ts';
import { AppError } from '../errors/app-error.ts';
import type { Sources } from './sources.ts';

/** The path below the API's public address that CRMs send browsers back to; the admin registers it in the CRM. */
export const signInReturnPath = '/api/sign-in/return';

/** `redirectUri` is what the CRM has to know as the address to send browsers back to. */
export const createBrowserSignInService = ({
  sources,
  redirectUri,
}: {
  readonly sources: Sources;
  readonly redirectUri: string;
}): BrowserSignInService => {
  const signInOf = (sourceId: string): BrowserSignIn => {
    const { browserSignIn } = sources.get(sourceId).connector;
    if (browserSignIn === null) throw new AppError('source.no_browser_sign_in', { source: sourceId });
    return browserSignIn;
  };
  return {
    begin: async (sourceId) => ({ ...(await signInOf(sourceId).begin(redirectUri)), redirectUri }),
    finish: async ({ state, code }, signal) => {
      // The state begins with the source that it was made for; the rest of it is what proves it.
      const sourceId = state.slice(0, Math.max(0, state.lastIndexOf('.')));
      await signInOf(sourceId).finish({ state, code }, signal);
      return { sourceId };
    },
  };
};
