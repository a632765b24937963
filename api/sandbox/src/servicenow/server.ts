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
import { announceChange } from './business-rule.ts';
import { addServiceNowControlRoutes } from './control-routes.ts';
import { Instance } from './data/instance.ts';
import { loadInstance } from './data/load.ts';
import { findTable } from './data/tables.ts';
import { answerErrors, errors } from './errors.ts';
import { type FaultKind, faultAnswers, faultKinds } from './faults.ts';
import { hibernateOnRequest } from './hibernation.ts';
import { SignIn } from './oauth/sign-in.ts';
import { addTokenRoutes } from './oauth/token-routes.ts';
import { subjectKinds } from './pages.ts';
import { type RestContext, apiPrefixes } from './rest/context.ts';
import { addRateLimit } from './rest/rate-limit.ts';
import { addTableRoutes } from './rest/table-routes.ts';
import { createSettings, settingsProperties } from './settings.ts';

export interface ServiceNowOptions extends Omit<CrmOptions, 'apiUrl'> {
  readonly apiUrl?: string;
  readonly now?: () => Date;
  /** Pauses before a message's further attempts. */
  readonly webhookRetryDelaysMs?: readonly number[];
}

const brand = { name: 'ServiceNow (sandbox)', records: 'Accounts and contacts' } as const;

/** Long enough for queries of some hundred ids in an address. */
const largestHeadersBytes = 65_536;

const requireSignIn = (api: FastifyInstance, signIn: SignIn): void => {
  api.addHook('onRequest', async (request, reply) => {
    const admitted = signIn.admit(request);
    if (!admitted) throw errors.notAuthenticated();
    if (admitted.isNew) reply.header('set-cookie', `JSESSIONID=${admitted.sessionId}; Path=/; HttpOnly`);
  });
};

/** The two addresses that link to a record from elsewhere: `nav_to.do`, and the record's own form. */
const addDeepLinks = (pages: FastifyInstance): void => {
  pages.get<{ Querystring: { uri?: unknown } }>('/nav_to.do', ({ query }, reply) => {
    const [, table = '', sysId = ''] = /^\/?(\w+)\.do\?sys_id=([0-9a-f]{32})$/.exec(typeof query.uri === 'string' ? query.uri : '') ?? [];
    if (!findTable(table)) throw errors.noRecord();
    return reply.redirect(`/${table}/${sysId}`, 302);
  });
  for (const table of ['customer_account', 'customer_contact']) {
    pages.get<{ Querystring: { sys_id?: unknown } }>(`/${table}.do`, ({ query }, reply) =>
      reply.redirect(`/${table}/${String(query.sys_id)}`, 302),
    );
  }
};

/** A ServiceNow instance in memory: sign-in, Table API, pages for people, and what a business rule would send. */
export const startServiceNow = async (options: ServiceNowOptions): Promise<RunningCrm> => {
  const { host, port, apiUrl, webhookRetryDelaysMs } = options;
  const clock = createSkewedClock(options.now ?? (() => new Date()));
  const { now } = clock;
  const settings = createSettings();
  const sender = new WebhookSender({ now, ...(webhookRetryDelaysMs ? { retryDelaysMs: webhookRetryDelaysMs } : {}) });
  const instance = new Instance({
    now,
    isDeleteAudited: () => settings.current.isDeleteAudited,
    onChange: (change) => announceChange({ sender, now }, change),
  });
  loadInstance(instance, options);
  const faults = new Faults<FaultKind>();
  const requests = createRequestCounter();
  const signIn = new SignIn({ now, settings });
  let url = '';

  const app = Fastify({
    http: { maxHeaderSize: largestHeadersBytes },
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false, allowUnionTypes: true } },
    forceCloseConnections: true,
  });
  answerErrors(app);
  addClockRoutes(app, clock);

  const watch = (api: FastifyInstance): void => {
    api.addHook('onRequest', async (request) => requests.count(request));
    hibernateOnRequest(api, settings);
    strikeWith(api, { faults, answers: faultAnswers });
  };
  await app.register(async (oauth) => {
    watch(oauth);
    addTokenRoutes(oauth, { signIn, settings });
  });
  const context: RestContext = { instance, settings, faults, url: () => url };
  await app.register(async (api) => {
    watch(api);
    requireSignIn(api, signIn);
    addRateLimit(api, { now, settings });
    for (const prefix of apiPrefixes) await api.register(async (version) => addTableRoutes(version, context), { prefix });
  });

  addControlRoutes(app, { faults, faultKinds, requests, sender });
  addSettingsRoutes(app, { settings, properties: settingsProperties });
  addSubscriptionRoutes(app, sender);
  addServiceNowControlRoutes(app, { instance, signIn });
  await app.register(async (pages) => {
    addPages(pages, { brand, kinds: subjectKinds(instance), ...(apiUrl === undefined ? {} : { apiUrl }) });
    addDeepLinks(pages);
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
