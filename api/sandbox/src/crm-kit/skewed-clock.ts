import type { FastifyInstance } from 'fastify';

export interface SkewedClock {
  readonly now: () => Date;
  /** How far the CRM's clock is ahead of ours; behind when negative. */
  skewMs: number;
}

/** A CRM's own clock: right, until somebody asks it to be wrong. */
export const createSkewedClock = (now: () => Date): SkewedClock => {
  const clock: SkewedClock = { skewMs: 0, now: () => new Date(now().getTime() + clock.skewMs) };
  return clock;
};

const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['skewMs'],
  properties: { skewMs: { type: 'integer', minimum: -86_400_000, maximum: 86_400_000 } },
} as const;

/** `PUT /sandbox/clock {"skewMs"}`. The `Date` header of every answer follows. */
export const addClockRoutes = (app: FastifyInstance, clock: SkewedClock): void => {
  app.addHook('onSend', async (_request, reply) => void reply.header('date', clock.now().toUTCString()));
  app.put<{ Body: { readonly skewMs: number } }>('/sandbox/clock', { schema: { body: schema } }, (request) => {
    clock.skewMs = request.body.skewMs;
    return { skewMs: clock.skewMs, now: clock.now().toISOString() };
  });
};
