import type { FaultAnswer } from '../crm-kit/faults.ts';
import { errorBody } from './errors.ts';

/**
 * `emptyPage`: no rows though more match. `repeatedCursor`: a Link to the next page that leads to the same one.
 * `cancelled`: the transaction ran too long; the answer is 200 with the first half of the rows and, behind them, an error.
 */
export const faultKinds = [
  'unavailable',
  'throttle',
  'unauthorised',
  'cutBody',
  'slow',
  'emptyPage',
  'repeatedCursor',
  'cancelled',
] as const;

export type FaultKind = (typeof faultKinds)[number];

export const faultAnswers: Readonly<Partial<Record<FaultKind, FaultAnswer>>> = {
  unavailable: { status: 503, body: errorBody('Service Unavailable', 'The semaphore queue is full') },
  throttle: { status: 429, body: errorBody('Rate limit exceeded', 'Too many requests') },
  unauthorised: {
    status: 401,
    headers: { 'www-authenticate': 'BASIC realm="Service-now"' },
    body: errorBody('User Not Authenticated', 'Required to provide Auth information'),
  },
};

export const cancelledError = errorBody(
  'Transaction cancelled: maximum execution time exceeded',
  'maximum execution time exceeded Check logs for error trace or enable glide.rest.debug property to verify REST request processing',
);
