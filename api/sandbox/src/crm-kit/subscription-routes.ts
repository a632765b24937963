import type { FastifyInstance } from 'fastify';
import { Refusal } from './refusal.ts';
import type { WebhookSender } from './webhook-sender.ts';

const subscriptionSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['url'],
  properties: { url: { type: 'string', pattern: '^https?://', maxLength: 2_000 }, secret: { type: 'string', maxLength: 200 } },
} as const;

/**
 * `/sandbox/webhooks`: who is told of changes, in CRMs where an admin sets that up with code and not with a call of the API.
 * With a secret the messages are signed.
 */
export const addSubscriptionRoutes = (app: FastifyInstance, sender: WebhookSender): void => {
  app.get('/sandbox/webhooks', () => ({ subscriptions: sender.subscriptions }));

  app.post<{ Body: { url: string; secret?: string } }>('/sandbox/webhooks', { schema: { body: subscriptionSchema } }, (request, reply) => {
    const subscription = URL.canParse(request.body.url) ? sender.subscribe(request.body) : undefined;
    if (!subscription)
      throw new Refusal(400, 'bad_request', 'url must be an address, and secret whsec_ followed by base64 of 24 to 64 bytes.');
    return reply.status(201).send(subscription);
  });

  app.delete<{ Params: { id: string } }>('/sandbox/webhooks/:id', (request, reply) => {
    if (!sender.unsubscribe(request.params.id)) throw new Refusal(404, 'not_found', `There is no subscription ${request.params.id}.`);
    return reply.status(204).send();
  });
};
