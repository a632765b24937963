import type { AccountData } from './account-data.ts';
import { organizationEvents, userEvents } from './change-events.ts';
import { RecordStore } from './record-store.ts';
import { type DirectoryEvent, type Membership, type Organization, type User, secondOf } from './types.ts';

export interface DirectoryOptions {
  readonly data: AccountData;
  readonly now: () => Date;
  /** Called inside the request that made the change, so it must not wait. */
  readonly onEvent: (event: DirectoryEvent) => void;
}

export type UserValues = Partial<Omit<User, 'id' | 'createdAt' | 'updatedAt' | 'active' | 'otherEmails'>>;
export type OrganizationValues = Partial<Omit<Organization, 'id' | 'createdAt' | 'updatedAt'>>;

/** https://developer.zendesk.com/api-reference/ticketing/users/users/: what is left of a user who was deleted for good. */
const erased = {
  name: 'Permanently Deleted User',
  email: null,
  otherEmails: [],
  phone: null,
  externalId: null,
  details: null,
  notes: null,
} as const;

/** Users, organizations and who belongs where, and everything that can happen to them. */
export class Directory {
  readonly users: RecordStore<User>;
  readonly organizations: RecordStore<Organization>;
  readonly memberships: RecordStore<Membership>;
  readonly #options: DirectoryOptions;
  #nextId = 41_000_000_000_001;

  constructor(options: DirectoryOptions) {
    this.#options = options;
    const { users, organizations, furtherMemberships } = options.data;
    this.users = new RecordStore(users, ({ active }) => active);
    this.organizations = new RecordStore(organizations, () => true);
    const membership = (userId: string, organizationId: string, isDefault: boolean, createdAt: string): Membership => ({
      id: this.#newId(),
      userId,
      organizationId,
      isDefault,
      createdAt,
      updatedAt: createdAt,
    });
    const defaults = users.flatMap((user) =>
      user.organizationId === null ? [] : [membership(user.id, user.organizationId, true, user.createdAt)],
    );
    const createdAt = users[0]?.createdAt ?? secondOf(this.now());
    const others = furtherMemberships.map(([userId, organizationId]) => membership(userId, organizationId, false, createdAt));
    this.memberships = new RecordStore([...defaults, ...others], () => true);
  }

  now(): Date {
    return this.#options.now();
  }

