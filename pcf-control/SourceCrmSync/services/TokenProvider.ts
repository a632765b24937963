/** Signs the agent in to the API. One way now (the sandbox); Entra ID through MSAL fits the same two methods. */
export interface TokenProvider {
  /** An access token for the API that is still good for a while. Rejects when the agent cannot be signed in. */
  getToken(): Promise<string>;
  /** The API refused the last token: do not hand it out again. */
  forgetToken(): void;
}

/** Nobody is signed in, and only the person can change that. */
export class SignInFailed extends Error {
  constructor(cause?: unknown) {
    super('The sign-in service gave no token');
    this.name = 'SignInFailed';
    if (cause !== undefined) Object.defineProperty(this, 'cause', { value: cause });
  }
}
