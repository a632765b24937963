import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Faults } from './faults.ts';

/** Trouble that only a page of many can have. Ask for it with the list's path, or another request uses it up. */
export const pageFaultKinds = ['emptyPage', 'repeatedCursor'] as const;

export interface PageSpoiler {
  /** The same page without its records. */
  readonly emptied: (page: object) => object;
  /** The same page, whose cursor leads back to the request that was just made. */
  readonly repeated: (page: object, request: FastifyRequest) => object;
}

/** Spoils the pages that the routes of this instance answer with, when a fault wants it. */
export const spoilPages = <Kind extends string>(
  app: FastifyInstance,
  faults: Faults<Kind | (typeof pageFaultKinds)[number]>,
  { emptied, repeated }: PageSpoiler,
): void => {
  app.addHook('preSerialization', async (request, _reply, payload) => {
    if (typeof payload !== 'object' || payload === null) return payload;
    if (faults.has(request, 'emptyPage')) return emptied(payload);
    return faults.has(request, 'repeatedCursor') ? repeated(payload, request) : payload;
  });
};
