import type { FastifyInstance } from 'fastify';
import { ZendeskError, notFound } from './errors.ts';
import { pageOf } from './paging.ts';
import type { RoutesOptions } from './user-routes.ts';
import type { Webhook, WebhookValues, Webhooks } from './webhooks.ts';

const text = { type: 'string', minLength: 1 } as const;
const properties = {
  name: text,
  description: { type: 'string' },
  endpoint: { type: 'string', pattern: '^https?://' },
  http_method: { enum: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] },
  request_format: { enum: ['json', 'xml', 'form_encoded'] },
  status: { enum: ['active', 'inactive'] },
  subscriptions: { type: 'array', items: { type: 'string' } },
} as const;

const bodyOf = (required: readonly string[]) => ({
  type: 'object',
  required: ['webhook'],
  properties: { webhook: { type: 'object', required, properties } },
});
const everyValue = ['name', 'endpoint', 'http_method', 'request_format', 'status'];

const testSchema = {
  type: 'object',
  required: ['request'],
  properties: {
    request: { type: 'object', required: ['endpoint'], properties: { endpoint: properties.endpoint, payload: { type: 'string' } } },
  },
} as const;

/** Event subscriptions are sent as JSON by POST; a webhook that a trigger calls is made another way, which is not built here. */
const refuseOthers = ({ http_method, request_format, subscriptions = [] }: Partial<WebhookValues>): void => {
  const isEvents =
    (http_method ?? 'POST') === 'POST' && (request_format ?? 'json') === 'json' && !subscriptions.includes('conditional_ticket_events');
  if (isEvents) return;
  throw new ZendeskError(400, {
    errors: [{ code: 'InvalidWebhook', title: 'Only webhooks that subscribe to events, with POST and json, are built in this sandbox.' }],
  });
};

interface WebhookRoutesOptions extends Pick<RoutesOptions, 'baseUrl'> {
  readonly webhooks: Webhooks;
}

/** https://developer.zendesk.com/api-reference/webhooks/webhooks-api/webhooks/ */
export const addWebhookRoutes = (app: FastifyInstance, { webhooks, baseUrl }: WebhookRoutesOptions): void => {
  const config = { zendeskResource: 'webhooks', isForAdmins: true } as const;
  const webhookOf = (id: string): Webhook => {
    const webhook = webhooks.get(id);
    if (!webhook) throw notFound();
    return webhook;
  };
  type Id = { readonly id: string };

  app.get('/webhooks', { config }, ({ query }) =>
    pageOf({ records: webhooks.list, name: 'webhooks', toJson: (webhook) => webhook, query, url: `${baseUrl()}/api/v2/webhooks` }),
  );
  app.post<{ Body: { webhook: WebhookValues } }>('/webhooks', { config, schema: { body: bodyOf(everyValue) } }, ({ body }, reply) => {
    refuseOthers(body.webhook);
    return reply.status(201).send({ webhook: webhooks.create({ ...body.webhook, subscriptions: body.webhook.subscriptions ?? [] }) });
  });
  app.post<{ Body: { request: { endpoint: string; payload?: string } } }>(
    '/webhooks/test',
    { config, schema: { body: testSchema } },
    ({ body }) => {
      webhooks.sendTest(body.request.endpoint, body.request.payload ?? '{}');
      return { response: { status: 200 } };
    },
  );
  app.get<{ Params: Id }>('/webhooks/:id', { config }, ({ params }) => ({ webhook: webhookOf(params.id) }));
  for (const [method, required] of [
    ['PUT', everyValue],
    ['PATCH', []],
  ] as const) {
    app.route<{ Params: Id; Body: { webhook: Partial<WebhookValues> } }>({
      method,
      url: '/webhooks/:id',
      config,
      schema: { body: bodyOf(required) },
      handler: ({ params, body }, reply) => {
        refuseOthers(body.webhook);
        webhooks.update(webhookOf(params.id).id, body.webhook);
        return reply.status(204).send();
      },
    });
  }
  app.delete<{ Params: Id }>('/webhooks/:id', { config }, ({ params }, reply) => {
    if (!webhooks.delete(params.id)) throw notFound();
    return reply.status(204).send();
  });

  const secretJson = (id: string) => ({ signing_secret: { algorithm: 'SHA256', secret: webhooks.secretOf(id) } });
  app.get<{ Params: Id }>('/webhooks/:id/signing_secret', { config }, ({ params }) => secretJson(webhookOf(params.id).id));
  app.post<{ Params: Id }>('/webhooks/:id/signing_secret', { config }, ({ params }, reply) => {
    const { id } = webhookOf(params.id);
    webhooks.resetSecret(id);
    return reply.status(201).send(secretJson(id));
  });
};
