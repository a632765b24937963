/**
 * The sandbox's Dataverse: the Web API of one environment, in memory, over HTTP.
 * A thin shell: signs the caller in, hands the request to `web-api/`, and puts Dataverse's headers on what comes back.
 */
import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { registerControlRoutes } from './control/control-routes.ts';
import { createFaults } from './control/faults.ts';
import { createStatistics } from './control/statistics.ts';
import { createEnvironment, type EnvironmentSettings } from './environment.ts';
import { createClock, type SandboxClock } from './limits/clock.ts';
import { changeLimits, defaultLimits, type LimitChanges } from './limits/settings.ts';
import { createTraffic } from './limits/traffic.ts';
import { resolveCaller, type TokenIdentity, type VerifyToken } from './security/caller.ts';
import { answer, refusal } from './web-api/answer.ts';
import { runBatch } from './web-api/batch.ts';
import { DataverseError, noHttpResource, unauthorized } from './web-api/errors.ts';
import type { ApiRequest, ApiResponse, RequestHeaders, Session } from './web-api/messages.ts';

export interface DataverseOptions {
  readonly host: string;
  /** 0 = any free one. */
  readonly port: number;
  /** null for a token that is no good. A person acts as the user with that Entra object id, an application as its application user. */
  readonly verifyToken: VerifyToken;
  /** What everything measures and waits by; at the machine's speed when left out. */
  readonly clock?: SandboxClock;
  /** Epoch milliseconds that rows are dated by; the clock's when left out. */
  readonly now?: () => number;
  /** A new one with every start when left out: what it holds is gone with it, so another environment is what it is. */
  readonly organizationId?: string;
  /** Where the environment at its start, and after a reset, differs from `defaultSettings`. */
  readonly settings?: Partial<EnvironmentSettings>;
  /** How the web servers differ at start from the defaults, which refuse nobody and take no longer than they need. */
  readonly limits?: LimitChanges;
  /** Adds routes of one's own to the same server, such as the sample form, before it listens. */
  readonly attachTo?: (app: FastifyInstance) => void;
}

export interface RunningDataverse {
  /** `http://127.0.0.1:4510`, without a path. */
  readonly url: string;
  close(): Promise<void>;
  /** Everything as at start: no rows, no faults, statistics at 0. */
  reset(): void;
}

/** The size at which Dataverse answers 413; it publishes 116.85 MB for messages with plug-ins and nothing for others. */
const largestBodyBytes = 120 * 1024 * 1024;
/** Dataverse takes addresses of 32 KB; Node's own limit, for all headers together, is 16. */
const largestHeadersBytes = 64 * 1024;
const servicePattern = /^\/api\/data\/(v9\.[0-2])\/?([^?]*)(?:\?(.*))?$/s;
const businessTables = ['account', 'contact'];

