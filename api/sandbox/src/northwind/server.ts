import { createHash, timingSafeEqual } from 'node:crypto';
import Fastify, { type FastifyError, type FastifyInstance } from 'fastify';
import { loadRecords } from '../crm-data/load-records.ts';
import { addControlRoutes } from '../crm-kit/control-routes.ts';
import { Faults, strikeWith } from '../crm-kit/faults.ts';
import { addPages } from '../crm-kit/pages/routes.ts';
import { Refusal } from '../crm-kit/refusal.ts';
import { createRequestCounter } from '../crm-kit/request-counter.ts';
import { WebhookSender } from '../crm-kit/webhook-sender.ts';
import { bodySchemas } from './body-schemas.ts';
import { addCollectionRoutes } from './collection-routes.ts';
import { type Crm, createCrm } from './crm.ts';
import { type FaultKind, faultAnswers, faultKinds } from './faults.ts';
import { addHookRoutes } from './hook-routes.ts';
import { subjectKinds } from './pages/subjects.ts';
import { errorBody } from './problem.ts';
import { requestName } from './request-name.ts';
import { changeJson } from './wire.ts';

export const northwindApiKey = 'northwind-sandbox-key';

export interface NorthwindOptions {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** Generated companies, beside the sample data's 42. */
  readonly accounts: number;
  /** Generated people, beside the sample data's 42. */
  readonly contacts: number;
  /** The same seed gives the same records. */
  readonly seed: number;
  readonly now?: () => Date;
  /** Where CRM Sync's panel is; its pages link to it. */
  readonly apiUrl?: string;
  /** Pauses before a webhook's further attempts. */
  readonly webhookRetryDelaysMs?: readonly number[];
}

export interface RunningNorthwind {
  /** Without a slash at its end. */
  readonly url: string;
  readonly close: () => Promise<void>;
}

const brand = { name: 'Northwind Traders CRM', records: 'Companies and people' } as const;

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
const isApiKey = (given: unknown): boolean => typeof given === 'string' && timingSafeEqual(digest(given), digest(northwindApiKey));

const answerErrors = (app: FastifyInstance): void => {
  app.setNotFoundHandler((request, reply) =>
    reply.status(404).send(errorBody('not_found', `There is no ${request.method} ${request.url}.`)),
  );
  app.setErrorHandler<FastifyError | Refusal>((error, _request, reply) => {
    const status = error.statusCode ?? 500;
    const code = error instanceof Refusal ? error.code : status < 500 ? 'bad_request' : 'internal';
    return reply.status(status).send(errorBody(code, error.message));
  });
};

/** Northwind Traders CRM: a plain REST CRM in memory, its web pages, and its webhooks. */
export const startNorthwind = async (options: NorthwindOptions): Promise<RunningNorthwind> => {
  const { host, port, accounts, contacts, seed, now = () => new Date(), apiUrl, webhookRetryDelaysMs } = options;
  const sender = new WebhookSender({ now, ...(webhookRetryDelaysMs ? { retryDelaysMs: webhookRetryDelaysMs } : {}) });
  const crm: Crm = createCrm({
    ...loadRecords({ accounts, contacts, seed }),
    now,
    onChange: (change) => sender.announce(changeJson(change)),
  });
  const faults = new Faults<FaultKind>();
  const requests = createRequestCounter(requestName);

  const app = Fastify({
    // A body is taken as it is or refused; a CRM that bends `"12"` to 12 would hide a client's mistake.
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false, allowUnionTypes: true } },
    forceCloseConnections: true,
  });
  answerErrors(app);
  await app.register(
    async (api) => {
      api.addHook('onRequest', async (request) => requests.count(request));
      strikeWith(api, { faults, answers: faultAnswers });
      api.addHook('onRequest', async (request) => {
        if (!isApiKey(request.headers['x-api-key'])) throw new Refusal(401, 'unauthorized', 'The API key is not valid.');
      });
      api.get('/ping', () => ({ name: 'Northwind Traders CRM', version: '1.0', time: now().toISOString() }));
      addCollectionRoutes(api, { collection: crm.companies, schemas: bodySchemas.companies });
      addCollectionRoutes(api, { collection: crm.people, schemas: bodySchemas.people });
      addHookRoutes(api, sender);
    },
    { prefix: '/api/v1' },
  );
  addControlRoutes(app, { faults, faultKinds, requests, sender });
  await app.register(async (pages) => addPages(pages, { brand, kinds: subjectKinds(crm), ...(apiUrl === undefined ? {} : { apiUrl }) }));

  const url = await app.listen({ host, port });
  return {
    url,
    close: async () => {
      await app.close();
      await sender.close();
    },
  };
};
