import Type from 'typebox';
import type { Routes } from '../app.ts';
import { SourceIdSchema } from '../parameters.ts';

const deliveryLimitBytes = 1024 * 1024;

export const webhookRoutes: Routes = async (app) => {
  // A signature covers the bytes as they came: nothing may parse or decode them on the way to the verifier.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: deliveryLimitBytes }, async (_request: unknown, body: Buffer) => body);

  app.post(
    '/webhooks/:sourceId',
    {
      bodyLimit: deliveryLimitBytes,
      // The CRM has no token; each delivery carries its signature.
      config: { access: 'everyone' },
      schema: {
        operationId: 'receiveWebhook',
        summary: 'Takes a delivery of a CRM, signed as its manifest says',
        tags: ['webhooks'],
        params: Type.Object({ sourceId: SourceIdSchema }),
        response: { 202: Type.Unsafe<undefined>({ type: 'null', description: 'Verified and stored' }) },
      },
    },
    async (request, reply) => {
      const rawBody = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
      await app.services.webhooks.receive(request.params.sourceId, { method: request.method, headers: request.headers, rawBody });
      return reply.code(202).send(undefined);
    },
  );
};
