import type { FastifyInstance, FastifyRequest } from 'fastify';
import { textIn } from '../crm-kit/query.ts';
import { isSameSecret } from '../crm-kit/secrets.ts';
import { HubSpotError, invalid } from './errors.ts';
import { hubSpotSandbox } from './identity.ts';
import { objectTypes, propertyOf } from './object-types.ts';
import type { Tokens } from './tokens.ts';
import type { Subscription, WebhookSettings, Webhooks } from './webhooks.ts';

const eventsOfType = ['creation', 'propertyChange', 'deletion', 'merge', 'restore', 'associationChange'];
const eventTypes = [...eventsOfType.flatMap((event) => [`contact.${event}`, `company.${event}`]), 'contact.privacyDeletion'];

const settingsSchema = {
  type: 'object',
  required: ['targetUrl', 'throttling'],
  properties: {
    targetUrl: { type: 'string', pattern: '^https?://' },
    throttling: {
      type: 'object',
      required: ['maxConcurrentRequests'],
      properties: { maxConcurrentRequests: { type: 'integer', minimum: 1 }, period: { enum: ['SECONDLY', 'ROLLING_MINUTE'] } },
    },
  },
} as const;

const subscriptionSchema = {
  type: 'object',
  required: ['eventType'],
  properties: { eventType: { enum: eventTypes }, propertyName: { type: 'string' }, active: { type: 'boolean' } },
} as const;

const activeSchema = { type: 'object', required: ['active'], properties: { active: { type: 'boolean' } } } as const;

type SubscriptionWanted = { readonly eventType: string; readonly propertyName?: string; readonly active?: boolean };

/** A change of "last modified" would be one of everything: HubSpot offers no subscription to it, so every property is named. */
const checkProperty = ({ eventType, propertyName }: SubscriptionWanted): void => {
  if (!eventType.endsWith('.propertyChange')) return;
  const type = eventType.startsWith('contact.') ? objectTypes.contacts : objectTypes.companies;
  if (propertyName === undefined) throw invalid('propertyName is required for propertyChange subscriptions.');
  if (propertyName === type.modifiedProperty || propertyName === 'hs_lastmodifieddate' || !propertyOf(type, propertyName)) {
    throw invalid(`The property ${propertyName} cannot be subscribed to.`);
  }
};

const settingsBody = ({ targetUrl, maxConcurrentRequests, createdAt, updatedAt }: WebhookSettings) => ({
  targetUrl,
  throttling: { maxConcurrentRequests, period: 'SECONDLY' },
  createdAt,
  updatedAt,
});

interface WebhookRoutesOptions {
  readonly webhooks: Webhooks;
  readonly tokens: Tokens;
}

/** The app's webhooks belong to its developer, not to a portal. https://developers.hubspot.com/docs/api-reference/latest/webhooks/guide */
const refuseOthers = (request: FastifyRequest, tokens: Tokens): void => {
  const bearer = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  const token = bearer === undefined ? undefined : tokens.find(bearer);
  const isDeveloper = token?.kind === 'developer' && tokens.isCurrent(token);
  if (!isDeveloper && !isSameSecret(textIn(request.query, 'hapikey') ?? '', hubSpotSandbox.developerApiKey)) {
    throw new HubSpotError(401, 'INVALID_AUTHENTICATION', 'Authentication credentials not found: a developer API key or token is needed.');
  }
};

export const addWebhookRoutes = (app: FastifyInstance, { webhooks, tokens }: WebhookRoutesOptions): void => {
  app.addHook('onRequest', async (request) => refuseOthers(request, tokens));
  const noSuch = (what: string): HubSpotError => new HubSpotError(404, 'OBJECT_NOT_FOUND', `There is no ${what}.`);
  const subscriptionOf = (id: string): Subscription => {
    const subscription = webhooks.subscription(id);
    if (!subscription) throw noSuch(`subscription ${id}`);
    return subscription;
  };
  app.addHook<{ Params: { appId?: string } }>('preValidation', async ({ params }) => {
    if (params.appId !== String(hubSpotSandbox.appId)) throw noSuch('app of yours with this id');
  });

  app.get('/settings', () => {
    if (!webhooks.settings) throw noSuch('webhook setting');
    return settingsBody(webhooks.settings);
  });
  app.put<{ Body: { targetUrl: string; throttling: { maxConcurrentRequests: number } } }>(
    '/settings',
    { schema: { body: settingsSchema } },
    ({ body }) =>
      settingsBody(webhooks.configure({ targetUrl: body.targetUrl, maxConcurrentRequests: body.throttling.maxConcurrentRequests })),
  );
  app.delete('/settings', (_request, reply) => {
    webhooks.clearSettings();
    return reply.status(204).send();
  });

  app.get('/subscriptions', () => ({ results: webhooks.subscriptions }));
  app.post<{ Body: SubscriptionWanted }>('/subscriptions', { schema: { body: subscriptionSchema } }, ({ body }, reply) => {
    checkProperty(body);
    const { eventType, propertyName, active = false } = body;
    return reply.status(201).send(webhooks.subscribe({ eventType, active, ...(propertyName === undefined ? {} : { propertyName }) }));
  });
  app.get<{ Params: { id: string } }>('/subscriptions/:id', ({ params }) => subscriptionOf(params.id));
  app.patch<{ Params: { id: string }; Body: { active: boolean } }>(
    '/subscriptions/:id',
    { schema: { body: activeSchema } },
    ({ params, body }) => webhooks.activate(subscriptionOf(params.id), body.active),
  );
  app.delete<{ Params: { id: string } }>('/subscriptions/:id', ({ params }, reply) => {
    if (!webhooks.unsubscribe(params.id)) throw noSuch(`subscription ${params.id}`);
    return reply.status(204).send();
  });
};
