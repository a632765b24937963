import { type ApiClient, createApiClient } from '@crm-sync/client';
import { PrimaryButton } from '@fluentui/react';
import * as React from 'react';
import { EmptyFace } from '../components/EmptyFace.tsx';
import { LoadedView } from '../components/LoadedView.tsx';
import { useLoad } from '../loading/useLoad.ts';
import { words } from '../words/index.ts';
import { ApiProvider } from './ApiContext.ts';
import { type LocalUserName, createLocalTokenProvider } from './local-token-provider.ts';
import { SignInProvider } from './SignInContext.ts';
import type { SignedInUser, TokenProvider } from './token-provider.ts';

export interface SessionProps {
  /** Where the API is; empty for the panel's own origin. */
  readonly apiBaseUrl: string;
  /** What surrounds every page; without a user while nobody is signed in. */
  readonly shell: React.ComponentType<{ readonly user?: SignedInUser }>;
}

interface SignedIn {
  readonly api: ApiClient;
  readonly user?: SignedInUser;
}

/** undefined: the API wants a sign-in that this version does not have. */
const providerFor = async (apiBaseUrl: string, userName: LocalUserName, signal: AbortSignal): Promise<TokenProvider | undefined> => {
  const anonymous = createApiClient({ baseUrl: apiBaseUrl, getToken: () => Promise.resolve(undefined) });
  const { signIn } = await anonymous.clientConfiguration(signal);
  return signIn.kind === 'local' ? createLocalTokenProvider({ authority: signIn.authority, userName }) : undefined;
};

/** Signs in as the API asks for, and shows the pages only to who is signed in. */
export const Session: React.FunctionComponent<SessionProps> = ({ apiBaseUrl, shell: Shell, children }) => {
  const [userName, setUserName] = React.useState<LocalUserName | undefined>('admin');
  const signIn = React.useMemo(() => ({ signOut: () => setUserName(undefined), signInAs: setUserName }), []);

  const load = React.useCallback(
    async (signal: AbortSignal): Promise<SignedIn | 'signedOut' | 'notPossible'> => {
      if (userName === undefined) return 'signedOut';
      const provider = await providerFor(apiBaseUrl, userName, signal);
      if (!provider) return 'notPossible';
      await provider.getToken();
      return { api: createApiClient({ baseUrl: apiBaseUrl, getToken: () => provider.getToken() }), user: provider.user() };
    },
    [apiBaseUrl, userName],
  );
  const loaded = useLoad(load);
  const session = loaded.value;
  const user = typeof session === 'object' ? session.user : undefined;

  return (
    <SignInProvider value={signIn}>
      <Shell user={user}>
        <LoadedView isWholePage loaded={loaded}>
          {(value) => {
            if (value === 'notPossible') return <EmptyFace isWholePage title={words.signIn.entraTitle} text={words.signIn.entraText} />;
            if (value === 'signedOut') {
              return (
                <EmptyFace isWholePage title={words.signIn.signedOutTitle} text={words.signIn.signedOutText}>
                  <PrimaryButton text={words.signIn.signIn} onClick={() => setUserName('admin')} />
                </EmptyFace>
              );
            }
            // Another user starts from nothing: what one may see must not stay on the screen of the next.
            return (
              <ApiProvider value={value.api} key={value.user?.name}>
                {children}
              </ApiProvider>
            );
          }}
        </LoadedView>
      </Shell>
    </SignInProvider>
  );
};
