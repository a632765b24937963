import { invalidRecord } from './errors.ts';
import type { OrganizationValues, UserValues } from './directory.ts';
import { organizationFields, userFields } from './custom-fields.ts';
import type { CustomFields, Role } from './types.ts';

const text = { type: ['string', 'null'] } as const;
const id = { type: ['integer', 'string', 'null'] } as const;
const fields = { type: 'object', additionalProperties: { type: ['string', 'integer', 'null'] } } as const;
const texts = { type: 'array', items: { type: 'string' } } as const;

/** Unknown members are ignored, as Zendesk does. */
export const userSchema = {
  type: 'object',
  required: ['user'],
  properties: {
    user: {
      type: 'object',
      properties: {
        name: { type: 'string' },
        email: text,
        phone: text,
        role: { enum: ['end-user', 'agent', 'admin'] },
        organization_id: id,
        external_id: text,
        details: text,
        notes: text,
        suspended: { type: 'boolean' },
        tags: texts,
        user_fields: fields,
      },
    },
  },
} as const;

export interface UserBody {
  readonly user: {
    readonly name?: string;
    readonly email?: string | null;
    readonly phone?: string | null;
    readonly role?: Role;
    readonly organization_id?: number | string | null;
    readonly external_id?: string | null;
    readonly details?: string | null;
    readonly notes?: string | null;
    readonly suspended?: boolean;
    readonly tags?: readonly string[];
    readonly user_fields?: CustomFields;
  };
}

export const organizationSchema = {
  type: 'object',
  required: ['organization'],
  properties: {
    organization: {
      type: 'object',
      properties: {
        name: { type: 'string' },
        domain_names: texts,
        external_id: text,
        details: text,
        notes: text,
        tags: texts,
        organization_fields: fields,
      },
    },
  },
} as const;

export interface OrganizationBody {
  readonly organization: {
    readonly name?: string;
    readonly domain_names?: readonly string[];
    readonly external_id?: string | null;
    readonly details?: string | null;
    readonly notes?: string | null;
    readonly tags?: readonly string[];
    readonly organization_fields?: CustomFields;
  };
}

/** Fields that the account does not have are ignored in silence. */
const knownFields = (definitions: readonly { readonly key: string }[], given: CustomFields): CustomFields =>
  Object.fromEntries(Object.entries(given).filter(([key]) => definitions.some((definition) => definition.key === key)));

const given = <Value>(value: Value | undefined, name: string): object => (value === undefined ? {} : { [name]: value });

const notBlank = (name: string | undefined): void => {
  if (name?.trim() === '') throw invalidRecord('name', 'Name: cannot be blank', 'BlankValue');
};

export const userValues = ({ user }: UserBody): UserValues => {
  notBlank(user.name);
  const { organization_id: organizationId, email } = user;
  return {
    ...given(user.name, 'name'),
    ...given(email === undefined ? undefined : (email?.toLowerCase() ?? null), 'email'),
    ...given(user.phone, 'phone'),
    ...given(user.role, 'role'),
    ...given(organizationId === undefined || organizationId === null ? organizationId : String(organizationId), 'organizationId'),
    ...given(user.external_id, 'externalId'),
    ...given(user.details, 'details'),
    ...given(user.notes, 'notes'),
    ...given(user.suspended, 'suspended'),
    ...given(user.tags, 'tags'),
    ...given(user.user_fields && knownFields(userFields, user.user_fields), 'fields'),
  };
};

export const organizationValues = ({ organization }: OrganizationBody): OrganizationValues => {
  notBlank(organization.name);
  return {
    ...given(organization.name, 'name'),
    ...given(organization.domain_names, 'domainNames'),
    ...given(organization.external_id, 'externalId'),
    ...given(organization.details, 'details'),
    ...given(organization.notes, 'notes'),
    ...given(organization.tags, 'tags'),
    ...given(organization.organization_fields && knownFields(organizationFields, organization.organization_fields), 'fields'),
  };
};
