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
import { buildAccountData } from './account-data.ts';
import { addApiTokenRoutes, createApiTokens } from './api-tokens.ts';
import { addZendeskConsent } from './consent-routes.ts';
import { Directory } from './directory.ts';
import { answerErrors } from './errors.ts';
import { type FaultKind, faultAnswers, faultKinds, pageSpoiler } from './faults.ts';
import { addFieldRoutes } from './field-routes.ts';
import { guard } from './gate.ts';
import { addIncrementalRoutes } from './incremental-routes.ts';
import { addMembershipRoutes } from './membership-routes.ts';
import { addOAuthRoutes } from './oauth-routes.ts';
import { addOrganizationRoutes } from './organization-routes.ts';
import { subjectKinds } from './pages.ts';
import { type ZendeskSettings, defaultSettings, settingsProperties } from './settings.ts';
import { Tokens } from './tokens.ts';
import { addUserRoutes } from './user-routes.ts';
import { addWebhookRoutes } from './webhook-routes.ts';
import { Webhooks } from './webhooks.ts';

export interface ZendeskOptions extends Omit<CrmOptions, 'apiUrl'> {
  readonly now?: () => Date;
  readonly settings?: Partial<ZendeskSettings>;
  /** Pauses before a webhook's further attempts. */
  readonly webhookRetryDelaysMs?: readonly number[];
  /** Where CRM Sync's panel is; the pages link to it. */
  readonly apiUrl?: string;
}

const brand = { name: 'Zendesk (sandbox)', records: 'Organizations and users' } as const;

/** `/api/v2/users.json` is `/api/v2/users`. */
const withoutSuffix = (url: string): string => url.replace(/\.json(?=\?|$)/, '');

/** A Zendesk account in memory: users, organizations, exports, OAuth, webhooks, and its limits. */
export const startZendesk = async (options: ZendeskOptions): Promise<RunningCrm> => {
  const { host, port, apiUrl, webhookRetryDelaysMs } = options;
  const clock = createSkewedClock(options.now ?? (() => new Date()));
  const { now } = clock;
  const settings: Settings<ZendeskSettings> = { current: { ...defaultSettings, ...options.settings } };
  const webhooks = new Webhooks({
    now,
    settings: () => settings.current,
    ...(webhookRetryDelaysMs ? { retryDelaysMs: webhookRetryDelaysMs } : {}),
  });
  const directory = new Directory({ data: buildAccountData(loadRecords(options)), now, onEvent: (event) => webhooks.announce(event) });
  const tokens = new Tokens(now);
  const apiTokens = createApiTokens();
  const faults = new Faults<FaultKind>();
  const requests = createRequestCounter();
  let url = '';
  const baseUrl = (): string => url;

  const app = createApp({ rewriteUrl: ({ url: asked = '/' }) => withoutSuffix(asked) });
  answerErrors(app);
  addClockRoutes(app, clock);
  await app.register(async (api) => {
    api.addHook('onRequest', async (request) => requests.count(request));
    strikeWith(api, { faults, answers: faultAnswers });
    spoilPages(api, faults, pageSpoiler);
    await api.register(async (routes) => addOAuthRoutes(routes, { tokens, settings }));
    await api.register(async (routes) => addZendeskConsent(routes, { tokens, brand }));
    await api.register(
      async (routes) => {
        guard(routes, { tokens, apiTokens, settings, now });
        addUserRoutes(routes, { directory, baseUrl });
        addOrganizationRoutes(routes, { directory, baseUrl });
        addMembershipRoutes(routes, { directory, baseUrl });
        addIncrementalRoutes(routes, { directory, baseUrl });
        addFieldRoutes(routes, settings);
        addApiTokenRoutes(routes, apiTokens, settings);
        addWebhookRoutes(routes, { webhooks, baseUrl });
      },
      { prefix: '/api/v2' },
    );
  });
  addControlRoutes(app, { faults, faultKinds, requests, sender: webhooks });
  addSettingsRoutes(app, { settings, properties: settingsProperties });
  addMassUpdateRoutes(app, ({ table, count }) => directory.massUpdate(table, count));
  await app.register(async (pages) =>
    addPages(pages, { brand, kinds: subjectKinds(directory), ...(apiUrl === undefined ? {} : { apiUrl }) }),
  );

  url = await app.listen({ host, port });
  return {
    url,
    close: async () => {
      await app.close();
      await webhooks.close();
    },
  };
};
