import { type FastifyRequest } from 'fastify';

export interface RequestCounts {
  /** E.g. `"GET /api/v2/users": 3`. */
  readonly requestsByRoute: Readonly<Record<string, number>>;
  /** Answered 429, by a limit or by a fault. */
  readonly throttledRequests: number;
}

/** Counts what the CRM's API was asked for, refused requests included: how a test proves a budget. */
export const createRequestCounter = () => {
  const counts = new Map<string, number>();
  let throttledRequests = 0;
  return {
    count: (request: FastifyRequest): void => {
      const route = `${request.method} ${request.routeOptions.url ?? 'unknown'}`;
      counts.set(route, (counts.get(route) ?? 0) + 1);
    },
    countThrottled: (): void => {
      throttledRequests += 1;
    },
    clear: (): void => {
      counts.clear();
      throttledRequests = 0;
    },
    read: (): RequestCounts => ({ requestsByRoute: Object.fromEntries(counts), throttledRequests }),
  };
};

export type RequestCounter = ReturnType<typeof createRequestCounter>;
