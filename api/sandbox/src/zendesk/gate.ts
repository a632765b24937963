import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { RollingWindow } from '../crm-kit/rolling-window.ts';
import { isSameSecret } from '../crm-kit/secrets.ts';
import type { Settings } from '../crm-kit/settings-routes.ts';
import type { ApiTokens } from './api-tokens.ts';
import { ZendeskError, forbidden } from './errors.ts';
import { zendeskSandbox } from './identity.ts';
import type { ZendeskSettings } from './settings.ts';
import type { Tokens } from './tokens.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What the route is about; a scope is this and `:read` or `:write`. */
    readonly zendeskResource?: 'users' | 'organizations' | 'webhooks';
    readonly isForAdmins?: boolean;
    /** Exports have a limit of their own. */
    readonly zendeskExport?: 'full' | 'sample';
  }
}

interface GateOptions {
  readonly tokens: Tokens;
  readonly apiTokens: ApiTokens;
  readonly settings: Settings<ZendeskSettings>;
  readonly now: () => Date;
}

const minuteMs = 60_000;
const sampleLimit = { requests: 10, intervalMs: 20 * minuteMs } as const;

const couldNot = (): ZendeskError => new ZendeskError(401, { error: "Couldn't authenticate you" });
const invalidToken = (): ZendeskError =>
  new ZendeskError(401, {
    error: 'invalid_token',
    error_description: 'The access token provided is expired, revoked, malformed or invalid for other reasons.',
  });

/** The scopes of the caller; an API token may do everything that its user may. */
const scopesOf = ({ headers }: FastifyRequest, { tokens, apiTokens, settings }: GateOptions): readonly string[] => {
  const [scheme = '', value = ''] = (headers.authorization ?? '').split(' ', 2);
  if (scheme.toLowerCase() === 'bearer') {
    const scope = tokens.scopeOf(value);
    if (scope === undefined) throw invalidToken();
    return scope.split(' ');
  }
  if (scheme.toLowerCase() !== 'basic' || settings.current.apiTokens === 'deactivated') throw couldNot();
  const [user = '', secret = ''] = Buffer.from(value, 'base64').toString('utf8').split(':', 2);
  // A password instead of a token has not been taken since 2024.
  if (!isSameSecret(user, `${zendeskSandbox.adminEmail}/token`) || !apiTokens.isGood(secret)) throw couldNot();
  return ['read', 'write'];
};

/** Lets in who may, as often as the limits allow. https://developer.zendesk.com/api-reference/introduction/rate-limits/ */
export const guard = (app: FastifyInstance, options: GateOptions): void => {
  const { settings, now } = options;
  const all = new RollingWindow({ intervalMs: minuteMs, now });
  const exports = {
    full: new RollingWindow({ intervalMs: minuteMs, now }),
    sample: new RollingWindow({ intervalMs: sampleLimit.intervalMs, now }),
  };

  // The documented answer is text, not JSON.
  const throttle = (reply: FastifyReply, window: RollingWindow, what: string): FastifyReply =>
    reply
      .status(429)
      .headers({ 'retry-after': String(window.secondsUntilRoom()), 'content-type': 'text/html; charset=utf-8' })
      .send(`Number of allowed ${what} per minute exceeded`);

  app.addHook('onRequest', async (request, reply) => {
    const scopes = scopesOf(request, options);
    const { requestsPerMinute, incrementalRequestsPerMinute, callerRole } = settings.current;
    const { zendeskResource, zendeskExport, isForAdmins = false } = request.routeOptions.config;
    const isRoom = all.take(requestsPerMinute);
    const remaining = String(all.remaining(requestsPerMinute));
    reply.headers({
      'x-rate-limit': String(requestsPerMinute),
      'x-rate-limit-remaining': remaining,
      'ratelimit-limit': String(requestsPerMinute),
      'ratelimit-remaining': remaining,
      'ratelimit-reset': String(all.secondsUntilRoom()),
    });
    if (!isRoom) return throttle(reply, all, 'API requests');
    if (zendeskExport !== undefined) {
      const limit = zendeskExport === 'full' ? incrementalRequestsPerMinute : sampleLimit.requests;
      if (!exports[zendeskExport].take(limit)) return throttle(reply, exports[zendeskExport], 'incremental export API requests');
    }
    const kind = request.method === 'GET' ? 'read' : 'write';
    const wanted = [kind, ...(zendeskResource === undefined ? [] : [`${zendeskResource}:${kind}`])];
    if (!wanted.some((scope) => scopes.includes(scope))) throw forbidden(`Missing the following required scopes: ${wanted.at(-1)}`);
    if (isForAdmins && callerRole !== 'admin')
      throw forbidden('You do not have access to this page. Please contact the account owner of this help desk for further help.');
    return undefined;
  });
};
