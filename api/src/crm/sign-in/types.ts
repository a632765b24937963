/**
 * Where tokens that must outlive the process are kept, sealed. Every change is one that all processes on the same store see at once.
 */
export interface CredentialStore {
  /** null when nothing is stored. Throws `store.credential_unreadable` when it was sealed with a key that is not configured. */
  read(sourceId: string, name: string): Promise<string | null>;
  /** Durable when it resolves. false, and nothing stored, when something else than `before` is stored by now. */
  replace(sourceId: string, name: string, before: string | null, value: string): Promise<boolean>;
  /** false while another holder has it; a holder that died is forgotten after `forMs`. */
  claim(sourceId: string, name: string, holder: string, forMs: number): Promise<boolean>;
  release(sourceId: string, name: string, holder: string): Promise<void>;
}

/** The part of signing in that only a person with a browser can do. */
export interface BrowserSignIn {
  /** The address to open. Whoever comes back to `redirectUri` with its state can be let in by `finish`, for a quarter of an hour. */
  begin(redirectUri: string): Promise<{ readonly address: string; readonly state: string }>;
  /** Throws `source.sign_in_stale` for a state that is not the last one that was begun. */
  finish(answer: { readonly state: string; readonly code: string }, signal: AbortSignal): Promise<void>;
}
