import { Readable } from 'node:stream';
import { type FastifyInstance } from 'fastify';
import { errorBody } from './problem.ts';

export const faultKinds = ['unavailable', 'throttle', 'unauthorised', 'cutBody'] as const;

export interface Fault {
  readonly kind: (typeof faultKinds)[number];
  /** How many of the next requests it strikes. */
  readonly count: number;
  /** Of `throttle` and `unavailable`; without it there is no Retry-After. */
  readonly retryAfterSeconds?: number;
  /** Only requests whose path begins with this, e.g. `/api/v1/people`. */
  readonly path?: string;
}

/** Trouble that was asked for, in the order it was asked for. */
export class Faults {
  #waiting: Fault[] = [];

  add(fault: Fault): void {
    this.#waiting.push(fault);
  }

  clear(): void {
    this.#waiting = [];
  }

  get waiting(): readonly Fault[] {
    return this.#waiting;
  }

  /** Uses up one strike of the first fault that fits. */
  take(path: string): Fault | undefined {
    const at = this.#waiting.findIndex((fault) => path.startsWith(fault.path ?? ''));
    const fault = this.#waiting[at];
    if (!fault) return undefined;
    this.#waiting = fault.count > 1 ? this.#waiting.with(at, { ...fault, count: fault.count - 1 }) : this.#waiting.toSpliced(at, 1);
    return fault;
  }
}

const answers = {
  unavailable: { status: 503, ...errorBody('unavailable', 'Northwind is being maintained.') },
  throttle: { status: 429, ...errorBody('too_many_requests', 'Too many requests. Wait, then go on.') },
  unauthorised: { status: 401, ...errorBody('unauthorized', 'The API key is not valid.') },
} as const;

const firstHalfOf = (payload: string): Readable =>
  Readable.from(
    (function* () {
      yield Buffer.from(payload).subarray(0, Math.floor(Buffer.byteLength(payload) / 2));
      throw new Error('This answer was asked to break off.');
    })(),
  );

/** Lets the faults strike the routes that are added to this instance. */
export const strikeWith = (app: FastifyInstance, faults: Faults): void => {
  const cut = new WeakSet<object>();

  app.addHook('onRequest', async (request, reply) => {
    const fault = faults.take(request.url);
    if (!fault) return undefined;
    if (fault.kind === 'cutBody') {
      cut.add(request.raw);
      return undefined;
    }
    const { status, error } = answers[fault.kind];
    if (fault.retryAfterSeconds !== undefined) reply.header('retry-after', String(fault.retryAfterSeconds));
    return reply.status(status).send({ error });
  });

  // The whole length is promised and half is sent, as when a proxy dies in the middle.
  app.addHook('onSend', async (request, reply, payload) => {
    if (!cut.has(request.raw) || typeof payload !== 'string') return payload;
    reply.header('content-length', String(Buffer.byteLength(payload)));
    return firstHalfOf(payload);
  });
};