  createUser(values: UserValues & Pick<User, 'name'>): User {
    const at = secondOf(this.now());
    const user: User = { ...blankUser, ...values, id: this.#newId(), createdAt: at, updatedAt: at };
    this.users.put(user);
    this.#tellUser('user.created', user, {});
    if (user.organizationId !== null) this.#addMembership(user.id, user.organizationId, true);
    return user;
  }

  updateUser(before: User, values: UserValues): User {
    const user: User = { ...before, ...values, fields: { ...before.fields, ...values.fields }, updatedAt: secondOf(this.now()) };
    this.users.put(user);
    this.#tellUserChanges(before, user);
    if (before.organizationId !== user.organizationId) this.#moveDefault(before, user.organizationId);
    return user;
  }

  /** Softly: the user is found by id and among the deleted ones, and the incremental export tells of it. */
  deleteUser(before: User): User {
    const user = { ...before, active: false, updatedAt: secondOf(this.now()) };
    this.users.put(user);
    this.#tellUser('user.active_changed', user, { current: false, previous: true });
    this.#tellUser('user.deleted', user, {});
    return user;
  }

  /** Of a user who was deleted before. No event tells. */
  eraseUser(before: User): User {
    const user: User = { ...before, ...erased, fields: {}, tags: [], organizationId: null, updatedAt: secondOf(this.now()) };
    this.users.put(user);
    for (const membership of this.membershipsOf({ userId: user.id })) this.memberships.remove(membership.id);
    return user;
  }

  /** The loser becomes a deleted user; its addresses and organizations go to the winner. */
  mergeUser(loser: User, winner: User): User {
    const at = secondOf(this.now());
    const emails = [loser.email, ...loser.otherEmails].filter((email) => email !== null);
    const merged = { ...winner, email: winner.email ?? emails[0] ?? null, otherEmails: [...winner.otherEmails, ...emails], updatedAt: at };
    this.users.put({ ...loser, active: false, email: null, otherEmails: [], organizationId: null, updatedAt: at });
    this.users.put(merged);
    for (const membership of this.membershipsOf({ userId: loser.id })) {
      this.memberships.remove(membership.id);
      const isMember = this.membershipsOf({ userId: winner.id }).some(({ organizationId }) => organizationId === membership.organizationId);
      if (!isMember) this.#addMembership(winner.id, membership.organizationId, false);
    }
    this.#tellUser('user.merged', { ...loser, active: false }, { user: { id: winner.id } });
    return merged;
  }

  createOrganization(values: OrganizationValues & Pick<Organization, 'name'>): Organization {
    const at = secondOf(this.now());
    const organization: Organization = { ...blankOrganization, ...values, id: this.#newId(), createdAt: at, updatedAt: at };
    this.organizations.put(organization);
    this.#tellOrganization('organization.created', organization, {});
    return organization;
  }

  updateOrganization(before: Organization, values: OrganizationValues): Organization {
    const organization = { ...before, ...values, fields: { ...before.fields, ...values.fields }, updatedAt: secondOf(this.now()) };
    this.organizations.put(organization);
    this.#tellOrganizationChanges(before, organization);
    return organization;
  }

  /** For good: no list, export or page tells of it afterwards. Its users stay, without it. */
  deleteOrganization(organization: Organization): void {
    for (const { userId } of this.membershipsOf({ organizationId: organization.id })) {
      const user = this.users.get(userId);
      if (user?.organizationId === organization.id) this.users.put({ ...user, organizationId: null, updatedAt: secondOf(this.now()) });
    }
    for (const membership of this.membershipsOf({ organizationId: organization.id })) this.memberships.remove(membership.id);
    this.organizations.remove(organization.id);
    this.#tellOrganization('organization.deleted', organization, {});
  }

  mergeOrganization(loser: Organization, winner: Organization): void {
    for (const { userId, isDefault } of this.membershipsOf({ organizationId: loser.id })) {
      const isMember = this.membershipsOf({ userId }).some(({ organizationId }) => organizationId === winner.id);
      const user = this.users.get(userId);
      if (!isMember) this.#addMembership(userId, winner.id, false);
      if (isDefault && user) this.updateUser(user, { organizationId: winner.id });
    }
    this.deleteOrganization(loser);
  }

  membershipsOf(wanted: { readonly userId?: string; readonly organizationId?: string }): readonly Membership[] {
    return this.memberships.listed.filter(
      ({ userId, organizationId }) =>
        (wanted.userId === undefined || wanted.userId === userId) &&
        (wanted.organizationId === undefined || wanted.organizationId === organizationId),
    );
  }

  /** The first `count` end users or organizations get another phone number, all in the same second. */
  massUpdate(table: 'accounts' | 'contacts', count: number): number {
    const at = this.now();
    const phone = `+1555${String(at.getTime()).slice(-7)}`;
    if (table === 'accounts') {
      const before = this.organizations.listed.slice(0, count);
      const after = before.map((one) => ({ ...one, fields: { ...one.fields, phone }, updatedAt: secondOf(at) }));
      this.organizations.putAll(after);
      after.forEach((one, index) => this.#tellOrganizationChanges(before[index] ?? one, one));
      return after.length;
    }
    const before = this.users.listed.filter(({ role }) => role === 'end-user').slice(0, count);
    const after = before.map((one) => ({ ...one, phone, updatedAt: secondOf(at) }));
    this.users.putAll(after);
    after.forEach((one, index) => this.#tellUserChanges(before[index] ?? one, one));
    return after.length;
  }

  addMembership(user: User, organization: Organization): Membership {
    return this.#addMembership(user.id, organization.id, this.membershipsOf({ userId: user.id }).length === 0);
  }

  removeMembership(membership: Membership): void {
    this.memberships.remove(membership.id);
    const user = this.users.get(membership.userId);
    if (!user) return;
    if (user.organizationId === membership.organizationId)
      this.users.put({ ...user, organizationId: null, updatedAt: secondOf(this.now()) });
    this.#tellUser('user.organization_membership_deleted', user, { organization: { id: membership.organizationId } });
  }

  #addMembership(userId: string, organizationId: string, isDefault: boolean): Membership {
    const at = secondOf(this.now());
    const membership = { id: this.#newId(), userId, organizationId, isDefault, createdAt: at, updatedAt: at };
    this.memberships.put(membership);
    const user = this.users.get(userId);
    if (user) this.#tellUser('user.organization_membership_created', user, { organization: { id: organizationId } });
    return membership;
  }

  #moveDefault(before: User, organizationId: string | null): void {
    for (const membership of this.membershipsOf({ userId: before.id })) {
      if (membership.organizationId === before.organizationId) this.memberships.put({ ...membership, isDefault: false });
    }
    if (organizationId === null) return;
    const existing = this.membershipsOf({ userId: before.id }).find((one) => one.organizationId === organizationId);
    if (existing) this.memberships.put({ ...existing, isDefault: true });
    else this.#addMembership(before.id, organizationId, true);
  }

  #newId(): string {
    this.#nextId += 1;
    return String(this.#nextId);
  }

  #tellUserChanges(before: User, after: User): void {
    for (const { type, event } of userEvents(before, after)) this.#tellUser(type, after, event);
  }

  #tellOrganizationChanges(before: Organization, after: Organization): void {
    for (const { type, event } of organizationEvents(before, after)) this.#tellOrganization(type, after, event);
  }

  #tellUser(type: string, user: User, event: DirectoryEvent['event']): void {
    this.#options.onEvent({ type, record: { kind: 'user', user }, event });
  }

  #tellOrganization(type: string, organization: Organization, event: DirectoryEvent['event']): void {
    this.#options.onEvent({ type, record: { kind: 'organization', organization }, event });
  }
}

const blankOrganization = { domainNames: [], details: null, notes: null, externalId: null, tags: [], fields: {} } as const;
const blankUser = {
  ...blankOrganization,
  email: null,
  otherEmails: [],
  phone: null,
  role: 'end-user',
  active: true,
  suspended: false,
  organizationId: null,
} as const;
