import type { FastifyInstance } from 'fastify';
import { badRequest, notFound } from './problem.ts';
import type { WebhookSender } from '../crm-kit/webhook-sender.ts';

const subscriptionSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['url', 'secret'],
  properties: { url: { type: 'string', pattern: '^https?://', maxLength: 2_000 }, secret: { type: 'string', maxLength: 200 } },
} as const;

/** `/hooks`: who wants to be told of changes. A secret is never given back. */
export const addHookRoutes = (app: FastifyInstance, sender: WebhookSender): void => {
  app.get('/hooks', () => ({ data: sender.subscriptions }));

  app.post<{ Body: { url: string; secret: string } }>('/hooks', { schema: { body: subscriptionSchema } }, (request, reply) => {
    if (!URL.canParse(request.body.url)) throw badRequest('url must be an http or https address.');
    const subscription = sender.subscribe(request.body);
    if (!subscription) throw badRequest('secret must be whsec_ followed by base64 of 24 to 64 bytes.');
    return reply.status(201).send(subscription);
  });

  app.delete<{ Params: { id: string } }>('/hooks/:id', (request, reply) => {
    if (!sender.unsubscribe(request.params.id)) throw notFound(`subscription ${request.params.id}`);
    return reply.status(204).send();
  });
};
