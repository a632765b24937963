import { type FastifyRequest } from 'fastify';
import { textIn } from '../crm-kit/app.ts';
import { type FaultWording } from '../crm-kit/strike.ts';
import { errorBody, rateLimitBody } from './errors.ts';

/** https://developers.hubspot.com/docs/api-reference/error-handling#common-error-responses */
const messages: Readonly<Record<number, string>> = {
  423: 'The record is locked, try again in 2 seconds.',
  477: 'This account is being migrated to another data hosting location.',
  502: 'Bad gateway: the processing limits have been met.',
  503: 'Service temporarily unavailable.',
  504: 'The request timed out.',
};

const categoryOf = (status: number): string => (status === 423 ? 'LOCKED' : status === 401 ? 'INVALID_AUTHENTICATION' : 'INTERNAL_ERROR');

interface Page {
  readonly results: readonly unknown[];
  readonly paging?: object;
}

const isPage = (page: object): page is Page => 'results' in page && Array.isArray(page.results);

/** Where a list begins is in the address, where a search begins in its body. */
const cursorOf = (request: FastifyRequest): string => {
  const { body } = request;
  const after: unknown = typeof body === 'object' && body !== null && 'after' in body ? body.after : undefined;
  return typeof after === 'string' || typeof after === 'number' ? String(after) : (textIn(request.query, 'after') ?? '0');
};

export const faultWording: FaultWording = {
  refuse: (reply, { kind, status, policy }) => {
    if (kind === 'throttle') return reply.status(429).send(rateLimitBody(policy ?? 'TEN_SECONDLY_ROLLING'));
    const answered = kind === 'unauthorised' ? 401 : kind === 'unavailable' ? 503 : (status ?? 500);
    return reply.status(answered).send(errorBody({ category: categoryOf(answered), message: messages[answered] ?? 'internal error' }));
  },
  emptied: (page) => (isPage(page) ? { ...page, results: [] } : page),
  repeated: (page, request) => (isPage(page) ? { ...page, paging: { next: { after: cursorOf(request) } } } : page),
};
