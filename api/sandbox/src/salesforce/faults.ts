import type { FaultAnswer } from '../crm-kit/faults.ts';
import { errorBody } from './errors.ts';

/**
 * `emptyPage`: a page of a query without records though it is not the last. `repeatedCursor`: a page whose nextRecordsUrl is its own.
 * `failedJob`: the bulk query that is being created will fail.
 */
export const faultKinds = [
  'unavailable',
  'throttle',
  'unauthorised',
  'limitExceeded',
  'queryTimeout',
  'cutBody',
  'slow',
  'emptyPage',
  'repeatedCursor',
  'failedJob',
] as const;

export type FaultKind = (typeof faultKinds)[number];

/** https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/errorcodes.htm */
export const faultAnswers: Readonly<Partial<Record<FaultKind, FaultAnswer>>> = {
  unavailable: { status: 503, body: errorBody('SERVER_UNAVAILABLE', 'The server is temporarily unable to handle the request') },
  throttle: { status: 429, body: errorBody('TOO_MANY_REQUESTS', 'Too many requests') },
  unauthorised: { status: 401, body: errorBody('INVALID_SESSION_ID', 'Session expired or invalid') },
  limitExceeded: { status: 403, body: errorBody('REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.') },
  queryTimeout: { status: 400, body: errorBody('QUERY_TIMEOUT', 'Your query request was running for too long.') },
};
