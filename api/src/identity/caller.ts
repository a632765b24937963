/** App roles of our app registration in Entra ID. `Sync.Agent`: status and sync-now of a record; `Sync.Admin`: everything. */
export const roles = ['Sync.Agent', 'Sync.Admin'] as const;
export type Role = (typeof roles)[number];

interface Identity {
  /** Entra object id (`oid`): of the person, or of the application's service principal. A lower-case GUID. */
  readonly objectId: string;
  readonly roles: readonly Role[];
}

export type Caller = (Identity & { readonly kind: 'person' }) | (Identity & { readonly kind: 'application'; readonly clientId: string });

export interface TokenVerifier {
  /**
   * Who holds this access token (a compact JWT, without `Bearer`).
   * Throws `identity.unauthorised` for a token that does not count, `identity.unavailable` when the issuer's keys cannot be had.
   */
  verify(token: string): Promise<Caller>;
}

/** As it is written into `requestedBy` and the log: an id, never a name. */
export const nameOfCaller = (caller: Caller): string => (caller.kind === 'person' ? `user:${caller.objectId}` : `app:${caller.clientId}`);
