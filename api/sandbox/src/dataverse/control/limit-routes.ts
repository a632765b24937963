/** The switches of time and of the service protection limits. */
import type { FastifyInstance } from 'fastify';
import Type, { type Static } from 'typebox';
import { largestSpeed, type SandboxClock } from '../limits/clock.ts';
import { type LimitChanges, limitChangesSchema } from '../limits/settings.ts';
import type { Traffic } from '../limits/traffic.ts';

const clockChangeSchema = Type.Object({ speed: Type.Number({ minimum: 1, maximum: largestSpeed }) }, { additionalProperties: false });

export function registerLimitRoutes(
  app: FastifyInstance,
  { traffic, clock }: { readonly traffic: Traffic; readonly clock: SandboxClock },
): void {
  const clockState = () => {
    const nowMs = clock.nowMs();
    return { nowMs, now: new Date(nowMs).toISOString(), speed: clock.speed, lateness: clock.lateness };
  };
  app.get('/sandbox/clock', async () => clockState());
  app.post<{ Body: Static<typeof clockChangeSchema> }>('/sandbox/clock', { schema: { body: clockChangeSchema } }, async ({ body }) => {
    clock.setSpeed(body.speed);
    return clockState();
  });
  app.get('/sandbox/limits', async () => traffic.settings);
  app.post<{ Body: LimitChanges }>('/sandbox/limits', { schema: { body: limitChangesSchema } }, async ({ body }) => {
    traffic.change(body);
    return traffic.settings;
  });
}
