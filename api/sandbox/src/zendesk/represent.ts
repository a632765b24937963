import { rawNumber } from '../crm-kit/raw-number.ts';
import { organizationFields, userFields } from './custom-fields.ts';
import type { Membership, Organization, User } from './types.ts';

const idOrNull = (id: string | null): object | null => (id === null ? null : rawNumber(id));

const keysOf = (definitions: readonly { readonly key: string }[], values: Readonly<Record<string, unknown>>): object =>
  Object.fromEntries(definitions.map(({ key }) => [key, values[key] ?? null]));

/** https://developer.zendesk.com/api-reference/ticketing/users/users/#json-format */
export const userJson = (user: User, baseUrl: string): object => ({
  id: rawNumber(user.id),
  url: `${baseUrl}/api/v2/users/${user.id}.json`,
  name: user.name,
  email: user.email,
  created_at: user.createdAt,
  updated_at: user.updatedAt,
  time_zone: 'UTC',
  iana_time_zone: 'Etc/UTC',
  phone: user.phone,
  shared_phone_number: user.phone === null ? null : false,
  photo: null,
  locale_id: 1,
  locale: 'en-US',
  organization_id: idOrNull(user.organizationId),
  role: user.role,
  verified: true,
  external_id: user.externalId,
  tags: user.tags,
  alias: '',
  active: user.active,
  shared: false,
  shared_agent: false,
  last_login_at: null,
  two_factor_auth_enabled: null,
  signature: null,
  details: user.details,
  notes: user.notes,
  role_type: null,
  custom_role_id: null,
  moderator: user.role !== 'end-user',
  ticket_restriction: user.role === 'end-user' ? 'requested' : null,
  only_private_comments: false,
  restricted_agent: user.role !== 'admin',
  suspended: user.suspended,
  default_group_id: null,
  report_csv: false,
  user_fields: keysOf(userFields, user.fields),
});

/** https://developer.zendesk.com/api-reference/ticketing/users/deleted_users/: fewer members than a user. */
export const deletedUserJson = (user: User, baseUrl: string): object => ({
  id: rawNumber(user.id),
  url: `${baseUrl}/api/v2/deleted_users/${user.id}.json`,
  name: user.name,
  email: user.email,
  created_at: user.createdAt,
  updated_at: user.updatedAt,
  time_zone: 'UTC',
  phone: user.phone,
  shared_phone_number: null,
  photo: null,
  locale_id: 1,
  locale: 'en-US',
  organization_id: idOrNull(user.organizationId),
  role: user.role,
  active: false,
});

/** https://developer.zendesk.com/api-reference/ticketing/organizations/organizations/#json-format */
export const organizationJson = (organization: Organization, baseUrl: string): object => ({
  url: `${baseUrl}/api/v2/organizations/${organization.id}.json`,
  id: rawNumber(organization.id),
  name: organization.name,
  shared_tickets: false,
  shared_comments: false,
  external_id: organization.externalId,
  created_at: organization.createdAt,
  updated_at: organization.updatedAt,
  domain_names: organization.domainNames,
  details: organization.details,
  notes: organization.notes,
  group_id: null,
  tags: organization.tags,
  organization_fields: keysOf(organizationFields, organization.fields),
});

/** https://developer.zendesk.com/api-reference/ticketing/organizations/organization_memberships/#json-format */
export const membershipJson = (membership: Membership, baseUrl: string): object => ({
  url: `${baseUrl}/api/v2/organization_memberships/${membership.id}.json`,
  id: rawNumber(membership.id),
  user_id: rawNumber(membership.userId),
  organization_id: rawNumber(membership.organizationId),
  default: membership.isDefault,
  view_tickets: true,
  created_at: membership.createdAt,
  updated_at: membership.updatedAt,
});
