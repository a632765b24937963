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
  /** Epoch milliseconds; the machine's clock when left out. */
  readonly now?: () => number;
  /** A new one with every start when left out: what it holds is gone with it, so another environment is what it is. */
  readonly organizationId?: string;
  /** What `x-ms-dop-hint` recommends as the number of parallel requests. */
  readonly dopHint?: number;
  /** Where the environment at its start, and after a reset, differs from `defaultSettings`. */
  readonly settings?: Partial<EnvironmentSettings>;
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
  const environment = createEnvironment({
    organizationId: options.organizationId ?? randomUUID(),
    nowMs: options.now ?? Date.now,
    ...(options.settings === undefined ? {} : { settings: options.settings }),
    onCommit: (writes) => statistics.countWrites(writes),
  });
  const reset = (): void => {
    environment.reset();
    faults.clear();
    statistics.reset();
  };

  const app = Fastify({
    bodyLimit: largestBodyBytes,
    http: { maxHeaderSize: largestHeadersBytes },
    // A client's idle keep-alive connection must not hold up the end of a test or of the demo.
    forceCloseConnections: true,
    frameworkErrors: sendFrameworkError,
  });
  registerControlRoutes(app, { environment, faults, statistics, reset });
  options.attachTo?.(app);
  await app.register(async (api) => {
    // Bodies stay text: their errors are Dataverse's to tell, and a batch is no JSON.
    api.removeAllContentTypeParsers();
    api.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
    api.setErrorHandler((error, _request, reply) => send(reply, refusal(asDataverseError(error)), options));
    api.all('/api/data/*', async (request, reply) => {
      statistics.current.requests += 1;
      return send(reply, await respond(request), options);
    });
  });

  async function respond(request: FastifyRequest): Promise<ApiResponse> {
    const origin = `http://${request.host}`;
    try {
      const identity = await signIn(request, origin);
      const apiRequest = readRequest(request, origin);
      statistics.countOperation(apiRequest.method, apiRequest.path);
      const fault = faults.next({ isWrite: apiRequest.method !== 'GET', path: apiRequest.path });
      if (fault !== null) {
        if (fault.status === 429) statistics.current.throttled += 1;
        throw fault;
      }
      return run(identity, apiRequest, `${origin}/api/data/${servicePattern.exec(request.url)?.[1] ?? 'v9.2'}/`);
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

  function run(identity: TokenIdentity, request: ApiRequest, serviceRoot: string): ApiResponse {
    const sessionFor = (headers: RequestHeaders, contentIds: Session['contentIds']): Session => ({
      environment,
      caller: resolveCaller(identity, headers),
      statistics: statistics.current,
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
        statistics.countOperation(part.method, part.path);
      },
    });
  }

  await app.listen({ host: options.host, port: options.port });
  return { url: addressOf(app, options.host), close: () => app.close(), reset };
}

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

function send(reply: FastifyReply, response: ApiResponse, { dopHint = 4 }: Pick<DataverseOptions, 'dopHint'>): FastifyReply {
  const requestId = randomUUID();
  return reply
    .code(response.status)
    .headers({
      'OData-Version': '4.0',
      'x-ms-dop-hint': String(dopHint),
      'x-ms-service-request-id': requestId,
      REQ_ID: requestId,
      ...response.headers,
    })
    .send(response.body === '' ? undefined : Buffer.from(response.body));
}

/** What the web framework refuses before a handler sees it: an address that cannot be decoded, a body that is too large. */
function asDataverseError(error: unknown): unknown {
  const status = typeof error === 'object' && error !== null && 'statusCode' in error ? error.statusCode : 500;
  if (status === 413) return new DataverseError(413, '', 'Maximum request length exceeded.');
  return typeof status === 'number' && status < 500 ? new DataverseError(status, '', 'Bad Request') : error;
}

function sendFrameworkError(error: unknown, _request: FastifyRequest, reply: FastifyReply): void {
  void send(reply, refusal(asDataverseError(error)), {});
}

function addressOf(app: FastifyInstance, host: string): string {
  const address = app.server.address() as AddressInfo;
  return `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`;
}
