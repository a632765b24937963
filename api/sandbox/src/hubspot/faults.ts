import type { FastifyRequest } from 'fastify';
import type { FaultAnswer } from '../crm-kit/faults.ts';
import { textIn } from '../crm-kit/query.ts';
import { type PageSpoiler, pageFaultKinds } from '../crm-kit/spoil-pages.ts';
import { errorBody, rateLimitBody } from './errors.ts';

export const faultKinds = [
  'throttle',
  'dailyLimit',
  'unauthorised',
  'locked',
  'migrating',
  'internal',
  'badGateway',
  'unavailable',
  'timeout',
  'cutBody',
  'slow',
  ...pageFaultKinds,
] as const;

export type FaultKind = (typeof faultKinds)[number];

const answer = (status: number, category: string, message: string): FaultAnswer => ({ status, body: errorBody({ category, message }) });

/** https://developers.hubspot.com/docs/api-reference/error-handling#common-error-responses */
export const faultAnswers = {
  throttle: { status: 429, body: rateLimitBody('TEN_SECONDLY_ROLLING') },
  dailyLimit: { status: 429, body: rateLimitBody('DAILY') },
  unauthorised: answer(401, 'INVALID_AUTHENTICATION', 'Authentication credentials not found or not valid for this account.'),
  // "Locks will last for 2 seconds."
  locked: answer(423, 'LOCKED', 'The record is locked, try again in 2 seconds.'),
  // "Retry-After … (typically up to 24 hours)": whoever asks for the fault says how long.
  migrating: answer(477, 'MIGRATION_IN_PROGRESS', 'This account is being migrated to another data hosting location.'),
  internal: answer(500, 'INTERNAL_ERROR', 'internal error'),
  // What stands in front of HubSpot answers in its own words, and not in JSON.
  badGateway: { status: 502, body: '<html><body>502 Bad Gateway</body></html>', headers: { 'content-type': 'text/html' } },
  unavailable: answer(503, 'SERVICE_UNAVAILABLE', 'Service temporarily unavailable.'),
  timeout: answer(504, 'TIMEOUT', 'The request timed out.'),
} as const satisfies Partial<Record<FaultKind, FaultAnswer>>;

interface Page {
  readonly results: readonly unknown[];
  readonly paging?: object;
}

const isPage = (page: object): page is Page => 'results' in page && Array.isArray(page.results);

/** Where a list begins is in the address, where a search begins in its body. */
const cursorOf = ({ body, query }: FastifyRequest): string => {
  const after: unknown = typeof body === 'object' && body !== null && 'after' in body ? body.after : undefined;
  return typeof after === 'string' || typeof after === 'number' ? String(after) : (textIn(query, 'after') ?? '0');
};

export const pageSpoiler: PageSpoiler = {
  emptied: (page) => (isPage(page) ? { ...page, results: [] } : page),
  repeated: (page, request) => (isPage(page) ? { ...page, paging: { next: { after: cursorOf(request) } } } : page),
};
