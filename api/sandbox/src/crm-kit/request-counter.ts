import type { FastifyRequest } from 'fastify';

export interface RequestCounter {
  readonly count: (request: FastifyRequest) => void;
  readonly clear: () => void;
  readonly read: () => Readonly<Record<string, number>>;
}

export const routeOf = (request: FastifyRequest): string => `${request.method} ${request.routeOptions.url ?? 'unknown'}`;

/** Counts requests of the API's routes, by route. `nameOf` tells requests apart that share one. */
export const createRequestCounter = (nameOf: (request: FastifyRequest) => string = routeOf): RequestCounter => {
  const counts = new Map<string, number>();
  return {
    count: (request) => {
      const name = nameOf(request);
      counts.set(name, (counts.get(name) ?? 0) + 1);
    },
    clear: () => counts.clear(),
    read: () => Object.fromEntries(counts),
  };
};
