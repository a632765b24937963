import { type FastifyInstance } from 'fastify';
import { createApp } from '../crm-kit/app.ts';
import { createClock } from '../crm-kit/clock.ts';
import { addControlRoutes } from '../crm-kit/control-routes.ts';
import { type CustomersWanted, loadCustomers } from '../crm-kit/customers.ts';
import { Faults } from '../crm-kit/faults.ts';
import { createRequestCounter } from '../crm-kit/request-counter.ts';
import { strikeWith } from '../crm-kit/strike.ts';
import { addAccountRoutes } from './account-routes.ts';
import { addActionRoutes } from './action-routes.ts';
import { addAssociationRoutes } from './association-routes.ts';
import { HubSpotError, answerErrors } from './errors.ts';
import { faultWording } from './fault-wording.ts';
import { guard } from './gate.ts';
import { addOAuthRoutes } from './oauth-routes.ts';
import { addObjectRoutes } from './object-routes.ts';
import { buildPortalData } from './portal-data.ts';
import { Portal } from './portal.ts';
import { addSearchRoutes } from './search-routes.ts';
import { type HubSpotSettings, defaultSettings, settingsSchema } from './settings.ts';
import { Tokens } from './tokens.ts';
import { addWebhookRoutes } from './webhook-routes.ts';
import { Webhooks } from './webhooks.ts';

export interface HubSpotOptions extends CustomersWanted {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  readonly now?: () => Date;
  readonly settings?: Partial<HubSpotSettings>;
  /** Pauses before a webhook's further attempts. */
  readonly webhookRetryDelaysMs?: readonly number[];
}

export interface RunningHubSpot {
  /** Without a slash at its end. */
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** v1 to v4 end in September 2027; the dated versions stand behind the family's name. https://developers.hubspot.com/docs/api-reference/latest/overview */
const objectPrefixes = ['/crm/v3/objects', '/crm/objects/2026-03', '/crm/objects/2026-09'];
const webhookPrefixes = ['/webhooks/v3', '/webhooks/2026-03', '/app-webhooks/2026-03', '/app-webhooks/2026-09'];

/** HubSpot refuses an address that is too long, such as one that asks for very many properties. */
const longestAddress = 8_000;

/** A HubSpot account in memory: CRM objects, search, associations, OAuth, webhooks, and its limits. */
export const startHubSpot = async (options: HubSpotOptions): Promise<RunningHubSpot> => {
  const { host, port, webhookRetryDelaysMs } = options;
  const clock = createClock(options.now);
  const { now } = clock;
  let settings: HubSpotSettings = { ...defaultSettings, ...options.settings };
  const readSettings = (): HubSpotSettings => settings;
  const webhooks = new Webhooks({ now, ...(webhookRetryDelaysMs ? { retryDelaysMs: webhookRetryDelaysMs } : {}) });
  const portal = new Portal({ data: buildPortalData(loadCustomers(options)), now, onEvent: (event) => webhooks.announce(event) });
  const tokens = new Tokens(now);
  const faults = new Faults();
  const requests = createRequestCounter();

  const addRecordRoutes = async (routes: FastifyInstance): Promise<void> => {
    routes.addHook('onRequest', async ({ url }) => {
      if (url.length > longestAddress) throw new HubSpotError(414, 'VALIDATION_ERROR', 'The request URI is too long.');
    });
    guard(routes, { tokens, settings: readSettings, now, requests });
    addAccountRoutes(routes);
    addAssociationRoutes(routes, portal);
    for (const prefix of objectPrefixes) {
      for (const type of ['contacts', 'companies'] as const) {
        await routes.register(
          async (objects) => {
            addObjectRoutes(objects, { portal, type });
            addActionRoutes(objects, { portal, type });
            addSearchRoutes(objects, { portal, type, settings: readSettings });
          },
          { prefix: `${prefix}/${type}` },
        );
      }
    }
  };

  const app = createApp(clock);
  answerErrors(app);
  await app.register(async (api) => {
    api.addHook('onRequest', async (request) => requests.count(request));
    strikeWith(api, faults, faultWording);
    await api.register(async (routes) => addOAuthRoutes(routes, { tokens, settings: readSettings }));
    for (const prefix of webhookPrefixes) {
      await api.register(async (routes) => addWebhookRoutes(routes, { webhooks, tokens }), { prefix: `${prefix}/:appId` });
    }
    await api.register(addRecordRoutes);
  });
  addControlRoutes(app, {
    clock,
    faults,
    requests,
    deliveries: () => webhooks.statistics,
    settings: {
      schema: settingsSchema,
      read: readSettings,
      change: (changes) => {
        settings = { ...settings, ...changes };
      },
    },
    massUpdate: (table, count) => portal.massUpdate(table === 'accounts' ? 'companies' : 'contacts', count),
  });

  const url = await app.listen({ host, port });
  return {
    url,
    close: async () => {
      await app.close();
      await webhooks.close();
    },
  };
};
