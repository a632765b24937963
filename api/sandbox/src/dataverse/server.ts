/**
 * The sandbox's Dataverse: the Web API of one environment, in memory, over HTTP.
 * A thin shell: composes it, and puts Dataverse's headers on what comes back.
 */
import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import Fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import { resetConnection, sendHalf } from './control/broken-delivery.ts';
import { registerControlRoutes } from './control/control-routes.ts';
import { createFaults } from './control/faults.ts';
import { createStatistics } from './control/statistics.ts';
import { createEnvironment, type EnvironmentSettings } from './environment.ts';
import { createClock, type SandboxClock } from './limits/clock.ts';
import { changeLimits, defaultLimits, type LimitChanges } from './limits/settings.ts';
import { createTraffic } from './limits/traffic.ts';
import type { VerifyToken } from './security/caller.ts';
import { createRequestServer, type Served } from './serve-request.ts';
import { refusal } from './web-api/answer.ts';
import { DataverseError } from './web-api/errors.ts';
import type { ApiResponse } from './web-api/messages.ts';

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
const businessTables = ['account', 'contact'];

export async function startDataverse(options: DataverseOptions): Promise<RunningDataverse> {
  const clock = options.clock ?? createClock();
  const statistics = createStatistics(businessTables, () => clock.nowMs());
  const faults = createFaults();
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
  const serve = createRequestServer({ environment, statistics, faults, traffic, clock, verifyToken: options.verifyToken });
  const reset = (): void => {
    environment.reset();
    faults.clear();
    traffic.reset();
    clock.setSpeed(startSpeed);
    statistics.reset();
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
      return deliver(reply, await serve(request));
    });
  });

  function withHeaders(response: ApiResponse): ApiResponse {
    const requestId = randomUUID();
    const headers = {
      'OData-Version': '4.0',
      'x-ms-dop-hint': String(traffic.settings.dopHint),
      'x-ms-service-request-id': requestId,
      REQ_ID: requestId,
    };
    return { ...response, headers: { ...headers, ...response.headers } };
  }

  function send(reply: FastifyReply, response: ApiResponse): FastifyReply {
    const { status, headers, body } = withHeaders(response);
    return reply
      .code(status)
      .headers(headers)
      .send(body === '' ? undefined : Buffer.from(body));
  }

  function deliver(reply: FastifyReply, { response, delivery }: Served): FastifyReply {
    if (delivery === 'whole') return send(reply, response);
    reply.hijack();
    if (delivery === 'half') sendHalf(reply.raw, withHeaders(response));
    else resetConnection(reply.raw);
    return reply;
  }

  /** Requests that wait for their simulated end must not hold it up. */
  async function close(): Promise<void> {
    clock.close();
    await app.close();
  }

  await app.listen({ host: options.host, port: options.port });
  return { url: addressOf(app, options.host), close, reset };
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
