import Type from 'typebox';
import type { Routes } from '../app.ts';

/** Dataverse sends the whole row and its context; more than 256 kB it cuts away by itself. Only the row's id is read. */
const limitBytes = 512 * 1024;

const ContextSchema = Type.Object(
  {
    PrimaryEntityName: Type.Literal('ccsync_syncrequest', { description: 'The table' }),
    PrimaryEntityId: Type.String({
      pattern: '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$',
      description: 'The row; what it says is read in Dataverse',
    }),
  },
  { description: 'Dataverse’s RemoteExecutionContext; all else in it is left alone' },
);

export const syncRequestRoutes: Routes = async (app) => {
  app.post(
    '/dataverse/sync-requests',
    {
      bodyLimit: limitBytes,
      onRequest: async (request) => app.services.syncRequests.requireKey(request.headers['x-ccsync-key']),
      // Dataverse has no token of ours; the header holds a secret that its service endpoint knows.
      config: { access: 'everyone' },
      schema: {
        operationId: 'receiveSyncRequest',
        summary: 'Hears from Dataverse’s webhook that a request row was made',
        tags: ['webhooks'],
        body: ContextSchema,
        response: { 202: Type.Object({}, { description: 'It is read and answered soon' }) },
      },
    },
    async (request, reply) => {
      app.services.syncRequests.receive(request.body.PrimaryEntityId.toLowerCase());
      return reply.code(202).send({});
    },
  );
};
