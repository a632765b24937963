import * as React from 'react';
import type { LocalUserName } from './local-token-provider.ts';

export interface SignIn {
  readonly signOut: () => void;
  readonly signInAs: (userName: LocalUserName) => void;
}

const SignInContext = React.createContext<SignIn>({ signOut: () => undefined, signInAs: () => undefined });
export const SignInProvider = SignInContext.Provider;
export const useSignIn = (): SignIn => React.useContext(SignInContext);
