import type { Static } from 'typebox';
import { ClientConfigurationSchema } from '../../contract/sign-in.ts';
import type { Routes } from '../app.ts';
import { answer, named } from '../references.ts';

export type ClientConfigurationBody = Static<typeof ClientConfigurationSchema>;

declare module 'fastify' {
  interface FastifyInstance {
    clientConfiguration: ClientConfigurationBody;
  }
}

export const clientConfigurationRoutes: Routes = async (app) => {
  app.get(
    '/api/client-configuration',
    {
      config: { access: 'everyone' },
      schema: {
        operationId: 'getClientConfiguration',
        summary: 'Says how a browser signs in',
        tags: ['health'],
        response: { 200: answer(named(ClientConfigurationSchema), 'How to sign in') },
      },
    },
    async () => app.clientConfiguration,
  );
};