export async function startDataverse(options: DataverseOptions): Promise<RunningDataverse> {
  const statistics = createStatistics(businessTables);
  const faults = createFaults();
  const clock = options.clock ?? createClock();
  const traffic = createTraffic({ clock, settings: changeLimits(defaultLimits, options.limits ?? {}) });
  const startSpeed = clock.speed;
  const environment = createEnvironment({
    organizationId: options.organizationId ?? randomUUID(),
    nowMs: options.now ?? (() => clock.nowMs()),
    ...(options.settings === undefined ? {} : { settings: options.settings }),
    onCommit(writes) {
      statistics.countWrites(writes);
      traffic.meter.committed(writes.length);
    },
  });
  const reset = (): void => {
    environment.reset();
    faults.clear();
    statistics.reset();
    traffic.reset();
    clock.setSpeed(startSpeed);
  };

  const app = Fastify({
    bodyLimit: largestBodyBytes,
    http: { maxHeaderSize: largestHeadersBytes },
    // A client's idle keep-alive connection must not hold up the end of a test or of the demo.
    forceCloseConnections: true,
    frameworkErrors: (error, _request, reply) => void send(reply, refusal(asDataverseError(error))),
    // A switch that is misspelt is refused, not dropped.
    ajv: { customOptions: { removeAdditional: false, coerceTypes: false } },
  });
  registerControlRoutes(app, { environment, faults, statistics, traffic, clock, reset });
  options.attachTo?.(app);
  await app.register(async (api) => {
    // Bodies stay text: their errors are Dataverse's to tell, and a batch is no JSON.
    api.removeAllContentTypeParsers();
    api.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
    api.setErrorHandler((error, _request, reply) => send(reply, refusal(asDataverseError(error))));
    api.all('/api/data/*', async (request, reply) => {
      statistics.current.requests += 1;
      return send(reply, await respond(request));
    });
  });

  async function respond(request: FastifyRequest): Promise<ApiResponse> {
    const origin = `http://${request.host}`;
    try {
      const identity = await signIn(request, origin);
      const apiRequest = readRequest(request, origin);
      const kind = statistics.countOperation(apiRequest.method, apiRequest.path);
      const visit = traffic.enter({ user: bearerOf(identity), cookies: request.headers.cookie });
      const serviceRoot = `${origin}/api/data/${servicePattern.exec(request.url)?.[1] ?? 'v9.2'}/`;
      const response = visit.refusal === null ? work(identity, apiRequest, { kind, serviceRoot }) : refusal(visit.refusal);
      if (response.status === 429) statistics.current.throttled += 1;
      await visit.finish();
      return { ...response, headers: { ...visit.headers(), ...response.headers } };
    } catch (error) {
      return refusal(error);
    }
  }

  async function signIn(request: FastifyRequest, origin: string): Promise<TokenIdentity> {
    const token = /^Bearer\s+(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
    // Whatever goes wrong in looking at a token, the token has not been found good.
    const identity = token === undefined ? null : await options.verifyToken(token).catch(() => null);
    if (identity === null) throw unauthorized(origin);
    return identity;
  }

  function work(identity: TokenIdentity, request: ApiRequest, { kind, serviceRoot }: Readonly<Record<'kind' | 'serviceRoot', string>>) {
    traffic.meter.operation(kind, { isBatchPart: false });
    try {
      const fault = faults.next({ isWrite: request.method !== 'GET', path: request.path });
      if (fault !== null) throw fault;
      return run(identity, request, serviceRoot);
    } catch (error) {
      return refusal(error);
    }
  }

  function run(identity: TokenIdentity, request: ApiRequest, serviceRoot: string): ApiResponse {
    const sessionFor = (headers: RequestHeaders, contentIds: Session['contentIds']): Session => ({
      environment,
      caller: resolveCaller(identity, headers),
      statistics: statistics.current,
      meter: traffic.meter,
      serviceRoot,
      contentIds,
    });
    const session = sessionFor(request.headers, null);
    if (!/^(\$|%24)batch$/i.test(request.path)) return answer(session, request);
    statistics.current.batches += 1;
    return runBatch(request, session, {
      sessionFor: (headers, contentIds) => sessionFor({ ...impersonation(request.headers), ...headers }, contentIds),
      countPart(part) {
        statistics.current.batchParts += 1;
        traffic.meter.operation(statistics.countOperation(part.method, part.path), { isBatchPart: true });
      },
    });
  }

  function send(reply: FastifyReply, response: ApiResponse): FastifyReply {
    const requestId = randomUUID();
    return reply
      .code(response.status)
      .headers({
        'OData-Version': '4.0',
        'x-ms-dop-hint': String(traffic.settings.dopHint),
        'x-ms-service-request-id': requestId,
        REQ_ID: requestId,
        ...response.headers,
      })
      .send(response.body === '' ? undefined : Buffer.from(response.body));
  }

  /** Requests that wait for their simulated end must not hold it up. */
  async function close(): Promise<void> {
    clock.close();
    await app.close();
  }

  await app.listen({ host: options.host, port: options.port });
  return { url: addressOf(app, options.host), close, reset };
}

/** The service protection limits count by who signed in. */
const bearerOf = ({ clientId, objectId }: TokenIdentity): string => clientId ?? objectId ?? 'unknown';

function readRequest(request: FastifyRequest, origin: string): ApiRequest {
  const match = servicePattern.exec(request.url);
  if (match === null) throw noHttpResource(`${origin}${request.url}`);
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(',') : value]),
  );
  const [, , path = '', query = ''] = match;
  return { method: request.method, path, query, headers, body: typeof request.body === 'string' ? request.body : '' };
}

/** A batch's impersonation holds for its parts, unless a part names someone else: never more rights than were asked for. */
function impersonation(headers: RequestHeaders): RequestHeaders {
  const { callerobjectid, mscrmcallerid } = headers;
  return { ...(callerobjectid === undefined ? {} : { callerobjectid }), ...(mscrmcallerid === undefined ? {} : { mscrmcallerid }) };
}

/** What the web framework refuses before a handler sees it: an address that cannot be decoded, a body that is too large. */
function asDataverseError(error: unknown): unknown {
  const status = typeof error === 'object' && error !== null && 'statusCode' in error ? error.statusCode : 500;
  if (status === 413) return new DataverseError(413, '', 'Maximum request length exceeded.');
  return typeof status === 'number' && status < 500 ? new DataverseError(status, '', 'Bad Request') : error;
}

function addressOf(app: FastifyInstance, host: string): string {
  const address = app.server.address() as AddressInfo;
  return `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`;
}
