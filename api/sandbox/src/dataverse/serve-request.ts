/** One request's way: who calls, whether the web server lets it in, the fault that meets it, its work, and how long that takes. */
import type { FastifyRequest } from 'fastify';
import { untilGone } from './control/broken-delivery.ts';
import { countRows, faultAnswer } from './control/fault-answers.ts';
import type { FaultOrder, Faults } from './control/faults.ts';
import type { StatisticsRecorder } from './control/statistics.ts';
import type { Environment } from './environment.ts';
import type { SandboxClock } from './limits/clock.ts';
import type { Traffic } from './limits/traffic.ts';
import { resolveCaller, type TokenIdentity, type VerifyToken } from './security/caller.ts';
import { answer, refusal } from './web-api/answer.ts';
import { runBatch } from './web-api/batch.ts';
import { noHttpResource, unauthorized } from './web-api/errors.ts';
import type { ApiRequest, ApiResponse, RequestHeaders, Session } from './web-api/messages.ts';
import { isBatch } from './web-api/resource-path.ts';

export interface Served {
  readonly response: ApiResponse;
  /** `half`: the answer breaks off; `nothing`: the connection is reset instead of an answer. */
  readonly delivery: 'whole' | 'half' | 'nothing';
}

export interface RequestServerParts {
  readonly environment: Environment;
  readonly statistics: StatisticsRecorder;
  readonly faults: Faults;
  readonly traffic: Traffic;
  readonly clock: SandboxClock;
  readonly verifyToken: VerifyToken;
}

const servicePattern = /^\/api\/data\/(v9\.[0-2])\/?([^?]*)(?:\?(.*))?$/s;

export function createRequestServer(parts: RequestServerParts): (request: FastifyRequest) => Promise<Served> {
  const { environment, statistics, faults, traffic, clock, verifyToken } = parts;

  async function serve(request: FastifyRequest): Promise<Served> {
    const origin = `http://${request.host}`;
    try {
      const identity = await signIn(request, { origin, verifyToken });
      const apiRequest = readRequest(request, origin);
      const kind = statistics.countOperation(apiRequest.method, apiRequest.path);
      // From here to `finish` without a pause: the meter reads this request's work alone.
      const visit = traffic.enter({ user: bearerOf(identity), cookies: request.headers.cookie });
      const fault = visit.refusal === null ? takeFault(apiRequest) : null;
      const struck = fault === null ? null : faultAnswer(fault, { origin, nowMs: clock.nowMs() });
      if (visit.refusal === null) traffic.meter.operation(kind, { isBatchPart: false });
      const response =
        visit.refusal === null ? (struck ?? work(identity, apiRequest, serviceRootOf(request.url, origin))) : refusal(visit.refusal);
      if (response.status === 429) statistics.current.throttled += 1;
      await visit.finish({
        extraMs: fault?.kind === 'slow' ? (fault.slowMs ?? defaultSlowMs) : 0,
        until: fault?.kind === 'hang' ? untilGone(request.raw.socket) : null,
      });
      return { response: { ...response, headers: { ...visit.headers(), ...response.headers } }, delivery: deliveryOf(fault) };
    } catch (error) {
      return { response: refusal(error), delivery: 'whole' };
    }
  }

  function takeFault(request: ApiRequest): FaultOrder | null {
    const fault = faults.next({ method: request.method, path: request.path, countRows: () => countRows(request) });
    if (fault !== null) statistics.countFault(fault.kind);
    return fault;
  }

  function work(identity: TokenIdentity, request: ApiRequest, serviceRoot: string): ApiResponse {
    try {
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
    if (!isBatch(request.path)) return answer(session, request);
    statistics.current.batches += 1;
    return runBatch(request, session, {
      sessionFor: (headers, contentIds) => sessionFor({ ...impersonation(request.headers), ...headers }, contentIds),
      countPart(part) {
        statistics.current.batchParts += 1;
        traffic.meter.operation(statistics.countOperation(part.method, part.path), { isBatchPart: true });
      },
    });
  }

  return serve;
}

const defaultSlowMs = 1000;

function deliveryOf(fault: FaultOrder | null): Served['delivery'] {
  if (fault?.kind === 'cutBody') return 'half';
  return fault?.kind === 'reset' || fault?.kind === 'answerLost' || fault?.kind === 'hang' ? 'nothing' : 'whole';
}

async function signIn(
  request: FastifyRequest,
  { origin, verifyToken }: { readonly origin: string; readonly verifyToken: VerifyToken },
): Promise<TokenIdentity> {
  const token = /^Bearer\s+(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  // Whatever goes wrong in looking at a token, the token has not been found good.
  const identity = token === undefined ? null : await verifyToken(token).catch(() => null);
  if (identity === null) throw unauthorized(origin);
  return identity;
}

const serviceRootOf = (url: string, origin: string): string => `${origin}/api/data/${servicePattern.exec(url)?.[1] ?? 'v9.2'}/`;

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
