import type { FastifyInstance } from 'fastify';
import { rawNumber } from '../crm-kit/raw-number.ts';
import { invalidRecord, notFound } from './errors.ts';
import { pageOf } from './paging.ts';
import { membershipJson } from './represent.ts';
import type { Membership, User } from './types.ts';
import type { RoutesOptions } from './user-routes.ts';

const id = { type: ['integer', 'string'] } as const;
const createSchema = {
  type: 'object',
  required: ['organization_membership'],
  properties: {
    organization_membership: { type: 'object', required: ['user_id', 'organization_id'], properties: { user_id: id, organization_id: id } },
  },
} as const;

interface CreateBody {
  readonly organization_membership: { readonly user_id: number | string; readonly organization_id: number | string };
}

interface Identity {
  readonly id: string;
  readonly type: 'email' | 'phone_number';
  readonly value: string;
  readonly isPrimary: boolean;
}

/** Every address and number that a user is known by; only one e-mail address is `email`. */
const identitiesOf = (user: User): readonly Identity[] => {
  const emails = user.email === null ? user.otherEmails : [user.email, ...user.otherEmails.filter((email) => email !== user.email)];
  return [
    ...emails.map((value, index): Identity => ({ id: `${user.id}${index + 1}`, type: 'email', value, isPrimary: index === 0 })),
    ...(user.phone === null || user.phone === ''
      ? []
      : [{ id: `${user.id}0`, type: 'phone_number', value: user.phone, isPrimary: true } as const]),
  ];
};

/** Who belongs where, and by which addresses a user is known. https://developer.zendesk.com/api-reference/ticketing/organizations/organization_memberships/ */
export const addMembershipRoutes = (app: FastifyInstance, { directory, baseUrl }: RoutesOptions): void => {
  const json = (membership: Membership): object => membershipJson(membership, baseUrl());
  const listOf = (records: readonly Membership[], query: unknown, path: string): object =>
    pageOf({ records, name: 'organization_memberships', toJson: json, query, url: `${baseUrl()}/api/v2/${path}` });

  const lists = { config: { zendeskResource: 'organizations' } } as const;
  app.get('/organization_memberships', lists, ({ query }) => listOf(directory.memberships.listed, query, 'organization_memberships'));
  app.get<{ Params: { id: string } }>('/users/:id/organization_memberships', lists, ({ params, query }) =>
    listOf(directory.membershipsOf({ userId: params.id }), query, `users/${params.id}/organization_memberships`),
  );
  app.get<{ Params: { id: string } }>('/organizations/:id/organization_memberships', lists, ({ params, query }) =>
    listOf(directory.membershipsOf({ organizationId: params.id }), query, `organizations/${params.id}/organization_memberships`),
  );

  app.post<{ Body: CreateBody }>('/organization_memberships', { ...lists, schema: { body: createSchema } }, ({ body }, reply) => {
    const user = directory.users.get(String(body.organization_membership.user_id));
    const organization = directory.organizations.get(String(body.organization_membership.organization_id));
    if (!user || !organization) throw notFound();
    const isMember = directory.membershipsOf({ userId: user.id }).some(({ organizationId }) => organizationId === organization.id);
    if (isMember) throw invalidRecord('user_id', 'User: is already a member of this organization', 'DuplicateValue');
    return reply.status(201).send({ organization_membership: json(directory.addMembership(user, organization)) });
  });
  app.delete<{ Params: { id: string } }>('/organization_memberships/:id', lists, ({ params }, reply) => {
    const membership = directory.memberships.get(params.id);
    if (!membership) throw notFound();
    directory.removeMembership(membership);
    return reply.status(204).send();
  });

  /** https://developer.zendesk.com/api-reference/ticketing/users/user_identities/ */
  app.get<{ Params: { id: string } }>('/users/:id/identities', { config: { zendeskResource: 'users' } }, ({ params, query }) => {
    const user = directory.users.get(params.id);
    if (!user) throw notFound();
    const toJson = ({ id: identityId, type, value, isPrimary }: Identity): object => ({
      id: rawNumber(identityId),
      user_id: rawNumber(user.id),
      type,
      value,
      verified: true,
      primary: isPrimary,
      created_at: user.createdAt,
      updated_at: user.updatedAt,
    });
    return pageOf({
      records: identitiesOf(user),
      name: 'identities',
      toJson,
      query,
      url: `${baseUrl()}/api/v2/users/${user.id}/identities`,
    });
  });
};
