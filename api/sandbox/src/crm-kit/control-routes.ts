import type { FastifyInstance } from 'fastify';
import type { Fault, Faults } from './faults.ts';
import type { RequestCounter } from './request-counter.ts';
import type { WebhookSender } from './webhook-sender.ts';

interface ControlRoutesOptions<Kind extends string> {
  readonly faults: Faults<Kind>;
  readonly faultKinds: readonly Kind[];
  readonly requests: RequestCounter;
  readonly sender: Pick<WebhookSender, 'statistics'>;
}

const faultSchema = (kinds: readonly string[]) => ({
  type: 'object',
  additionalProperties: false,
  required: ['kind', 'count'],
  properties: {
    kind: { type: 'string', enum: kinds },
    count: { type: 'integer', minimum: 1 },
    retryAfterSeconds: { type: 'integer', minimum: 0 },
    delayMs: { type: 'integer', minimum: 0, maximum: 600_000 },
    path: { type: 'string' },
    after: { type: 'integer', minimum: 0 },
  },
});

/** What no real CRM has: trouble on request, and how often it was asked for what. Needs no key: it is for tests on this machine. */
export const addControlRoutes = <Kind extends string>(app: FastifyInstance, options: ControlRoutesOptions<Kind>): void => {
  const { faults, faultKinds, requests, sender } = options;
  app.get('/sandbox/faults', () => ({ faults: faults.waiting }));
  app.post<{ Body: Fault<Kind> }>('/sandbox/faults', { schema: { body: faultSchema(faultKinds) } }, (request, reply) => {
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
