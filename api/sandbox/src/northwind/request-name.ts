import type { FastifyRequest } from 'fastify';
import { routeOf } from '../crm-kit/request-counter.ts';

/** `GET /api/v1/people?ids` is a request of its own kind, so it is counted apart from pages. */
export const requestName = (request: FastifyRequest): string => {
  const isGetMany = typeof request.query === 'object' && request.query !== null && 'ids' in request.query;
  return `${routeOf(request)}${isGetMany ? '?ids' : ''}`;
};
