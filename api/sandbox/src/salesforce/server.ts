import Fastify, { type FastifyInstance } from 'fastify';
import { addControlRoutes } from '../crm-kit/control-routes.ts';
import { Faults, strikeWith } from '../crm-kit/faults.ts';
import { addPages } from '../crm-kit/pages/routes.ts';
import { createRequestCounter } from '../crm-kit/request-counter.ts';
import type { CrmOptions, RunningCrm } from '../crm-kit/running-crm.ts';
import { addSettingsRoutes } from '../crm-kit/settings-routes.ts';
import { addClockRoutes, createSkewedClock } from '../crm-kit/skewed-clock.ts';
import { addSubscriptionRoutes } from '../crm-kit/subscription-routes.ts';
import { WebhookSender } from '../crm-kit/webhook-sender.ts';
import { announceChange } from './apex.ts';
import { addBulkRoutes } from './bulk/bulk-routes.ts';
import { Jobs } from './bulk/jobs.ts';
import { addSalesforceControlRoutes } from './control-routes.ts';
import { idOf } from './data/ids.ts';
import { loadOrg } from './data/load.ts';
import { Org } from './data/org.ts';
import { SalesforceError, answerErrors, errors } from './errors.ts';
import { type FaultKind, faultAnswers, faultKinds } from './faults.ts';
import { addAuthorizeRoutes } from './oauth/authorize-routes.ts';
import { addIdentityRoutes } from './oauth/identity-routes.ts';
import { createJwtBearer } from './oauth/jwt-bearer.ts';
import { Sessions } from './oauth/sessions.ts';
import { addTokenRoutes } from './oauth/token-routes.ts';
import { subjectKinds } from './pages.ts';
import { addCollectionRoutes } from './rest/collection-routes.ts';
import { type RestContext, versionOf } from './rest/context.ts';
import { addLimitsRoute } from './rest/limits-route.ts';
import { addQueryRoutes } from './rest/query-routes.ts';
import { type DeleteLog, addReplicationRoutes } from './rest/replication-routes.ts';
import { createRequestBudget } from './rest/request-budget.ts';
import { addSobjectRoutes } from './rest/sobject-routes.ts';
import { resources, versionList } from './rest/versions.ts';
import { createSettings, settingsProperties } from './settings.ts';

export interface SalesforceOptions extends Omit<CrmOptions, 'apiUrl'> {
  readonly apiUrl?: string;
  readonly now?: () => Date;
  /** Pauses before a message's further attempts. */
  readonly webhookRetryDelaysMs?: readonly number[];
}

const brand = { name: 'Salesforce (sandbox)', records: 'Accounts and contacts' } as const;

/** Long enough for an address that the API itself refuses as too long. */
const largestHeadersBytes = 65_536;

const requireSession = (api: FastifyInstance, sessions: Sessions): void => {
  api.addHook('onRequest', async (request) => {
    const [scheme = '', token = ''] = (request.headers.authorization ?? '').split(' ');
    if (!/^(Bearer|OAuth)$/i.test(scheme)) throw new SalesforceError(401, 'INVALID_AUTH_HEADER', 'INVALID_HEADER_TYPE');
    if (!sessions.use(token)) throw errors.invalidSession();
  });
};

/** A Salesforce organisation in memory: sign-in, REST API, Bulk API 2.0 queries, pages for people, and what an Apex trigger would send. */
export const startSalesforce = async (options: SalesforceOptions): Promise<RunningCrm> => {
  const { host, port, apiUrl, webhookRetryDelaysMs } = options;
  const clock = createSkewedClock(options.now ?? (() => new Date()));
  const { now } = clock;
  const sender = new WebhookSender({ now, ...(webhookRetryDelaysMs ? { retryDelaysMs: webhookRetryDelaysMs } : {}) });
  const org = new Org({ now, onChange: (change) => announceChange({ sender, now }, change) });
  loadOrg(org, options);
  const settings = createSettings();
  const faults = new Faults<FaultKind>();
  const requests = createRequestCounter();
  const budget = createRequestBudget({ now, settings });
  const sessions = new Sessions({ now, settings });
  const jwtBearer = createJwtBearer();
  const jobs = new Jobs({ now, pollsUntilDone: () => settings.current.bulkPollsUntilDone });
  const deleteLog: DeleteLog = { purgedUntil: null };
  let url = '';

  const app = Fastify({
    http: { maxHeaderSize: largestHeadersBytes },
    routerOptions: { ignoreTrailingSlash: true },
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false, allowUnionTypes: true } },
    forceCloseConnections: true,
  });
  answerErrors(app);
  addClockRoutes(app, clock);

  await app.register(async (oauth) => {
    oauth.addHook('onRequest', async (request) => requests.count(request));
    strikeWith(oauth, { faults, answers: faultAnswers });
    addTokenRoutes(oauth, { sessions, jwtBearer, now, url: () => url });
  });
  await app.register(async (authorize) => addAuthorizeRoutes(authorize, { sessions, brand }));
  await app.register(async (identity) => {
    requireSession(identity, sessions);
    addIdentityRoutes(identity, () => url);
  });

  app.get('/services/data', () => versionList());
  await app.register(
    async (api) => {
      const context: RestContext = { org, now, settings, faults, budget };
      api.addHook('onRequest', async (request) => requests.count(request));
      strikeWith(api, { faults, answers: faultAnswers });
      api.addHook('onRequest', async (request) => void versionOf(request));
      requireSession(api, sessions);
      api.addHook('onRequest', async () => budget.spend());
      api.addHook('onSend', async (_request, reply) => void reply.header('sforce-limit-info', budget.header()));
      api.get('/', (request) => resources(versionOf(request)));
      addLimitsRoute(api, { budget, jobs, dailyApiRequests: () => settings.current.dailyApiRequests });
      addQueryRoutes(api, context);
      addSobjectRoutes(api, context);
      addReplicationRoutes(api, context, deleteLog);
      addCollectionRoutes(api, context);
      addBulkRoutes(api, context, jobs);
    },
    { prefix: '/services/data/:version' },
  );

  addControlRoutes(app, { faults, faultKinds, requests, sender });
  addSettingsRoutes(app, { settings, properties: settingsProperties });
  addSubscriptionRoutes(app, sender);
  addSalesforceControlRoutes(app, { org, sessions, jwtBearer, deleteLog, now });
  await app.register(async (pages) => {
    addPages(pages, { brand, kinds: subjectKinds(org), ...(apiUrl === undefined ? {} : { apiUrl }) });
    // The link that Salesforce promises to keep: the id right behind the host, in either form.
    pages.get<{ Params: { id: string } }>('/:id', ({ params }, reply) => {
      const object = { '001': 'Account', '003': 'Contact' }[params.id.slice(0, 3)];
      const id = idOf(params.id);
      if (object === undefined || id === undefined || !org.get(object, id)) throw errors.noSuchResource();
      return reply.redirect(`/${object}/${id}`, 302);
    });
    for (const object of ['Account', 'Contact']) {
      pages.get<{ Params: { id: string } }>(`/lightning/r/${object}/:id/view`, ({ params }, reply) =>
        reply.redirect(`/${object}/${params.id}`, 302),
      );
    }
  });

  url = await app.listen({ host, port });
  return {
    url,
    close: async () => {
      await app.close();
      await sender.close();
    },
  };
};
