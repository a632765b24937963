import type { FaultAnswer } from '../crm-kit/faults.ts';
import { errorBody } from './problem.ts';

export const faultKinds = ['unavailable', 'throttle', 'unauthorised', 'cutBody', 'slow'] as const;

export type FaultKind = (typeof faultKinds)[number];

/** How Northwind words trouble. */
export const faultAnswers: Readonly<Record<Exclude<FaultKind, 'cutBody' | 'slow'>, FaultAnswer>> = {
  unavailable: { status: 503, body: errorBody('unavailable', 'Northwind is being maintained.') },
  throttle: { status: 429, body: errorBody('too_many_requests', 'Too many requests. Wait, then go on.') },
  unauthorised: { status: 401, body: errorBody('unauthorized', 'The API key is not valid.') },
};
