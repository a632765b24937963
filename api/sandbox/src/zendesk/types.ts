/** Zendesk's records as it keeps them. Ids are digits, never JavaScript numbers; moments are ISO-8601, UTC, whole seconds. */

export type Role = 'end-user' | 'agent' | 'admin';

export type CustomFields = Readonly<Record<string, string | number | null>>;

export interface Kept {
  readonly id: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface User extends Kept {
  /** One field: Zendesk knows no first and last name. */
  readonly name: string;
  readonly email: string | null;
  /** Of users that were merged into this one. */
  readonly otherEmails: readonly string[];
  readonly phone: string | null;
  readonly role: Role;
  /** false: deleted, softly. */
  readonly active: boolean;
  /** May not sign in or write; still a customer. */
  readonly suspended: boolean;
  /** The default one; null: none. */
  readonly organizationId: string | null;
  readonly externalId: string | null;
  readonly details: string | null;
  readonly notes: string | null;
  readonly tags: readonly string[];
  readonly fields: CustomFields;
}

export interface Organization extends Kept {
  readonly name: string;
  readonly domainNames: readonly string[];
  readonly details: string | null;
  readonly notes: string | null;
  readonly externalId: string | null;
  readonly tags: readonly string[];
  readonly fields: CustomFields;
}

export interface Membership extends Kept {
  readonly userId: string;
  readonly organizationId: string;
  readonly isDefault: boolean;
}

/** What happened, for webhooks. https://developer.zendesk.com/api-reference/webhooks/event-types/webhook-event-types/ */
export interface DirectoryEvent {
  /** E.g. `user.name_changed`. */
  readonly type: string;
  readonly record: { readonly kind: 'user'; readonly user: User } | { readonly kind: 'organization'; readonly organization: Organization };
  readonly event: Readonly<Record<string, unknown>>;
}

/** Zendesk counts in seconds, so that many changes share one moment. */
export const secondOf = (moment: Date): string => `${moment.toISOString().slice(0, 19)}Z`;
