import type { FastifyInstance } from 'fastify';
import type { Settings } from '../../crm-kit/settings-routes.ts';
import { sysIdFrom } from '../data/instance.ts';
import { errorBody } from '../errors.ts';
import type { ServiceNowSettings } from '../settings.ts';

const hourMs = 3_600_000;
const ruleId = sysIdFrom('sys_rate_limit_rules integration');

/**
 * A rule of sys_rate_limit_rules: so many requests from one full hour to the next.
 * https://www.servicenow.com/docs/r/australia/api-reference/rest-api-explorer/inbound-REST-API-rate-limiting.html
 */
export const addRateLimit = (
  app: FastifyInstance,
  { now, settings }: { readonly now: () => Date; readonly settings: Settings<ServiceNowSettings> },
): void => {
  let hour = 0;
  let used = 0;
  app.addHook('onRequest', async (_request, reply) => {
    const limit = settings.current.requestsPerHour;
    if (limit === null) return undefined;
    const atMs = now().getTime();
    const currentHour = Math.floor(atMs / hourMs);
    if (currentHour !== hour) {
      hour = currentHour;
      used = 0;
    }
    const resetSeconds = ((hour + 1) * hourMs) / 1000;
    reply.headers({ 'x-ratelimit-limit': String(limit), 'x-ratelimit-reset': String(resetSeconds), 'x-ratelimit-rule': ruleId });
    if (used >= limit) {
      return reply
        .status(429)
        .header('retry-after', String(Math.max(1, Math.ceil(resetSeconds - atMs / 1000))))
        .send(errorBody('Rate limit exceeded', `Rate limit of ${limit} requests per hour for Table API exceeded`));
    }
    used += 1;
    return undefined;
  });
};
