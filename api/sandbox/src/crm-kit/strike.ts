import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { type Fault, type Faults } from './faults.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The answer is one page of many. */
    readonly isPage?: boolean;
  }
}

/** How one CRM words what the faults ask for. */
export interface FaultWording {
  /** Answers a request that a `throttle`, `unavailable`, `unauthorised` or `status` fault strikes. Retry-After is set already. */
  readonly refuse: (reply: FastifyReply, fault: Fault) => FastifyReply;
  /** The same page without its records. */
  readonly emptied: (page: object) => object;
  /** The same page, whose cursor leads back to the request that was just made. */
  readonly repeated: (page: object, request: FastifyRequest) => object;
}

const defaultDelayMs = 1_000;

const firstHalfOf = (payload: string): Readable =>
  Readable.from(
    (function* () {
      yield Buffer.from(payload).subarray(0, Math.floor(Buffer.byteLength(payload) / 2));
      throw new Error('This answer was asked to break off.');
    })(),
  );

/** Lets the faults strike the routes that are added to this instance afterwards. */
export const strikeWith = (app: FastifyInstance, faults: Faults, wording: FaultWording): void => {
  const struck = new WeakMap<FastifyRequest, Fault>();

  app.addHook('onRequest', async (request, reply) => {
    const fault = faults.take({ path: request.url, isPage: request.routeOptions.config.isPage === true });
    if (!fault) return undefined;
    if (fault.kind === 'slow') {
      await sleep(fault.delayMs ?? defaultDelayMs, undefined, { ref: false });
      return undefined;
    }
    if (fault.kind === 'cutBody' || fault.kind === 'emptyPage' || fault.kind === 'repeatedCursor') {
      struck.set(request, fault);
      return undefined;
    }
    if (fault.retryAfterSeconds !== undefined) reply.header('retry-after', String(fault.retryAfterSeconds));
    return wording.refuse(reply, fault);
  });

  app.addHook('preSerialization', async (request, _reply, payload) => {
    const kind = struck.get(request)?.kind;
    if (typeof payload !== 'object' || payload === null) return payload;
    if (kind === 'emptyPage') return wording.emptied(payload);
    return kind === 'repeatedCursor' ? wording.repeated(payload, request) : payload;
  });

  // The whole length is promised and half is sent, as when a proxy dies in the middle.
  app.addHook('onSend', async (request, reply, payload) => {
    if (struck.get(request)?.kind !== 'cutBody' || typeof payload !== 'string') return payload;
    reply.header('content-length', String(Buffer.byteLength(payload)));
    return firstHalfOf(payload);
  });
};
