/** Signs the agent in to the API: at the sandbox's issuer, or at Entra ID through MSAL. */
export interface TokenProvider {
  /** An access token for the API that is still good for a while. Rejects with `SignInFailed` when only a click of the agent can help. */
  getToken(): Promise<string>;
  /** The API refused the last token: do not hand it out again. */
  forgetToken(): void;
  /** To be called in a click, which allows a sign-in window. Absent where signing in needs none. */
  readonly signIn?: (signal: AbortSignal) => Promise<void>;
}

/** Nobody is signed in, and only the person can change that. */
export class SignInFailed extends Error {
  constructor(cause?: unknown) {
    super('The sign-in service gave no token');
    this.name = 'SignInFailed';
    if (cause !== undefined) Object.defineProperty(this, 'cause', { value: cause });
  }
}
