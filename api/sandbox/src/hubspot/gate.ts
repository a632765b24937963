import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { RollingWindow } from '../crm-kit/rolling-window.ts';
import { isSameSecret } from '../crm-kit/secrets.ts';
import { HubSpotError, rateLimitBody } from './errors.ts';
import { hubSpotSandbox } from './identity.ts';
import type { Settings } from '../crm-kit/settings-routes.ts';
import { type HubSpotSettings, oauthRequestsPerTenSeconds } from './settings.ts';
import type { Tokens } from './tokens.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Granular scopes, one of which the caller needs. */
    readonly hubSpotScopes?: readonly string[];
    /** Search has a limit of its own. */
    readonly isHubSpotSearch?: boolean;
  }
}

interface GateOptions {
  readonly tokens: Tokens;
  readonly settings: Settings<HubSpotSettings>;
  readonly now: () => Date;
}

type Caller = { readonly app: 'private' | 'oauth'; readonly scopes: readonly string[] };

const unauthorised = (category: string, message: string): HubSpotError => new HubSpotError(401, category, message);

const callerOf = (request: FastifyRequest, { tokens, settings, now }: GateOptions): Caller => {
  const token = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (token === undefined) {
    throw unauthorised('INVALID_AUTHENTICATION', 'Authentication credentials not found. This API supports OAuth 2.0 authentication.');
  }
  if (isSameSecret(token, hubSpotSandbox.privateAppToken)) return { app: 'private', scopes: settings.current.scopes };
  const found = tokens.find(token);
  if (found?.kind !== 'installation') {
    throw unauthorised('INVALID_AUTHENTICATION', 'Authentication credentials not found or not valid for this account.');
  }
  if (!tokens.isCurrent(found)) {
    const agoSeconds = Math.floor((now().getTime() - found.expiresAtMs) / 1000);
    throw unauthorised('EXPIRED_AUTHENTICATION', `The OAuth token used to make this call expired ${agoSeconds} second(s) ago.`);
  }
  return { app: 'oauth', scopes: found.scopes };
};

const missingScopes = (wanted: readonly string[]): HubSpotError =>
  new HubSpotError(403, 'MISSING_SCOPES', "This app hasn't been granted all required scopes to make this call.", {
    errors: [{ message: 'One or more of the following scopes are required.', context: { requiredGranularScopes: wanted } }],
  });

/** Where a query of the day's limit begins anew: midnight of the account's own time zone, which is UTC here. */
const dayOf = (moment: Date): string => moment.toISOString().slice(0, 10);

/**
 * Lets in who may, as often as the limits allow. Limits and headers:
 * https://developers.hubspot.com/docs/developer-tooling/platform/usage-guidelines
 */
export const guard = (app: FastifyInstance, options: GateOptions): void => {
  const { settings, now } = options;
  const burst = { private: new RollingWindow({ intervalMs: 10_000, now }), oauth: new RollingWindow({ intervalMs: 10_000, now }) };
  const searches = new RollingWindow({ intervalMs: 1_000, now });
  let day = { date: dayOf(now()), used: 0 };

  const throttle = (reply: FastifyReply, policyName: string): FastifyReply => reply.status(429).send(rateLimitBody(policyName));

  app.addHook('onRequest', async (request, reply) => {
    const caller = callerOf(request, options);
    const { requestsPerTenSeconds, requestsPerDay, searchesPerSecond } = settings.current;
    const { hubSpotScopes = [], isHubSpotSearch = false } = request.routeOptions.config;
    if (day.date !== dayOf(now())) day = { date: dayOf(now()), used: 0 };
    if (day.used >= requestsPerDay) return throttle(reply, 'DAILY');
    const limit = caller.app === 'private' ? requestsPerTenSeconds : Math.min(requestsPerTenSeconds, oauthRequestsPerTenSeconds);
    if (isHubSpotSearch ? !searches.take(searchesPerSecond) : !burst[caller.app].take(limit)) {
      return throttle(reply, isHubSpotSearch ? 'SECONDLY' : 'TEN_SECONDLY_ROLLING');
    }
    day.used += 1;
    // Search answers have none of these.
    if (!isHubSpotSearch) {
      reply.headers({
        'x-hubspot-ratelimit-interval-milliseconds': '10000',
        'x-hubspot-ratelimit-max': String(limit),
        'x-hubspot-ratelimit-remaining': String(burst[caller.app].remaining(limit)),
      });
      // "Not included in the response to API calls authorised using OAuth."
      if (caller.app === 'private') {
        reply.headers({
          'x-hubspot-ratelimit-daily': String(requestsPerDay),
          'x-hubspot-ratelimit-daily-remaining': String(requestsPerDay - day.used),
        });
      }
    }
    if (hubSpotScopes.length > 0 && !hubSpotScopes.some((scope) => caller.scopes.includes(scope))) throw missingScopes(hubSpotScopes);
    return undefined;
  });
};
