/** What a struck request is answered. Codes and messages: api-limits.md and bulk-operations.md. */
import { defaultLimits } from '../limits/settings.ts';
import { throttled } from '../limits/facets.ts';
import { refusal } from '../web-api/answer.ts';
import { DataverseError, unauthorized } from '../web-api/errors.ts';
import { type ApiRequest, type ApiResponse, noContent } from '../web-api/messages.ts';
import { isBatch } from '../web-api/resource-path.ts';
import type { FaultOrder } from './faults.ts';

export interface FaultPlace {
  /** Of the server, without a path. */
  readonly origin: string;
  readonly nowMs: number;
}

/** null: the request is worked on all the same, and only its answer suffers. */
export function faultAnswer(order: FaultOrder, place: FaultPlace): ApiResponse | null {
  switch (order.kind) {
    case 'throttle': {
      const { status, headers, code, message } = throttled(order.facet ?? 'requests', defaultLimits, '');
      return refusal(new DataverseError(status, code, message, { ...headers, ...retryAfter({ retryAfterSeconds: 1, ...order }, place) }));
    }
    case 'unavailable':
      return refusal(new DataverseError(503, '', 'The service is unavailable.', retryAfter(order, place)));
    case 'badGateway':
      return gatewayPage(502, 'Bad Gateway');
    case 'gatewayTimeout':
      return gatewayPage(504, 'Gateway Time-out');
    case 'unauthorised':
      return refusal(unauthorized(place.origin));
    case 'sqlTimeout':
      return refusal(
        new DataverseError(
          500,
          '0x80044151',
          'Sql error: Execution Timeout Expired. CRM ErrorCode: -2147204783 Sql ErrorCode: -2146232060 Sql Number: -2',
        ),
      );
    case 'deadlock':
      return refusal(
        new DataverseError(
          500,
          '0x80044150',
          'Sql error: Generic SQL error. CRM ErrorCode: -2147204784 Sql ErrorCode: -2146232060 Sql Number: 1205',
        ),
      );
    case 'reset':
    case 'hang':
      // Nobody gets to see it.
      return noContent();
    case 'slow':
    case 'cutBody':
    case 'answerLost':
      return null;
  }
}

function retryAfter({ retryAfterSeconds, retryAfterAs }: FaultOrder, { nowMs }: FaultPlace): Readonly<Record<string, string>> {
  if (retryAfterSeconds === undefined) return {};
  if (retryAfterAs !== 'date') return { 'Retry-After': String(retryAfterSeconds) };
  // A date has whole seconds: rounded up, so that nobody who waits for it comes too early. `Date` says what it is to be compared with.
  const moment = Math.ceil(nowMs / 1000 + retryAfterSeconds) * 1000;
  return { Date: new Date(nowMs).toUTCString(), 'Retry-After': new Date(moment).toUTCString() };
}

/** No JSON: what stands before Dataverse knows nothing of its error format. */
function gatewayPage(status: number, title: string): ApiResponse {
  const body = `<html><head><title>${status} ${title}</title></head><body><center><h1>${status} ${title}</h1></center></body></html>`;
  return { status, headers: { 'Content-Type': 'text/html' }, body };
}

const bulkPath = /\/Microsoft\.Dynamics\.CRM\.\w+Multiple$/;

/** Targets of a bulk message, parts of a batch, else one. */
export function countRows({ path, body }: Pick<ApiRequest, 'path' | 'body'>): number {
  if (isBatch(path)) return body.match(/^content-type:\s*application\/http/gim)?.length ?? 0;
  if (!bulkPath.test(path)) return 1;
  try {
    const { Targets: targets } = JSON.parse(body) as { readonly Targets?: unknown };
    return Array.isArray(targets) ? targets.length : 1;
  } catch {
    return 1;
  }
}
