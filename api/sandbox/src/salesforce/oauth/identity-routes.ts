import type { FastifyInstance } from 'fastify';
import { orgId, userId, username } from '../data/identity.ts';

/**
 * The identity URL and userinfo: who signed in, and to which organisation.
 * https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_using_openid.htm
 */
export const addIdentityRoutes = (app: FastifyInstance, url: () => string): void => {
  const identity = () => ({
    id: `${url()}/id/${orgId}/${userId}`,
    asserted_user: true,
    user_id: userId,
    organization_id: orgId,
    username,
    email: username,
    display_name: 'Integration User',
    active: true,
    urls: { rest: `${url()}/services/data/v{version}/`, custom_domain: url() },
  });
  app.get<{ Params: { orgId: string; userId: string } }>('/id/:orgId/:userId', ({ params }, reply) =>
    params.orgId === orgId && params.userId === userId ? identity() : reply.status(404).send('Bad_Id'),
  );
  app.get('/services/oauth2/userinfo', () => ({ sub: identity().id, ...identity(), preferred_username: username }));
};
