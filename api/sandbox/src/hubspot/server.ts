import type { FastifyInstance } from 'fastify';
import { loadRecords } from '../crm-data/load-records.ts';
import { createApp } from '../crm-kit/app.ts';
import { addControlRoutes } from '../crm-kit/control-routes.ts';
import { Faults, strikeWith } from '../crm-kit/faults.ts';
import { addMassUpdateRoutes } from '../crm-kit/mass-update-routes.ts';
import { addPages } from '../crm-kit/pages/routes.ts';
import { createRequestCounter } from '../crm-kit/request-counter.ts';
import type { CrmOptions, RunningCrm } from '../crm-kit/running-crm.ts';
import { type Settings, addSettingsRoutes } from '../crm-kit/settings-routes.ts';
import { addClockRoutes, createSkewedClock } from '../crm-kit/skewed-clock.ts';
import { spoilPages } from '../crm-kit/spoil-pages.ts';
import { addAccountRoutes } from './account-routes.ts';
import { addActionRoutes } from './action-routes.ts';
import { addAssociationRoutes } from './association-routes.ts';
import { addHubSpotConsent } from './consent-routes.ts';
import { HubSpotError, answerErrors } from './errors.ts';
import { type FaultKind, faultAnswers, faultKinds, pageSpoiler } from './faults.ts';
import { guard } from './gate.ts';
import { addOAuthRoutes } from './oauth-routes.ts';
import { addObjectRoutes } from './object-routes.ts';
import { subjectKinds } from './pages.ts';
import { buildPortalData } from './portal-data.ts';
import { Portal } from './portal.ts';
import { addSearchRoutes } from './search-routes.ts';
import { type HubSpotSettings, defaultSettings, settingsProperties } from './settings.ts';
import { Tokens } from './tokens.ts';
import { addWebhookRoutes } from './webhook-routes.ts';
import { Webhooks } from './webhooks.ts';

export interface HubSpotOptions extends Omit<CrmOptions, 'apiUrl'> {
  readonly now?: () => Date;
  readonly settings?: Partial<HubSpotSettings>;
  /** Pauses before a webhook's further attempts. */
  readonly webhookRetryDelaysMs?: readonly number[];
  /** Where CRM Sync's panel is; the pages link to it. */
  readonly apiUrl?: string;
}

/** v1 to v4 end in September 2027; the dated versions stand behind the family's name. https://developers.hubspot.com/docs/api-reference/latest/overview */
const objectPrefixes = ['/crm/v3/objects', '/crm/objects/2026-03', '/crm/objects/2026-09'];
const webhookPrefixes = ['/webhooks/v3', '/webhooks/2026-03', '/app-webhooks/2026-03', '/app-webhooks/2026-09'];

const brand = { name: 'HubSpot (sandbox)', records: 'Companies and contacts' } as const;

/** HubSpot refuses an address that is too long, such as one that asks for very many properties. */
const longestAddress = 8_000;

/** A HubSpot account in memory: CRM objects, search, associations, OAuth, webhooks, and its limits. */
export const startHubSpot = async (options: HubSpotOptions): Promise<RunningCrm> => {
  const { host, port, apiUrl, webhookRetryDelaysMs } = options;
  const clock = createSkewedClock(options.now ?? (() => new Date()));
  const { now } = clock;
  const settings: Settings<HubSpotSettings> = { current: { ...defaultSettings, ...options.settings } };
  const webhooks = new Webhooks({ now, ...(webhookRetryDelaysMs ? { retryDelaysMs: webhookRetryDelaysMs } : {}) });
  const portal = new Portal({ data: buildPortalData(loadRecords(options)), now, onEvent: (event) => webhooks.announce(event) });
  const tokens = new Tokens(now);
  const faults = new Faults<FaultKind>();
  const requests = createRequestCounter();

  const addRecordRoutes = async (routes: FastifyInstance): Promise<void> => {
    routes.addHook('onRequest', async ({ url }) => {
      if (url.length > longestAddress) throw new HubSpotError(414, 'VALIDATION_ERROR', 'The request URI is too long.');
    });
    guard(routes, { tokens, settings, now });
    addAccountRoutes(routes);
    addAssociationRoutes(routes, portal);
    for (const prefix of objectPrefixes) {
      for (const type of ['contacts', 'companies'] as const) {
        await routes.register(
          async (objects) => {
            addObjectRoutes(objects, { portal, type });
            addActionRoutes(objects, { portal, type });
            addSearchRoutes(objects, { portal, type, settings });
          },
          { prefix: `${prefix}/${type}` },
        );
      }
    }
  };

  const app = createApp();
  answerErrors(app);
  addClockRoutes(app, clock);
  await app.register(async (api) => {
    api.addHook('onRequest', async (request) => requests.count(request));
    strikeWith(api, { faults, answers: faultAnswers });
    spoilPages(api, faults, pageSpoiler);
    await api.register(async (routes) => addOAuthRoutes(routes, { tokens, settings }));
    await api.register(async (routes) => addHubSpotConsent(routes, { tokens, brand }));
    for (const prefix of webhookPrefixes) {
      await api.register(async (routes) => addWebhookRoutes(routes, { webhooks, tokens }), { prefix: `${prefix}/:appId` });
    }
    await api.register(addRecordRoutes);
  });
  addControlRoutes(app, { faults, faultKinds, requests, sender: webhooks });
  addSettingsRoutes(app, { settings, properties: settingsProperties });
  addMassUpdateRoutes(app, ({ table, count }) => portal.massUpdate(table === 'accounts' ? 'companies' : 'contacts', count));

  await app.register(async (pages) => addPages(pages, { brand, kinds: subjectKinds(portal), ...(apiUrl === undefined ? {} : { apiUrl }) }));

  const url = await app.listen({ host, port });
  return {
    url,
    close: async () => {
      await app.close();
      await webhooks.close();
    },
  };
};
