import type { UserPace } from '../pace/user-pace.ts';
import type { TokenSource } from '../sign-in/types.ts';

/** One application user of the environment: its own sign-in, and its own share of what Dataverse allows. */
export class ApplicationUser {
  /** An id, no secret: tells the users apart in a log. */
  readonly clientId: string;
  readonly credential: TokenSource;
  readonly pace: UserPace;
  #refusedToken: string | null = null;

  constructor(options: { readonly clientId: string; readonly credential: TokenSource; readonly pace: UserPace }) {
    this.clientId = options.clientId;
    this.credential = options.credential;
    this.pace = options.pace;
  }

  /** Many lanes are refused with the same token; only the first may throw it away, or they would throw away its successor. */
  refuse(token: string): void {
    if (this.#refusedToken === token) return;
    this.#refusedToken = token;
    this.credential.invalidate();
  }
}
