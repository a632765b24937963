import { type FastifyInstance } from 'fastify';
import { textIn } from '../crm-kit/query.ts';
import { badRequest, invalidRecord, notFound } from './errors.ts';
import { pageOf } from './paging.ts';
import { organizationJson } from './represent.ts';
import { type Organization } from './types.ts';
import { type RoutesOptions, manyOf } from './user-routes.ts';
import { type OrganizationBody, organizationSchema, organizationValues } from './write-bodies.ts';

const mergeSchema = {
  type: 'object',
  required: ['organization_merge'],
  properties: {
    organization_merge: { type: 'object', required: ['winner_id'], properties: { winner_id: { type: ['integer', 'string'] } } },
  },
} as const;

/** https://developer.zendesk.com/api-reference/ticketing/organizations/organizations/ */
export const addOrganizationRoutes = (app: FastifyInstance, { directory, baseUrl }: RoutesOptions): void => {
  const { organizations } = directory;
  const config = { zendeskResource: 'organizations' } as const;
  const json = (organization: Organization): object => organizationJson(organization, baseUrl());
  const organizationOf = (id: string): Organization => {
    const organization = organizations.get(id);
    if (!organization) throw notFound();
    return organization;
  };
  const refuseTakenName = (name: string | undefined, ownId?: string): void => {
    const isTaken = organizations.listed.some((one) => one.name.toLowerCase() === name?.toLowerCase() && one.id !== ownId);
    if (isTaken) throw invalidRecord('name', `Name: ${name} has already been taken`, 'DuplicateValue');
  };

  app.get('/organizations', { config }, ({ query }) =>
    pageOf({ records: organizations.listed, name: 'organizations', toJson: json, query, url: `${baseUrl()}/api/v2/organizations` }),
  );
  app.get('/organizations/count', { config }, () => ({
    count: { value: organizations.listed.length, refreshed_at: directory.now().toISOString() },
  }));
  app.get('/organizations/show_many', { config }, ({ query }) => {
    const found = manyOf(query, (id) => organizations.get(id), organizations.listed);
    return { organizations: found.map(json), next_page: null, previous_page: null, count: found.length };
  });
  app.get('/organizations/autocomplete', { config }, ({ query }) => {
    const start = (textIn(query, 'name') ?? '').toLowerCase();
    if (start.length < 2) throw badRequest('BadRequest', 'name must have two characters at least');
    const records = organizations.listed.filter(({ name }) => name.toLowerCase().startsWith(start));
    return pageOf({ records, name: 'organizations', toJson: json, query, url: `${baseUrl()}/api/v2/organizations/autocomplete` });
  });
  app.get<{ Params: { id: string } }>('/organizations/:id', { config }, ({ params }) => ({
    organization: json(organizationOf(params.id)),
  }));

  app.post<{ Body: OrganizationBody }>('/organizations', { config, schema: { body: organizationSchema } }, ({ body }, reply) => {
    const { name = '', ...values } = organizationValues(body);
    if (name === '') throw invalidRecord('name', 'Name: cannot be blank', 'BlankValue');
    refuseTakenName(name);
    return reply.status(201).send({ organization: json(directory.createOrganization({ ...values, name })) });
  });
  app.put<{ Params: { id: string }; Body: OrganizationBody }>(
    '/organizations/:id',
    { config, schema: { body: organizationSchema } },
    ({ params, body }) => {
      const organization = organizationOf(params.id);
      const values = organizationValues(body);
      refuseTakenName(values.name, organization.id);
      return { organization: json(directory.updateOrganization(organization, values)) };
    },
  );
  app.delete<{ Params: { id: string } }>('/organizations/:id', { config }, ({ params }, reply) => {
    directory.deleteOrganization(organizationOf(params.id));
    return reply.status(204).send();
  });

  /** A job on the real thing; done at once here. The loser is gone. */
  app.post<{ Params: { id: string }; Body: { organization_merge: { winner_id: number | string } } }>(
    '/organizations/:id/merge',
    { config, schema: { body: mergeSchema } },
    ({ params, body }) => {
      const loser = organizationOf(params.id);
      const winner = organizationOf(String(body.organization_merge.winner_id));
      if (loser.id === winner.id) throw invalidRecord('winner_id', 'An organization cannot be merged into itself', 'InvalidValue');
      directory.mergeOrganization(loser, winner);
      return {
        organization_merge: {
          id: `${loser.id}-${winner.id}`,
          loser_id: Number(loser.id),
          winner_id: Number(winner.id),
          status: 'complete',
        },
      };
    },
  );
};
