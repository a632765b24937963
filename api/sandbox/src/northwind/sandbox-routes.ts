import { type FastifyInstance, type FastifyRequest } from 'fastify';
import { type Fault, type Faults, faultKinds } from './faults.ts';
import { type WebhookSender } from './webhook-sender.ts';

const faultSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['kind', 'count'],
  properties: {
    kind: { type: 'string', enum: faultKinds },
    count: { type: 'integer', minimum: 1 },
    retryAfterSeconds: { type: 'integer', minimum: 0 },
    path: { type: 'string' },
  },
} as const;

/** `GET /api/v1/people?ids` is a request of its own kind, so it is counted apart from pages. */
const routeOf = (request: FastifyRequest): string => {
  const isGetMany = typeof request.query === 'object' && request.query !== null && 'ids' in request.query;
  return `${request.method} ${request.routeOptions.url ?? 'unknown'}${isGetMany ? '?ids' : ''}`;
};

/** Counts requests of the API's routes, by route. */
export const createRequestCounter = () => {
  const counts = new Map<string, number>();
  return {
    count: (request: FastifyRequest): void => {
      const route = routeOf(request);
      counts.set(route, (counts.get(route) ?? 0) + 1);
    },
    clear: (): void => counts.clear(),
    read: (): Readonly<Record<string, number>> => Object.fromEntries(counts),
  };
};

interface SandboxRoutesOptions {
  readonly faults: Faults;
  readonly requests: ReturnType<typeof createRequestCounter>;
  readonly sender: WebhookSender;
}

/** What no real CRM has: trouble on request, and how often it was asked for what. Needs no key: it is for tests on this machine. */
export const addSandboxRoutes = (app: FastifyInstance, { faults, requests, sender }: SandboxRoutesOptions): void => {
  app.get('/sandbox/faults', () => ({ faults: faults.waiting }));
  app.post<{ Body: Fault }>('/sandbox/faults', { schema: { body: faultSchema } }, (request, reply) => {
    faults.add(request.body);
    return reply.status(201).send({ faults: faults.waiting });
  });
  app.delete('/sandbox/faults', (_request, reply) => {
    faults.clear();
    return reply.status(204).send();
  });
  app.get('/sandbox/statistics', () => ({ requestsByRoute: requests.read(), webhooks: sender.statistics }));
  app.delete('/sandbox/statistics', (_request, reply) => {
    requests.clear();
    return reply.status(204).send();
  });
};
