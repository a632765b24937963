/** Someone whom the API knows by the token. */
export interface SignedInUser {
  /** As the token says, for the eyes only. */
  readonly name: string;
}

/**
 * Where tokens come from. `local-token-provider.ts` asks the sandbox's issuer; one for Microsoft Entra ID (MSAL) goes here too.
 */
export interface TokenProvider {
  /** A token that is good for at least another minute. Rejects with an `ApiProblem` when there is none to be had. */
  getToken(): Promise<string>;
  /** Known once a token was given. */
  user(): SignedInUser | undefined;
}
