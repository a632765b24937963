import { type FastifyInstance } from 'fastify';
import { type SandboxClock } from './clock.ts';
import { type DeliveryStatistics } from './delivery-queue.ts';
import { type Fault, type Faults, faultKinds } from './faults.ts';
import { type RequestCounter } from './request-counter.ts';

const faultSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['kind', 'count'],
  properties: {
    kind: { type: 'string', enum: faultKinds },
    count: { type: 'integer', minimum: 1 },
    status: { type: 'integer', minimum: 400, maximum: 599 },
    policy: { type: 'string' },
    retryAfterSeconds: { type: 'integer', minimum: 0 },
    delayMs: { type: 'integer', minimum: 0 },
    path: { type: 'string' },
    after: { type: 'integer', minimum: 0 },
  },
  // A status fault without its status would be nobody's wish.
  if: { properties: { kind: { const: 'status' } } },
  then: { required: ['status'] },
} as const;

const clockSchema = {
  type: 'object',
  additionalProperties: false,
  minProperties: 1,
  properties: { offsetMs: { type: 'integer' }, passMs: { type: 'integer', minimum: 0 } },
} as const;

const massUpdateSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['table', 'count'],
  properties: { table: { enum: ['accounts', 'contacts'] }, count: { type: 'integer', minimum: 1 } },
} as const;

export interface MassUpdate {
  readonly table: 'accounts' | 'contacts';
  readonly count: number;
}

export interface SettingsSwitch {
  readonly schema: object;
  readonly read: () => object;
  readonly change: (changes: object) => void;
}

interface ControlOptions {
  readonly clock: SandboxClock;
  readonly faults: Faults;
  readonly requests: RequestCounter;
  readonly deliveries: () => DeliveryStatistics;
  readonly settings: SettingsSwitch;
  /** Changes so many records in one and the same moment. How many it were. */
  readonly massUpdate: (table: MassUpdate['table'], count: number) => number;
}

/** What no real CRM has: a clock to move, trouble on request, limits to set, and how often it was asked for what. Needs no key. */
export const addControlRoutes = (app: FastifyInstance, { clock, faults, requests, deliveries, settings, massUpdate }: ControlOptions): void => {
  app.get('/sandbox/faults', () => ({ faults: faults.waiting }));
  app.post<{ Body: Fault }>('/sandbox/faults', { schema: { body: faultSchema } }, (request, reply) => {
    faults.add(request.body);
    return reply.status(201).send({ faults: faults.waiting });
  });
  app.delete('/sandbox/faults', (_request, reply) => {
    faults.clear();
    return reply.status(204).send();
  });

  app.get('/sandbox/statistics', () => ({ ...requests.read(), webhooks: deliveries() }));
  app.delete('/sandbox/statistics', (_request, reply) => {
    requests.clear();
    return reply.status(204).send();
  });

  const clockNow = () => ({ now: clock.now().toISOString(), offsetMs: clock.offsetMs });
  app.get('/sandbox/clock', clockNow);
  app.post<{ Body: { readonly offsetMs?: number; readonly passMs?: number } }>(
    '/sandbox/clock',
    { schema: { body: clockSchema } },
    ({ body }) => {
      if (body.offsetMs !== undefined) clock.setOffsetMs(body.offsetMs);
      if (body.passMs !== undefined) clock.passMs(body.passMs);
      return clockNow();
    },
  );

  app.get('/sandbox/settings', settings.read);
  app.post<{ Body: object }>('/sandbox/settings', { schema: { body: settings.schema } }, ({ body }) => {
    settings.change(body);
    return settings.read();
  });

  /** A bulk edit, as a person makes it in the CRM: more records with one timestamp than any page holds. */
  app.post<{ Body: MassUpdate }>('/sandbox/mass-update', { schema: { body: massUpdateSchema } }, ({ body }) => ({
    updated: massUpdate(body.table, body.count),
  }));
};
