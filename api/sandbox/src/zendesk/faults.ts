import type { FastifyRequest } from 'fastify';
import type { FaultAnswer } from '../crm-kit/faults.ts';
import { textIn } from '../crm-kit/query.ts';
import { type PageSpoiler, pageFaultKinds } from '../crm-kit/spoil-pages.ts';

export const faultKinds = [
  'throttle',
  'unauthorised',
  'conflict',
  'internal',
  'badGateway',
  'unavailable',
  'cutBody',
  'slow',
  ...pageFaultKinds,
] as const;

export type FaultKind = (typeof faultKinds)[number];

const asText = { 'content-type': 'text/html; charset=utf-8' } as const;

/** How Zendesk words trouble: what stands in front of it answers in text. */
export const faultAnswers = {
  throttle: { status: 429, body: 'Number of allowed API requests per minute exceeded', headers: asText },
  unauthorised: {
    status: 401,
    body: {
      error: 'invalid_token',
      error_description: 'The access token provided is expired, revoked, malformed or invalid for other reasons.',
    },
  },
  // "A 409 indicates a merge conflict … try again."
  conflict: { status: 409, body: { error: 'DatabaseConflict', description: 'Database collision' } },
  internal: { status: 500, body: { error: 'InternalServerError', description: 'internal error' } },
  badGateway: { status: 502, body: '<html><body>502 Bad Gateway</body></html>', headers: asText },
  unavailable: { status: 503, body: 'Zendesk is down for scheduled maintenance', headers: asText },
} as const satisfies Partial<Record<FaultKind, FaultAnswer>>;

const listNames = ['users', 'organizations', 'deleted_users', 'organization_memberships', 'identities', 'webhooks'] as const;

/** Whatever the page calls where the next one begins, it is this request's own beginning again. */
const repeatedFrom = (page: object, request: FastifyRequest): object => {
  const own = new URL(request.originalUrl, `${request.protocol}://${request.host}`).href;
  if ('end_of_stream' in page) {
    const cursor = textIn(request.query, 'cursor');
    const startTime = Number(textIn(request.query, 'start_time'));
    const isCursor = 'after_cursor' in page;
    return isCursor
      ? { ...page, after_cursor: cursor ?? page.after_cursor, after_url: own, end_of_stream: false }
      : { ...page, end_time: startTime, next_page: own, end_of_stream: false };
  }
  if ('meta' in page) {
    const after = textIn(request.query, 'page[after]') ?? null;
    return { ...page, meta: { has_more: true, after_cursor: after, before_cursor: null }, links: { prev: null, next: own } };
  }
  return { ...page, next_page: own };
};

export const pageSpoiler: PageSpoiler = {
  emptied: (page) => ({ ...page, ...Object.fromEntries(listNames.filter((name) => name in page).map((name) => [name, []])) }),
  repeated: (page, request) => (listNames.some((name) => name in page) ? repeatedFrom(page, request) : page),
};
